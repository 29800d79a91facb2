/** Drafts on their way to the worker's store: one at a time for each group, then the newest. */
import type { Client, Draft } from '../client/client.ts';
import type { Gid } from '../protocol/ids.ts';

/** What is typed since, where a draft is on its way; null where nothing is. */
const newest = new Map<Gid, Draft | null>();
const under = new Set<Promise<void>>();

export function keepDraft(client: Client, gid: Gid, draft: Draft): void {
  const going = newest.has(gid);
  newest.set(gid, draft);
  if (going) return;
  const keeping = keepAll(client, gid);
  under.add(keeping);
  void keeping.then(() => under.delete(keeping));
}

async function keepAll(client: Client, gid: Gid): Promise<void> {
  for (let draft = newest.get(gid) ?? null; draft !== null; draft = newest.get(gid) ?? null) {
    newest.set(gid, null);
    // A draft that could not be kept stands in the composer all the same.
    await client.keepDraft(gid, draft).catch(() => null);
  }
  newest.delete(gid);
}

const AT_MOST_MS = 3000;

/** Resolves once what was typed is stored; not later than a worker may take that has ended. */
export async function draftsKept(): Promise<void> {
  const late = new Promise<void>((resolve) => void setTimeout(resolve, AT_MOST_MS));
  // What was typed last is handed over after it is drawn.
  await Promise.race([late, new Promise((resolve) => void setTimeout(resolve, 100))]);
  await Promise.race([late, Promise.all(under)]);
}
