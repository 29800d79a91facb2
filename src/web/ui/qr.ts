/** A text as a square of dark and light fields: as one path to draw, and as a picture to keep. */
import { encode } from 'uqr';

const BORDER = 3;
/** Pixels of one field in a picture. */
const FIELD_PX = 16;

export function qrPath(text: string): { readonly path: string; readonly size: number } {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  return { path, size };
}

/** Null where the browser draws no picture. */
export function qrPicture(text: string): Promise<Blob | null> {
  const { data, size } = encode(text, { ecc: 'M', border: BORDER });
  const canvas = document.createElement('canvas');
  canvas.width = size * FIELD_PX;
  canvas.height = size * FIELD_PX;
  const pen = canvas.getContext('2d');
  if (pen === null) return Promise.resolve(null);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = '#000';
  for (const [y, row] of data.entries())
    for (const [x, dark] of row.entries())
      if (dark) pen.fillRect(x * FIELD_PX, y * FIELD_PX, FIELD_PX, FIELD_PX);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
