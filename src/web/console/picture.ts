/** A chosen image as a small square picture: drawn anew on a canvas, so that nothing of the file but its look is left. */

const SIDES = [256, 192, 128, 96] as const;
const QUALITIES = [0.85, 0.7, 0.55, 0.4] as const;

function draw(image: ImageBitmap, side: number): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  canvas.width = side;
  canvas.height = side;
  const pen = canvas.getContext('2d');
  if (pen === null) return null;
  const cut = Math.min(image.width, image.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(
    image,
    (image.width - cut) / 2,
    (image.height - cut) / 2,
    cut,
    cut,
    0,
    0,
    side,
    side,
  );
  return canvas;
}

function encode(canvas: HTMLCanvasElement, type: string, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}

/** At most `most` bytes, or null where the file is no image this browser can draw. */
export async function smallPicture(file: Blob, most: number): Promise<Uint8Array | null> {
  const image = await createImageBitmap(file).catch(() => null);
  if (image === null) return null;
  try {
    for (const side of SIDES) {
      const canvas = draw(image, Math.min(side, Math.min(image.width, image.height)));
      if (canvas === null) return null;
      for (const quality of QUALITIES) {
        // A browser that writes no WebP writes PNG instead; JPEG is smaller then.
        const webp = await encode(canvas, 'image/webp', quality);
        const blob =
          webp?.type === 'image/webp' ? webp : await encode(canvas, 'image/jpeg', quality);
        if (blob !== null && blob.size <= most) return new Uint8Array(await blob.arrayBuffer());
      }
    }
    return null;
  } finally {
    image.close();
  }
}
