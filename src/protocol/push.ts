/** Server to client, unasked: hello, new items, and hints that something is worth asking for. */
import type { Bytes } from '../lib/bytes.ts';
import { CHECKPOINT_BYTES } from './checkpoint.ts';
import { ERROR_NAMES, type Outcome } from './failure.ts';
import {
  bytes,
  decodeFrame,
  encodeFrame,
  type Field,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from './field.ts';
import type { Dev, Gid, Pid } from './ids.ts';
import { wireItems } from './item.ts';
import { SIZE } from './limits.ts';
import { readRefusal, type Reply } from './request.ts';
import { SIGNAL_BYTES } from './signal.ts';

const gid = id<Gid>();

export const PUSHES = {
  hello: record({
    version: uint,
    nonce: bytes(32, true),
    serverPk: bytes(32, true),
    time: uint,
    origin: text(300),
  }),
  items: record({ gid, items: wireItems, checkpoint: nullable(bytes(CHECKPOINT_BYTES, true)) }),
  record: record({ gid, pid: id<Pid>(), record: bytes(SIZE.memberRecordBytes) }),
  signal: record({
    gid,
    pid: id<Pid>(),
    dev: id<Dev>(16),
    signal: bytes(SIGNAL_BYTES, true),
  }),
  /** The queue of requests, complaints or reports of a group changed; to staff. */
  requests: record({ gid }),
  /** The caller's own place in a group changed: added, admitted, rejected. */
  standing: record({ gid }),
  /** The caller's account changed elsewhere: another device published a card, put a vault, or took the pass. */
  account: record({ what: oneOf('cards', 'vault', 'pass') }),
  /** Something the server had lost was given back: what was missing may be there now. To members who listen. */
  mended: record({ gid }),
  /** The server ends this connection. */
  bye: record({ name: oneOf(...ERROR_NAMES), retryAt: nullable(uint) }),
} as const;

export type PushName = keyof typeof PUSHES;
export type PushOf<N extends PushName> = FieldType<(typeof PUSHES)[N]>;
export type Push = { [N in PushName]: { readonly name: N; readonly news: PushOf<N> } }[PushName];

const pushName = oneOf(...(Object.keys(PUSHES) as PushName[]));

export function encodePush<N extends PushName>(name: N, news: PushOf<N>): Bytes {
  const field = PUSHES[name] as unknown as Field<PushOf<N>>;
  return encodeFrame([2, name, field.write(news)]);
}

/** A frame from the server: an answer whose value is still to be read by the asker, or a push. */
export type ServerFrame =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly reply: Reply }
  | { readonly kind: 'push'; readonly push: Push };

export function decodeServerFrame(frame: Uint8Array): Outcome<ServerFrame> {
  return decodeFrame(frame, (value): ServerFrame => {
    const parts: readonly unknown[] = Array.isArray(value) && value.length === 3 ? value : [];
    switch (oneOf(0, 1, 2).read(parts[0])) {
      case 0:
        return { kind: 'answer', id: uint.read(parts[1]), value: parts[2] };
      case 1:
        return { kind: 'refusal', id: uint.read(parts[1]), reply: readRefusal(parts[2]) };
      case 2: {
        const name = pushName.read(parts[1]);
        return { kind: 'push', push: { name, news: PUSHES[name].read(parts[2]) } as Push };
      }
    }
  });
}
