/** What the workers of one browser say to each other. Every page of the origin can listen, so what is said in a link is sealed. */
import type { Bytes } from '../lib/bytes.ts';

/** The part of BroadcastChannel that is used; one's own frames are not heard. */
export interface Channel {
  readonly post: (frame: Frame) => void;
  readonly listen: (hear: (frame: Frame) => void) => () => void;
}

export type Frame =
  /** Who runs the engine? `build`: the one the asking tab is of. */
  | { readonly kind: 'seek'; readonly build: string }
  /** The sender does, from now on or still; `key` is for agreeing on the keys of a link. */
  | {
      readonly kind: 'lead';
      readonly term: string;
      readonly key: Bytes;
      readonly build: string;
    }
  /** The sender of this term does not any more. */
  | { readonly kind: 'end'; readonly term: string }
  /** Asks the leader of the term for a link. */
  | { readonly kind: 'join'; readonly term: string; readonly link: string; readonly key: Bytes }
  | {
      readonly kind: 'sealed';
      readonly link: string;
      readonly up: boolean;
      readonly n: number;
      readonly bytes: Bytes;
    }
  /** This device was locked or erased: whoever shows something of it ends. */
  | { readonly kind: 'lock' }
  | { readonly kind: 'ping'; readonly link: string }
  | { readonly kind: 'pong'; readonly link: string };

const PARTS: Readonly<Record<Frame['kind'], readonly string[]>> = {
  seek: ['build'],
  lead: ['term', 'key', 'build'],
  end: ['term'],
  join: ['term', 'link', 'key'],
  sealed: ['link', 'up', 'n', 'bytes'],
  lock: [],
  ping: ['link'],
  pong: ['link'],
};

const SHAPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  build: (value) => typeof value === 'string',
  term: (value) => typeof value === 'string',
  link: (value) => typeof value === 'string',
  key: (value) => value instanceof Uint8Array,
  bytes: (value) => value instanceof Uint8Array,
  up: (value) => typeof value === 'boolean',
  n: (value) => Number.isSafeInteger(value),
};

/** A frame as it came, or null where it is none (an older version of the page in another tab). */
export function readFrame(data: unknown): Frame | null {
  if (typeof data !== 'object' || data === null) return null;
  const parts = data as Readonly<Record<string, unknown>>;
  const { kind } = parts;
  if (typeof kind !== 'string' || !Object.hasOwn(PARTS, kind)) return null;
  const names = PARTS[kind as Frame['kind']];
  return names.every((name) => SHAPES[name]?.(parts[name]) === true) ? (data as Frame) : null;
}

/** A channel over the browser's own; also what Node offers. */
export function channelOver(broadcast: BroadcastChannel): Channel {
  return {
    post: (frame) => broadcast.postMessage(frame),
    listen: (hear) => {
      const ear = (event: MessageEvent<unknown>): void => {
        const frame = readFrame(event.data);
        if (frame !== null) hear(frame);
      };
      broadcast.addEventListener('message', ear as EventListener);
      return () => broadcast.removeEventListener('message', ear as EventListener);
    },
  };
}
