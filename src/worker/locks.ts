/** Locks shared by every tab of one browser: who holds the engine, and who is still there. */

/** The part of LockManager that is used. A stolen lock rejects the request that held it. */
export interface Locks {
  readonly request: (
    name: string,
    options: { readonly steal: boolean },
    hold: () => Promise<void>,
  ) => Promise<unknown>;
}

export interface Contender {
  /** Takes the lock from a holder that does not answer any more. */
  readonly steal: () => void;
  readonly giveUp: () => void;
}

/**
 * Waits for the lock again and again until it gives up. `hold` runs while the lock is here and must end soon after `stolen`
 * resolves; the lock goes on when it ends.
 */
export function contend(
  locks: Locks,
  name: string,
  hold: (stolen: Promise<void>) => Promise<void>,
): Contender {
  let queued = false;
  let holding = false;
  let wanted = true;

  const request = (steal: boolean): void => {
    let tell: () => void = () => undefined;
    const stolen = new Promise<void>((resolve) => {
      tell = resolve;
    });
    locks
      .request(name, { steal }, async () => {
        if (!steal) queued = false;
        if (holding || !wanted) return;
        holding = true;
        try {
          await hold(stolen);
        } finally {
          holding = false;
          queue();
        }
      })
      .catch(tell);
  };
  const queue = (): void => {
    if (queued || !wanted) return;
    queued = true;
    request(false);
  };

  queue();
  return {
    steal: () => {
      if (!holding && wanted) request(true);
    },
    giveUp: () => {
      wanted = false;
    },
  };
}
