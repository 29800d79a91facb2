/** What a picture is, by its first bytes: never by what it says of itself. Nothing else is drawn. */
export type PictureKind = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';

const text = (bytes: Uint8Array, from: number, until: number): string =>
  String.fromCharCode(...bytes.subarray(from, until));

export function pictureKind(start: Uint8Array): PictureKind | null {
  if (start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff) return 'image/jpeg';
  if (start[0] === 0x89 && text(start, 1, 8) === 'PNG\r\n\x1a\n') return 'image/png';
  if (text(start, 0, 4) === 'RIFF' && text(start, 8, 12) === 'WEBP') return 'image/webp';
  if (/^GIF8[79]a$/u.test(text(start, 0, 6))) return 'image/gif';
  return null;
}
