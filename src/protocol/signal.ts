/** A passing sign of life in a group: sealed like everything else, handed on by the server and stored nowhere. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { decode, malformed, u32, u64, u8 } from './codec.ts';
import type { Outcome } from './failure.ts';

/** Left, looks at the group, types in it. */
export const SIGN_OF_LIFE = { gone: 0, here: 1, typing: 2 } as const;
export type SignOfLife = keyof typeof SIGN_OF_LIFE;
const SIGNS = Object.keys(SIGN_OF_LIFE) as SignOfLife[];

/** Eight bytes of time, one of meaning, and what sealing adds. */
const SEALED_BYTES = 9 + 16;
export const SIGNAL_BYTES = 4 + 24 + SEALED_BYTES;

export interface Signal {
  readonly generation: number;
  readonly nonce: Bytes;
  readonly sealed: Bytes;
}

export function encodeSignal(signal: Signal): Bytes {
  return concat(u32(signal.generation), signal.nonce, signal.sealed);
}

export function decodeSignal(input: Bytes): Outcome<Signal> {
  return decode(input, (r) => ({
    generation: r.u32(),
    nonce: r.bytes(24),
    sealed: r.bytes(SEALED_BYTES),
  }));
}

export interface SignalContent {
  readonly sign: SignOfLife;
  /** The sender's clock as corrected by the server's, ms since 1970: an old signal that is shown again counts for nothing. */
  readonly time: number;
}

export function encodeSignalContent({ sign, time }: SignalContent): Bytes {
  return concat(u8(SIGN_OF_LIFE[sign]), u64(time));
}

export function decodeSignalContent(input: Bytes): Outcome<SignalContent> {
  return decode(input, (r) => ({
    sign: SIGNS[r.u8()] ?? malformed('sign of life'),
    time: r.u64(),
  }));
}
