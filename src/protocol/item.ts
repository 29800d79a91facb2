/** A timeline item as it travels: an entry, or a message's header with its sealed body. */
import { array, bytes, type FieldType, nullable, oneOf, record, uint } from './field.ts';
import { HEADER_BYTES } from './envelope.ts';
import { REPLAY, SIZE } from './limits.ts';

/** Bytes around the body of an entry: header, length, signature. */
const ENTRY_AROUND = 266;
export const ENTRY_MAX = REPLAY.entryBodyBytes + ENTRY_AROUND;

export const ITEM = { entry: 0, message: 1 } as const;

export const wireItem = record({
  t: uint,
  kind: oneOf(ITEM.entry, ITEM.message),
  /** The entry, or the 155-byte message header. */
  head: bytes(Math.max(ENTRY_MAX, HEADER_BYTES)),
  /** The message's ciphertext; null for entries, for bodies not served to this member, and for removed bodies. */
  body: nullable(bytes(SIZE.messageBytes)),
  /** The server's clock when it took the item, ms since 1970; never falls along the timeline. */
  at: uint,
});
export type WireItem = FieldType<typeof wireItem>;

export const wireItems = array(wireItem, 1000);
