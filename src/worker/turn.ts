/** One engine at a time: two tabs that write the same keys and counters would break each other, so the newest tab has the turn. */

/** The part of LockManager that is used. */
export interface Locks {
  readonly request: (
    name: string,
    options: { readonly steal: boolean },
    hold: () => Promise<void>,
  ) => Promise<unknown>;
}

/** The part of BroadcastChannel that is used; one's own messages are not heard. */
export interface Channel {
  readonly post: (message: string) => void;
  readonly listen: (hear: (message: unknown) => void) => void;
}

const NAME = 'conclave';
const LEAVE = 'leave';
/** An engine that does not answer any more is not waited for. */
const PATIENCE_MS = 5000;

/**
 * Called once by worker/main.ts. Asks the tab that has the turn to leave, and resolves when the turn is here. `leave` is called
 * when a newer tab asks for it: it closes the engine, and only then the turn goes on.
 */
export function takeTurn(
  locks: Locks,
  channel: Channel,
  leave: () => Promise<void>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  return new Promise((granted) => {
    let here = false;
    let leaving: Promise<void> | null = null;
    const leaveOnce = (): Promise<void> => (leaving ??= leave());
    const asked = new Promise<void>((resolve) => {
      channel.listen((message) => {
        if (message === LEAVE) resolve();
      });
    });

    const hold = async (): Promise<void> => {
      if (here) return;
      here = true;
      clearTimeout(timer);
      granted();
      await asked;
      await leaveOnce();
    };
    const request = (steal: boolean): void => {
      // Rejected when a newer tab took the turn without waiting.
      locks.request(NAME, { steal }, hold).catch(() => leaveOnce());
    };
    const timer = setTimeout(() => request(true), patienceMs);
    request(false);
    channel.post(LEAVE);
  });
}
