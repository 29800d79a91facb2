/** The files of an export in one archive: each fetched and found right, beside a list of what each belongs to. */
import { strToU8, Zip, ZipPassThrough } from 'fflate';
import { useState } from 'react';
import type { Client } from '../../client/client.ts';
import { fetchFile } from '../../client/files.ts';
import type { ExportLine } from '../../protocol/exported.ts';
import type { Outcome } from '../../protocol/failure.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { saveFile } from '../parts/saveFile.ts';
import { type Act, useAct } from './useAct.ts';

/** A file of a message in the export. */
export interface ExportedFile {
  readonly gid: Gid;
  readonly item: Hash;
  readonly t: number;
  readonly name: string;
}

export function filesIn(lines: readonly ExportLine[]): readonly ExportedFile[] {
  return lines.flatMap((line) => {
    if (line.line !== 'message' || line.payload.type !== 'file') return [];
    const { name } = line.payload;
    const { gid, item, t } = line;
    return [{ gid: gid as Gid, item: item as Hash, t, name: typeof name === 'string' ? name : '' }];
  });
}

export interface SavedFiles {
  readonly saved: number;
  /** Not there any more, or not to be had now; the list in the archive says which and why. */
  readonly missing: number;
}

export interface SavingFiles extends Act<readonly ExportedFile[], SavedFiles> {
  readonly done: number;
}

export function useSaveFiles(finished: (saved: SavedFiles) => void): SavingFiles {
  const [done, setDone] = useState(0);
  const act = useAct<readonly ExportedFile[], SavedFiles>(
    (client, files) => write(client, files, setDone),
    finished,
  );
  return { ...act, done };
}

/** Harmless as a part of a path on any system, and told apart by its number. */
function pathOf(place: number, name: string): string {
  const plain = name.replaceAll(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^\.+/u, '_');
  return `files/${String(place + 1).padStart(4, '0')} ${plain === '' ? 'file' : plain}`;
}

async function write(
  client: Client,
  files: readonly ExportedFile[],
  told: (done: number) => void,
): Promise<Outcome<SavedFiles>> {
  const parts: Blob[] = [];
  const zip = new Zip();
  const add = (path: string, content: readonly Uint8Array[]): void => {
    const entry = new ZipPassThrough(path);
    zip.add(entry);
    for (const part of content) entry.push(part);
    entry.push(new Uint8Array(), true);
  };
  const ended = new Promise<void>((resolve, reject) => {
    zip.ondata = (error, data, final) => {
      if (error !== null) return reject(error);
      // Handed to the browser part by part, which may keep them on the disk.
      parts.push(new Blob([new Uint8Array(data)]));
      if (final) resolve();
    };
  });
  const list: object[] = [];
  let missing = 0;
  for (const [place, { gid, item, t, name }] of files.entries()) {
    told(place);
    const fetched = await fetchFile(client, gid, item);
    const path = fetched.ok ? pathOf(place, name) : null;
    list.push({ gid, t, item, name, path, why: fetched.ok ? null : fetched.error.name });
    if (!fetched.ok) missing += 1;
    else add(path ?? '', fetched.value);
  }
  add('files.jsonl', [strToU8(list.map((one) => `${JSON.stringify(one)}\n`).join(''))]);
  zip.end();
  await ended;
  const day = new Date().toISOString().slice(0, 10);
  saveFile(`conclave-files-${day}.zip`, parts, 'application/zip');
  return { ok: true, value: { saved: files.length - missing, missing } };
}
