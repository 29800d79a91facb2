/** A chosen file made ready to be sent: pictures are drawn anew, so that nothing but their look is left, and get a small preview. */
import type { FileWishes } from '../../client/client.ts';
import { cleanGif } from './cleanGif.ts';
import { isOtherPicture, type PictureKind, pictureKind } from './pictureKind.ts';

export interface Prepared {
  readonly content: Blob;
  readonly wishes: Omit<FileWishes, 'bytes'>;
}

/** A picture this browser cannot draw: place and camera could not be taken out of it. */
export type Unclean = 'unclean';

const START_BYTES = 16;
const QUALITY = 0.92;
/** What a preview may take; the protocol has room for 18,000. */
const PREVIEW_BYTES = 12_000;
const SIDES = [420, 320, 240, 160] as const;
const QUALITIES = [0.8, 0.6, 0.4] as const;
const ENDINGS: Readonly<Record<PictureKind, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/gif': '.gif',
};

export async function prepareFile(file: File): Promise<Prepared | Unclean> {
  const start = new Uint8Array(await file.slice(0, START_BYTES).arrayBuffer());
  const kind = pictureKind(start);
  // A drawing in text form is a document: it is saved, never drawn.
  const claims = file.type.startsWith('image/') && file.type !== 'image/svg+xml';
  // Many browsers know no type for HEIC and raw pictures, which hold the place too.
  if (kind === null && !claims && !isOtherPicture(start))
    return { content: file, wishes: { name: file.name, media: file.type } };
  const image = await createImageBitmap(file).catch(() => null);
  if (image === null) return 'unclean';
  try {
    return await cleaned(file, kind, image);
  } finally {
    image.close();
  }
}

async function cleaned(
  file: File,
  kind: PictureKind | null,
  image: ImageBitmap,
): Promise<Prepared | Unclean> {
  const { width, height } = image;
  const content = kind === 'image/gif' ? await still(file) : await drawn(image, kind);
  if (content === null) return 'unclean';
  const media = content.type as PictureKind;
  const small = await preview(image);
  const name = media === kind ? file.name : `${file.name.replace(/\.\w+$/u, '')}${ENDINGS[media]}`;
  return {
    content,
    wishes: { name, media, width, height, ...(small === null ? {} : { preview: small }) },
  };
}

async function still(file: File): Promise<Blob | null> {
  const bytes = cleanGif(new Uint8Array(await file.arrayBuffer()));
  return bytes === null ? null : new Blob([bytes], { type: 'image/gif' });
}

function draw(image: ImageBitmap, width: number, height: number): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(Math.round(width), 1);
  canvas.height = Math.max(Math.round(height), 1);
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function encode(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

/** In its own format, or as JPEG where it is of another one. A browser that writes no WebP writes PNG instead. */
async function drawn(image: ImageBitmap, kind: PictureKind | null): Promise<Blob | null> {
  const canvas = draw(image, image.width, image.height);
  return canvas === null ? null : encode(canvas, kind ?? 'image/jpeg', QUALITY);
}

async function preview(image: ImageBitmap): Promise<Uint8Array | null> {
  const longest = Math.max(image.width, image.height);
  for (const side of SIDES) {
    const scale = Math.min(side / longest, 1);
    const canvas = draw(image, image.width * scale, image.height * scale);
    if (canvas === null) return null;
    for (const quality of QUALITIES) {
      const webp = await encode(canvas, 'image/webp', quality);
      const blob = webp?.type === 'image/webp' ? webp : await encode(canvas, 'image/jpeg', quality);
      if (blob !== null && blob.size <= PREVIEW_BYTES)
        return new Uint8Array(await blob.arrayBuffer());
    }
  }
  return null;
}
