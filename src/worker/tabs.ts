/** Many tabs, one engine: the tab that holds the lock runs it, the others ask that tab, and when it goes the next one takes over. */
import type { Frame } from './channel.ts';
import { type Following, follow } from './follower.ts';
import { type Office, startTerm, type Term } from './leader.ts';
import { contend } from './locks.ts';
import type { Port } from './message.ts';
import { createRelay } from './relay.ts';

const LOCK = 'conclave-engine';

/** A leader is pinged after so many ticks without a word, and its lock is taken after so many. */
export interface Pace {
  readonly tickMs: number;
  readonly quietTicks: number;
  readonly stealTicks: number;
}

const PACE: Pace = { tickMs: 1000, quietTicks: 2, stealTicks: 6 };

/**
 * Called once by worker/main.ts. Ticks are counted, not time: a tab that was frozen itself must not think that everybody else was.
 * Where a lock is taken from an engine that lives after all, the store refuses that engine's next write and it stops.
 */
export function joinTabs(page: Port, office: Office, pace: Pace = PACE): void {
  const { channel, locks } = office;
  let term: Term | null = null;
  let following: Following | null = null;
  let left = false;
  let silent = 0;

  const unfollow = (): void => {
    following?.close();
    following = null;
    relay.detach();
  };

  const leave = async (): Promise<void> => {
    giveUp();
    unfollow();
    term?.end({ why: 'left' });
    await term?.over;
  };
  const giveUp = (): void => {
    left = true;
    contender.giveUp();
    clearInterval(ticking);
    unlisten();
  };

  const relay = createRelay(page, leave);

  const hear = (frame: Frame): void => {
    if (term !== null) return;
    switch (frame.kind) {
      case 'lead':
        silent = 0;
        if (following?.term === frame.term) return;
        unfollow();
        following = follow(channel, locks, frame, seek);
        relay.attach(following.port);
        return;
      case 'end':
        if (following?.term === frame.term) seek();
        return;
      case 'sealed':
      case 'pong':
        if (frame.link === following?.link) silent = 0;
        return;
      default:
    }
  };
  const seek = (): void => {
    unfollow();
    channel.post({ kind: 'seek' });
  };

  const tick = (): void => {
    if (term !== null) return;
    silent += 1;
    if (silent >= pace.stealTicks) {
      silent = 0;
      contender.steal();
    } else if (following === null) channel.post({ kind: 'seek' });
    else if (silent >= pace.quietTicks) channel.post({ kind: 'ping', link: following.link });
  };

  const unlisten = channel.listen(hear);
  const ticking = setInterval(tick, pace.tickMs);

  const contender = contend(locks, LOCK, async (stolen) => {
    unfollow();
    const own = startTerm(office);
    term = own;
    relay.attach(own.port);
    void stolen.then(() => own.end({ why: 'taken' }));
    const ending = await own.over;
    term = null;
    silent = 0;
    relay.detach();
    if (ending.why === 'stopped') {
      giveUp();
      relay.stop(ending.reason);
    } else if (!left) channel.post({ kind: 'seek' });
  });
  channel.post({ kind: 'seek' });
}
