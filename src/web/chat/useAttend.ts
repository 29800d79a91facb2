/** Tells the engine which group is looked at, and whether something is typed there just now. */
import { useEffect } from 'react';
import { useClient } from '../queries/clientContext.ts';
import { useDrafts } from '../stores/draft.ts';
import type { Gid } from '../../protocol/ids.ts';

/** It is said again this often while it stands: the others believe it for half a minute. */
const AGAIN_MS = 20_000;
/** Typing is over this long after the last letter. */
const PAUSE_MS = 5000;

export function useAttend(gid: Gid): void {
  const client = useClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isTyping = false;
    // An engine that ended says so elsewhere; nobody has to hear of it here.
    const attend = (looked: Gid | null, typing: boolean): void => {
      client.attend(looked, typing).catch(() => undefined);
    };
    const tell = (typing: boolean): void => {
      clearTimeout(timer);
      isTyping = typing;
      const looked = document.visibilityState === 'visible' ? gid : null;
      attend(looked, typing && looked !== null);
      if (typing) timer = setTimeout(() => tell(false), PAUSE_MS);
    };
    const look = (): void => tell(false);
    const unfollow = useDrafts.subscribe((now, before) => {
      const text = now.byGroup[gid] ?? '';
      if (text === (before.byGroup[gid] ?? '')) return;
      // A draft that is read from the store is typed by nobody.
      tell(text !== '' && document.activeElement instanceof HTMLTextAreaElement);
    });
    document.addEventListener('visibilitychange', look);
    const again = setInterval(() => {
      if (document.visibilityState === 'visible') attend(gid, isTyping);
    }, AGAIN_MS);
    look();
    return () => {
      clearTimeout(timer);
      clearInterval(again);
      unfollow();
      document.removeEventListener('visibilitychange', look);
      attend(null, false);
    };
  }, [client, gid]);
}
