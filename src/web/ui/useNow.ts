/** The time, drawn again three times a minute. */
import { useSyncExternalStore } from 'react';

const STEP_MS = 20_000;

function listen(tell: () => void): () => void {
  const timer = setInterval(tell, STEP_MS);
  return () => clearInterval(timer);
}

/** The time rounded down to the step, so that what is drawn does not change in between. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => Math.floor(Date.now() / STEP_MS) * STEP_MS);
}
