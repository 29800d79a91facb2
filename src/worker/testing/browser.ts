/** Locks and a channel as the tabs of one browser share them, with tabs that can freeze and die. */
import { type Channel, channelOver } from '../channel.ts';
import type { Locks } from '../locks.ts';

interface Request {
  readonly tab: object;
  readonly grant: () => void;
}

interface Held {
  readonly tab: object;
  readonly robbed: () => void;
}

/** The locks of one browser. `of` gives them as one tab sees them; `die` is what closing a tab does to its locks. */
export interface TestLocks {
  readonly of: (tab: object) => Locks;
  readonly die: (tab: object) => void;
}

export function createTestLocks(): TestLocks {
  const queues = new Map<string, Request[]>();
  const holders = new Map<string, Held>();
  const dead = new Set<object>();

  const pass = (name: string): void => {
    if (!holders.has(name)) queues.get(name)?.shift()?.grant();
  };

  return {
    of: (tab) => ({
      request: (name, { steal }, hold) =>
        new Promise((resolve, reject) => {
          const grant = (): void => {
            const held: Held = { tab, robbed: () => reject(new Error('stolen')) };
            holders.set(name, held);
            void hold().then(() => {
              if (holders.get(name) === held) holders.delete(name);
              if (!dead.has(tab)) resolve(undefined);
              pass(name);
            });
          };
          if (steal) {
            holders.get(name)?.robbed();
            grant();
            return;
          }
          queues.set(name, [...(queues.get(name) ?? []), { tab, grant }]);
          pass(name);
        }),
    }),
    die: (tab) => {
      dead.add(tab);
      for (const [name, queue] of queues)
        queues.set(
          name,
          queue.filter((request) => request.tab !== tab),
        );
      for (const [name, held] of [...holders])
        if (held.tab === tab) {
          holders.delete(name);
          pass(name);
        }
    },
  };
}

/** A real channel whose tab can be frozen: it neither hears nor says anything until it is thawed or gone. */
export interface TestChannel extends Channel {
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** Loses the next sealed frames, counted once for each listener. */
  readonly drop: (frames: number) => void;
  readonly close: () => void;
}

export function createTestChannel(name: string): TestChannel {
  const broadcast = new BroadcastChannel(name);
  const channel = channelOver(broadcast);
  let missed: (() => void)[] | null = null;
  let drops = 0;
  const orLater = (job: () => void): void => {
    if (missed === null) job();
    else missed.push(job);
  };
  return {
    post: (frame) => orLater(() => channel.post(frame)),
    listen: (hear) =>
      channel.listen((frame) => {
        if (drops > 0 && frame.kind === 'sealed') drops -= 1;
        else orLater(() => hear(frame));
      }),
    drop: (frames) => {
      drops = frames;
    },
    freeze: () => {
      missed ??= [];
    },
    thaw: () => {
      const jobs = missed ?? [];
      missed = null;
      for (const job of jobs) job();
    },
    close: () => {
      missed = [];
      broadcast.close();
    },
  };
}
