/** Whether a typed name is the one that is shown: spaces at the ends and the way accents are put together do not matter. */
export function sameName(typed: string, name: string): boolean {
  return plain(typed) === plain(name);
}

function plain(name: string): string {
  return name.normalize('NFC').trim().replaceAll(/\s+/g, ' ');
}
