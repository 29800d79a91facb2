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

/** Main `ftyp` brands of pictures; films have others. */
const BRANDS: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'msf1',
  'avif',
  'avis',
  'crx ',
]);

/** TIFF, which most cameras' raw files are too, and those of Panasonic, Olympus and Fujifilm, which begin in their own way. */
const STARTS = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+', 'IIU\0', 'IIRO', 'IIRS', 'MMOR', 'FUJI'];

/** Pictures of other formats, whatever they are called: they may hold where and when they were taken. */
export function isOtherPicture(start: Uint8Array): boolean {
  const box = text(start, 4, 8);
  if (box === 'ftyp') return BRANDS.has(text(start, 8, 12));
  return box === 'JXL ' || STARTS.includes(text(start, 0, 4));
}
