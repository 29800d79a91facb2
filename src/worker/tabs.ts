/**
 * Many tabs, one engine: the tab that holds the lock of the browser runs it, the others ask that tab, and when it goes the next
 * one takes over. While the device is locked nobody runs one: the tab in which somebody unlocks does from then on.
 */
import type { Frame } from './channel.ts';
import { type Following, follow } from './follower.ts';
import { serve } from './host.ts';
import { type Office, portPair, startTerm, type Term } from './leader.ts';
import { createLockedClient, type LockedGate } from './lockedClient.ts';
import { type Contender, contend } from './locks.ts';
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
export function joinTabs(
  page: Port,
  office: Office & { readonly locked: LockedGate },
  pace: Pace = PACE,
): void {
  const { build, channel, locks } = office;
  let term: Term | null = null;
  let following: Following | null = null;
  let contender: Contender | null = null;
  /** Ends the service of a locked device; null while it is not locked. */
  let unserve: (() => void) | null = null;
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
    contender?.giveUp();
    clearInterval(ticking);
    unlisten();
  };

  const relay = createRelay(page, leave);

  /** Tabs of two builds do not understand each other for certain: the page hears of it, and no link is made. */
  const meet = (other: string): void =>
    page.post({ kind: 'news', event: { kind: 'otherBuild', build: other, leads: term !== null } });

  const hear = (frame: Frame): void => {
    if (term !== null) {
      if (frame.kind === 'lock') term.end({ why: 'locked' });
      if (frame.kind === 'seek' && frame.build !== build) meet(frame.build);
      return;
    }
    switch (frame.kind) {
      case 'lead':
        silent = 0;
        if (frame.build !== build) return meet(frame.build);
        if (following?.term === frame.term) return;
        unfollow();
        unlocked();
        following = follow(channel, locks, frame, seek);
        relay.attach(following.port);
        return;
      case 'end':
        if (following?.term === frame.term) seek();
        return;
      case 'lock':
        if (unserve === null) lock();
        else void look();
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
    channel.post({ kind: 'seek', build });
  };

  const tick = (): void => {
    if (term !== null) return;
    silent += 1;
    if (unserve !== null) channel.post({ kind: 'seek', build });
    else if (silent >= pace.stealTicks) {
      silent = 0;
      contender?.steal();
    } else if (following === null) channel.post({ kind: 'seek', build });
    else if (silent >= pace.quietTicks) channel.post({ kind: 'ping', link: following.link });
  };

  const unlisten = channel.listen(hear);
  const ticking = setInterval(tick, pace.tickMs);

  const compete = (): void => {
    contender = contend(locks, LOCK, async (stolen) => {
      unfollow();
      // A device that stays shut leads nobody: no term is begun and announced for it.
      if (await office.locked.isShut().catch(() => false)) return lock();
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
      } else if (ending.why === 'locked') {
        if (own.opened()) channel.post({ kind: 'lock' });
        lock();
      } else if (!left) channel.post({ kind: 'seek', build });
    });
  };

  /** From here on nobody of this tab holds or wants the engine; the page forgets what it shows. */
  const lock = (): void => {
    if (unserve !== null || left) return;
    contender?.giveUp();
    unfollow();
    const [near, far] = portPair();
    const client = createLockedClient(office.locked, {
      // After the answer: the engine that opens next knows nothing of this call.
      opened: () => void setTimeout(open, 0),
      erased: () => {
        channel.post({ kind: 'lock' });
        setTimeout(open, 0);
      },
    });
    unserve = serve(far, Promise.resolve(client));
    relay.attach(near);
    page.post({ kind: 'news', event: { kind: 'locked' } });
    channel.post({ kind: 'seek', build });
  };
  /** A device that is not locked is asked like any other. */
  const unlocked = (): void => {
    if (unserve === null) return;
    unserve();
    unserve = null;
    silent = 0;
    compete();
  };
  const open = (): void => {
    if (unserve === null) return;
    relay.detach();
    unlocked();
  };
  /** Another tab says that something became of the lock: it may be gone with everything else. */
  const look = async (): Promise<void> => {
    const view = await office.locked.view().catch(() => null);
    if (view?.locked === false) open();
  };

  compete();
  channel.post({ kind: 'seek', build });
}
