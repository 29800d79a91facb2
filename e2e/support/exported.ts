/** An export as a person's other programs would read it: with the schema it was written with. */
import { readFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import { type ExportLine, readExport } from '../../src/protocol/exported.ts';

/** The lines; ends the story where the file is not whole. */
export async function readExportFile(file: string): Promise<readonly ExportLine[]> {
  const lines = readExport(await readFile(file, 'utf8'));
  if (!lines.ok) throw new Error(`${lines.error.name}: ${lines.error.note ?? ''}`);
  return lines.value;
}

/** What an archive of files holds: texts by path. */
export async function readArchive(file: string): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(unzipSync(new Uint8Array(await readFile(file))));
  return Object.fromEntries(entries.map(([path, bytes]) => [path, strFromU8(bytes)]));
}
