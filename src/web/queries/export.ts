/** Writes the export part by part into one file, and hands it to the browser. */
import { useState } from 'react';
import type { ExportCursor } from '../../client/view.ts';
import { type ExportEnd, type ExportLine, readExport } from '../../protocol/exported.ts';
import type { Outcome } from '../../protocol/failure.ts';
import { saveFile } from '../parts/saveFile.ts';
import type { Client } from '../../client/client.ts';
import { type Act, useAct } from './useAct.ts';

/** What was written, read back. */
export interface Exported {
  readonly lines: readonly ExportLine[];
  readonly end: ExportEnd;
}

export interface Exporting extends Act<void, Exported> {
  readonly done: number;
  readonly total: number;
}

export function useExport(finished: (exported: Exported) => void): Exporting {
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const act = useAct<void, Exported>((client) => write(client, setProgress), finished);
  return { ...act, ...progress };
}

async function write(
  client: Client,
  told: (progress: { readonly done: number; readonly total: number }) => void,
): Promise<Outcome<Exported>> {
  const parts: string[] = [];
  let cursor: ExportCursor | null = null;
  do {
    const part: Awaited<ReturnType<Client['exportData']>> = await client.exportData(cursor);
    if (!part.ok) return part;
    parts.push(part.value.text);
    cursor = part.value.next;
    told({ done: part.value.done, total: part.value.total });
  } while (cursor !== null);
  // Read back before it is handed out: what cannot be read is no export.
  const lines = readExport(parts.join(''));
  if (!lines.ok) return lines;
  const end = lines.value.at(-1);
  if (end?.line !== 'end') return { ok: false, error: { name: 'E_GAP' } };
  const day = new Date().toISOString().slice(0, 10);
  saveFile(`conclave-${day}.jsonl`, parts, 'application/x-ndjson');
  return { ok: true, value: { lines: lines.value, end } };
}
