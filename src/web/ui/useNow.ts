/** The time, drawn again every few seconds. */
import { useCallback, useSyncExternalStore } from 'react';

const USUAL_STEP_MS = 20_000;

/** The time rounded down to the step, so that what is drawn does not change in between. */
export function useNow(stepMs = USUAL_STEP_MS): number {
  const listen = useCallback(
    (tell: () => void) => {
      const timer = setInterval(tell, stepMs);
      return () => clearInterval(timer);
    },
    [stepMs],
  );
  return useSyncExternalStore(listen, () => Math.floor(Date.now() / stepMs) * stepMs);
}
