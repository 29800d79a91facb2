/** The draft of a group, kept sealed by the worker: there again after a reload, a lock or another tab's end. */
import { useEffect } from 'react';
import { useClient } from '../queries/clientContext.ts';
import { setDraft, useDrafts } from '../stores/draft.ts';
import type { Client } from '../../client/client.ts';
import type { Gid } from '../../protocol/ids.ts';

/** Drafts on their way to the store: one at a time for each group, then the newest. */
const keeping = new Map<Gid, string | null>();

async function keep(client: Client, gid: Gid, text: string): Promise<void> {
  if (keeping.has(gid)) {
    keeping.set(gid, text);
    return;
  }
  let next: string | null = text;
  while (next !== null) {
    keeping.set(gid, null);
    // A draft that could not be kept stands in the composer all the same.
    await client.keepDraft(gid, next).catch(() => null);
    next = keeping.get(gid) ?? null;
  }
  keeping.delete(gid);
}

export function useKeptDraft(gid: Gid): string {
  const client = useClient();
  const text = useDrafts((state) => state.byGroup[gid]);

  useEffect(() => {
    if (useDrafts.getState().byGroup[gid] !== undefined) return;
    void client.draft(gid).then((draft) => {
      // What was typed meanwhile is newer.
      if (useDrafts.getState().byGroup[gid] === undefined)
        setDraft(gid, draft.ok ? draft.value : '');
    });
  }, [client, gid]);

  useEffect(() => {
    if (text !== undefined) void keep(client, gid, text);
  }, [client, gid, text]);

  return text ?? '';
}
