/** Looks for secrets in bytes: as they are, as base64 in every alignment, as hex, and as two-byte text. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Needle {
  readonly what: string;
  readonly bytes: Uint8Array;
}

export const textNeedle = (what: string): Needle => ({ what, bytes: Buffer.from(what, 'utf8') });

interface Form {
  readonly what: string;
  readonly bytes: Buffer;
}

/** The part of a base64 text that depends on these bytes alone, for each of the three alignments. */
function base64Forms(bytes: Buffer): Buffer[] {
  const forms: Buffer[] = [];
  for (let shift = 0; shift < 3; shift++) {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    const core = text.slice(Math.ceil((shift * 8) / 6), whole);
    forms.push(Buffer.from(core), Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return forms;
}

function formsOf(needle: Needle): Form[] {
  const bytes = Buffer.from(needle.bytes);
  const hex = bytes.toString('hex');
  const forms = [
    bytes,
    ...base64Forms(bytes),
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
    Buffer.from(bytes.toString('utf8'), 'utf16le'),
  ];
  return forms.map((form) => ({ what: needle.what, bytes: form }));
}

/** What was found where; empty is the wish. */
export function scan(
  haystacks: readonly { readonly where: string; readonly bytes: Buffer }[],
  needles: readonly Needle[],
): string[] {
  const forms = needles.flatMap(formsOf);
  return haystacks.flatMap(({ where, bytes }) =>
    forms.filter((form) => bytes.includes(form.bytes)).map((form) => `${form.what} in ${where}`),
  );
}

export async function filesIn(folder: string): Promise<{ where: string; bytes: Buffer }[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    names
      .filter((entry) => entry.isFile())
      .map(async (entry) => ({
        where: entry.name,
        bytes: await readFile(join(entry.parentPath, entry.name)),
      })),
  );
}
