/** The draft of a group and what it is about, kept sealed by the worker: there again after a reload, a lock or another tab's end. */
import { useEffect } from 'react';
import { keepDraft } from '../keptDrafts.ts';
import { useClient } from '../queries/clientContext.ts';
import { type Composing, setComposing, useComposing } from '../stores/composing.ts';
import { setDraft, useDrafts } from '../stores/draft.ts';
import type { Gid } from '../../protocol/ids.ts';

interface KeptDraft {
  readonly text: string;
  readonly composing: Composing | null;
}

export function useKeptDraft(gid: Gid): KeptDraft {
  const client = useClient();
  const text = useDrafts((state) => state.byGroup[gid]);
  const composing = useComposing((state) => state.byGroup[gid] ?? null);

  useEffect(() => {
    if (useDrafts.getState().byGroup[gid] !== undefined) return;
    client.draft(gid).then(
      (draft) => {
        // What was typed meanwhile is newer.
        if (useDrafts.getState().byGroup[gid] !== undefined) return;
        const kept = draft.ok ? draft.value : { text: '', about: null };
        if (useComposing.getState().byGroup[gid] === undefined) setComposing(gid, kept.about);
        setDraft(gid, kept.text);
      },
      // An engine that ended meanwhile says so elsewhere.
      () => undefined,
    );
  }, [client, gid]);

  const what = composing?.what;
  const item = composing?.message.item;
  useEffect(() => {
    if (text === undefined) return;
    const about = what === undefined || item === undefined ? null : { what, item };
    keepDraft(client, gid, { text, about });
  }, [client, gid, text, what, item]);

  return { text: text ?? '', composing };
}
