/** Whether somebody is there, seen by all tabs of this browser together. Says "now" to the other tabs and nothing else. */

const CHANNEL = 'conclave-there';
/** How often a person who is there is told of. */
const SAY_MS = 5000;
const LOOK_MS = 5000;

const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Calls `lock` once nobody was seen in any tab for so long. Answers its undo. */
export function watchIdle(afterMs: number, lock: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  let seen = Date.now();
  let said = 0;

  const look = (): boolean => {
    // A clock that was turned back locks too: how long nobody was there is not known then.
    if (Math.abs(Date.now() - seen) < afterMs) return true;
    end();
    lock();
    return false;
  };
  /** First it is looked how long nobody was there: a machine that slept has not looked by itself. */
  const see = (): void => {
    if (!look()) return;
    seen = Date.now();
    if (seen - said < SAY_MS) return;
    said = seen;
    channel.postMessage('there');
  };
  const showing = (): void => {
    if (document.visibilityState === 'visible') look();
  };
  const hear = (): void => {
    seen = Date.now();
  };

  const looking = setInterval(look, Math.min(LOOK_MS, afterMs));
  channel.addEventListener('message', hear);
  for (const sign of SIGNS) window.addEventListener(sign, see, { capture: true, passive: true });
  document.addEventListener('visibilitychange', showing);

  const end = (): void => {
    clearInterval(looking);
    channel.close();
    for (const sign of SIGNS) window.removeEventListener(sign, see, { capture: true });
    document.removeEventListener('visibilitychange', showing);
  };
  return end;
}
