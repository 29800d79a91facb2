/**
 * A timeline of a hostile server's own making: the true items of one group left out, repeated, reordered or joined by others,
 * numbered anew, and signed with the server's own key, so that nothing but what its members know speaks against it.
 */
import { entryHash, itemHash, nextT } from '../crypto/hash.ts';
import { emptyBase } from '../engine/replica.ts';
import type { Bytes } from '../lib/bytes.ts';
import { decodeCheckpoint } from '../protocol/checkpoint.ts';
import { type Gid, type Hash, ZERO_HASH } from '../protocol/ids.ts';
import { ITEM, type WireItem } from '../protocol/item.ts';
import { createSigner } from '../server/checkpoint.ts';
import type { Storage } from '../server/storage/port.ts';
import { toWire } from '../server/wire.ts';
import type { PushOf } from '../protocol/push.ts';
import type { Door, Script } from './hostileServer.ts';
import type { World } from './setup.ts';

type Shown = Pick<WireItem, 'kind' | 'head' | 'body'>;

export interface Forgery {
  /** What it shows, in order; the position is the place in the list. */
  readonly items: () => readonly WireItem[];
  /** Shows something else from now on. */
  readonly become: (items: readonly Shown[]) => void;
  readonly add: (...items: readonly Shown[]) => void;
  /** The server's word for all of it, or for its first items. */
  readonly checkpoint: (t?: number) => Bytes;
  /** The server's word for anything at all. */
  readonly sign: (change: { readonly t: number; readonly T: Hash }) => Bytes;
  /** Shows whoever is behind the door all of it, and nothing else of this group from now on. */
  readonly showTo: (door: Door) => void;
}

export const entryItem = (entry: Bytes): Shown => ({ kind: ITEM.entry, head: entry, body: null });
export const messageItem = (made: { readonly header: Bytes; readonly body: Bytes }): Shown => ({
  kind: ITEM.message,
  head: made.header,
  body: made.body,
});

/** Begins with the true timeline as the server, or a branch of it, has it now. */
export async function forge(
  world: World,
  gid: Gid,
  storage: Storage = world.storage(),
): Promise<Forgery> {
  const { primitives: p } = world;
  const signer = await createSigner(p, storage, world.clock.now);
  const all = { items: 100_000, bytes: 1e9 };
  const stored = await storage.items(gid, 0, 100_000, all, 'oldest');
  let items: readonly WireItem[] = stored.map((item) => toWire(item, true));

  /** T before the item at t. */
  const TAt = (t: number): Hash => {
    let { T } = emptyBase(p, gid);
    for (const item of items.slice(0, t)) {
      const hash = item.kind === ITEM.entry ? entryHash(p, item.head) : itemHash(p, item.head);
      T = nextT(p, T, item.t, hash);
    }
    return T;
  };
  const place = (t: number): { readonly seq: number; readonly head: Hash } => {
    const entries = items.slice(0, t).filter((item) => item.kind === ITEM.entry);
    const last = entries.at(-1);
    return {
      seq: entries.length - 1,
      head: last === undefined ? ZERO_HASH : entryHash(p, last.head),
    };
  };
  const checkpoint = (t = items.length): Bytes =>
    signer.checkpoint(gid, { ...place(t), t, T: TAt(t) });
  const number = (shown: readonly Shown[]): WireItem[] =>
    shown.map((item, t) => ({ ...item, t, at: world.clock.now() }));

  /** How many true items were there, or have come by since. */
  let taken = items.length;
  const whole = (): PushOf<'items'> => ({ gid, items: [...items], checkpoint: checkpoint() });

  const forgery: Forgery = {
    items: () => items,
    become(shown) {
      items = number(shown);
    },
    add(...more) {
      items = [...items, ...number([...items, ...more]).slice(items.length)];
    },
    checkpoint,
    sign: (place_) => signer.checkpoint(gid, { ...place(items.length), ...place_ }),
    showTo(door) {
      door.script = { ...door.script, ...script };
      door.tell('items', whole());
    },
  };

  /** The own word in place of a true one, where it is about this group. */
  const instead = (signed: Bytes): Bytes => {
    const read = decodeCheckpoint(signed);
    return read.ok && read.value.gid === gid ? checkpoint() : signed;
  };
  const script: Script = {
    after: {
      auth: (value) => ({
        value: {
          ...value,
          groups: value.groups.map((one) =>
            one.gid === gid ? { ...one, checkpoint: checkpoint() } : one,
          ),
        },
      }),
      append: (value) => ({ value: { ...value, checkpoint: instead(value.checkpoint) } }),
      send: (value) => ({ value: { ...value, checkpoint: instead(value.checkpoint) } }),
      subscribe: (_, args) =>
        args.gid === gid
          ? { value: { items: items.slice(args.t), checkpoint: checkpoint(), more: false } }
          : null,
      query: (_, { gid: of, by, from, until }) =>
        of === gid && by === 'position'
          ? {
              value: {
                items: items.slice(from, until),
                before: TAt(from),
                checkpoint: checkpoint(),
              },
            }
          : null,
    },
    // What the members write from now on is shown after what was made up.
    push(push) {
      if (push.name !== 'items' || push.news.gid !== gid) return null;
      const fresh = push.news.items.filter((item) => item.t >= taken);
      taken += fresh.length;
      forgery.add(...fresh);
      return [{ name: 'items', news: whole() }];
    },
  };
  return forgery;
}
