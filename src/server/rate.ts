/** Token buckets by name: so many at once, then so many a second. */
import type { Clock } from './clock.ts';

export interface Rate {
  /** Null where there is a token, else when there will be one (ms since 1970). Takes nothing. */
  readonly wait: (name: string) => number | null;
  readonly take: (name: string) => void;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Full buckets say nothing that a missing one does not: they are swept out when there are this many. */
const SWEEP_AT = 10_000;

export function createRate(clock: Clock, burst: number, perMs: number): Rate {
  const buckets = new Map<string, Bucket>();
  const level = (bucket: Bucket | undefined, now: number): number =>
    bucket === undefined
      ? burst
      : Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) * perMs);
  const sweep = (now: number): void => {
    for (const [name, bucket] of buckets) if (level(bucket, now) >= burst) buckets.delete(name);
  };
  /** A clock that was turned back lets a bucket grow from now on, not from the time it had come to. */
  const held = (name: string, now: number): Bucket | undefined => {
    const bucket = buckets.get(name);
    if (bucket === undefined || bucket.at <= now) return bucket;
    const again = { ...bucket, at: now };
    buckets.set(name, again);
    return again;
  };
  return {
    wait(name) {
      const now = clock();
      const tokens = level(held(name, now), now);
      return tokens >= 1 ? null : Math.ceil(now + (1 - tokens) / perMs);
    },
    take(name) {
      const now = clock();
      if (buckets.size >= SWEEP_AT) sweep(now);
      buckets.set(name, { tokens: level(buckets.get(name), now) - 1, at: now });
    },
  };
}
