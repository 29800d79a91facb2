/** What goes through the door: page to worker (asks) and worker to page (tells). */
import type { ClientEvent } from '../client/event.ts';
import type { CallName } from './calls.ts';

export type Ask =
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: CallName;
      readonly args: readonly unknown[];
    }
  | { readonly kind: 'close'; readonly id: number };

export type Tell =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  /** The call itself broke or is not callable; a refused act is an answer. */
  | { readonly kind: 'broken'; readonly id: number; readonly reason: string }
  | { readonly kind: 'news'; readonly event: ClientEvent };

/** What a worker says once it holds the lock it is called after, which is free again when it is gone. */
export const ALIVE = 'alive';

/** One side of the door. `broken` is told once the other side is gone for good. */
export interface Port {
  /** `given`: buffers inside the message that are moved; the sender has them no longer. */
  readonly post: (message: unknown, given?: ArrayBuffer[]) => void;
  readonly listen: (ear: PortEar) => () => void;
}

export interface PortEar {
  readonly message: (data: unknown) => void;
  readonly broken: (reason: string) => void;
}
