/** Sealing signs of life: under a key of the generation that is one device's own, with no signature, for they prove nothing. */
import type { Bytes } from '../../lib/bytes.ts';
import { u32 } from '../../protocol/codec.ts';
import { type Dev, idBytes, type Pid } from '../../protocol/ids.ts';
import {
  decodeSignalContent,
  encodeSignalContent,
  type Signal,
  type SignalContent,
} from '../../protocol/signal.ts';
import { H } from '../hash.ts';
import { HASH } from '../label.ts';
import type { Primitives } from '../primitives.ts';
import { type SessionKey, signalKey } from './groupKey.ts';

interface Sender {
  readonly pid: Pid;
  readonly dev: Dev;
}

function bound(p: Primitives, key: SessionKey, { pid, dev }: Sender): Bytes {
  const { gid, generation } = key;
  return H(p, HASH.aadSignal, idBytes(gid), u32(generation), idBytes(pid), idBytes(dev));
}

export function sealSignal(
  p: Primitives,
  key: SessionKey,
  sender: Sender,
  content: SignalContent,
): Signal {
  const nonce = p.random(24);
  const sealed = p.encrypt(
    signalKey(p, key, sender.pid, sender.dev),
    nonce,
    encodeSignalContent(content),
    bound(p, key, sender),
  );
  return { generation: key.generation, nonce, sealed };
}

/** Null where it was not sealed by a member for this sender, or was changed. */
export function openSignal(
  p: Primitives,
  key: SessionKey,
  sender: Sender,
  signal: Signal,
): SignalContent | null {
  if (signal.generation !== key.generation) return null;
  const plain = p.decrypt(
    signalKey(p, key, sender.pid, sender.dev),
    signal.nonce,
    signal.sealed,
    bound(p, key, sender),
  );
  const content = plain === null ? null : decodeSignalContent(plain);
  return content?.ok === true ? content.value : null;
}
