/** Answers who asks what was seen here: with the newest checkpoint held, at most once a minute, and not when enough others did. */
import { toBase64url } from '../lib/bytes.ts';
import { CLIENT } from '../protocol/limits.ts';
import { CIRCLE } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { enqueue } from './outbox.ts';
import type { Replica } from './replica.ts';

export interface Pongs {
  /** Somebody asks. `nonce` is empty where a doubt is answered that nobody put into a question. */
  readonly asked: (nonce: string) => void;
  /** Another member answered. */
  readonly heard: (nonce: string) => void;
  readonly stop: () => void;
}

/** Answers of others that make the own one needless. */
const ENOUGH = 2;
/** Everybody online hears a question at once: answers are spread over this long for each member. */
const SPREAD_MS = 50;
const SPREAD_MAX_MS = 10_000;

export function createPongs(ctx: Context, replica: Replica, pump: () => void): Pongs {
  const heard = new Map<string, number>();
  let callOff: (() => void) | null = null;
  let answeredAt = Number.NEGATIVE_INFINITY;

  const answer = async (nonce: string): Promise<void> => {
    const { checkpoint } = replica.head;
    if (checkpoint === null || (nonce !== '' && (heard.get(nonce) ?? 0) >= ENOUGH)) return;
    answeredAt = ctx.clock.now();
    const pong = { type: 'pong', nonce, checkpoint: toBase64url(checkpoint) } as const;
    await enqueue(ctx, replica, pong, CIRCLE.everyone, true);
    pump();
  };

  return {
    asked(nonce) {
      // One answer serves all who asked meanwhile: it shows the newest checkpoint of its time.
      if (callOff !== null) return;
      const spread = Math.min(replica.state.members.size * SPREAD_MS, SPREAD_MAX_MS);
      // A clock that was turned back makes nobody wait longer than the minute.
      const free = Math.min(answeredAt + CLIENT.ackEveryMs - ctx.clock.now(), CLIENT.ackEveryMs);
      const chance = (ctx.p.random(1)[0] ?? 0) / 256;
      callOff = ctx.clock.after(Math.max(free, 0) + chance * spread, () => {
        callOff = null;
        ctx.tend(answer(nonce));
      });
    },
    heard(nonce) {
      if (nonce === '') return;
      // Questions come seldom; old ones need not be known.
      if (heard.size > 100) heard.clear();
      heard.set(nonce, (heard.get(nonce) ?? 0) + 1);
    },
    stop() {
      callOff?.();
    },
  };
}
