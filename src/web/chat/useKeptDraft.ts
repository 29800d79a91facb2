/** The draft of a group, kept sealed by the worker: there again after a reload, a lock or another tab's end. */
import { useEffect } from 'react';
import { keepDraft } from '../keptDrafts.ts';
import { useClient } from '../queries/clientContext.ts';
import { setDraft, useDrafts } from '../stores/draft.ts';
import type { Gid } from '../../protocol/ids.ts';

export function useKeptDraft(gid: Gid): string {
  const client = useClient();
  const text = useDrafts((state) => state.byGroup[gid]);

  useEffect(() => {
    if (useDrafts.getState().byGroup[gid] !== undefined) return;
    client.draft(gid).then(
      (draft) => {
        // What was typed meanwhile is newer.
        if (useDrafts.getState().byGroup[gid] === undefined)
          setDraft(gid, draft.ok ? draft.value : '');
      },
      // An engine that ended meanwhile says so elsewhere.
      () => undefined,
    );
  }, [client, gid]);

  useEffect(() => {
    if (text !== undefined) keepDraft(client, gid, text);
  }, [client, gid, text]);

  return text ?? '';
}
