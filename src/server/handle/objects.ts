/** The objects beside an entry: each is found by the hash the entry names. Every named one must be there, and no other. */
import type { Bytes } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { boxesHash, previewHash, sealedHash } from '../../crypto/hash.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { roster } from '../../group/select.ts';
import type { GroupState } from '../../group/state.ts';
import type { Action } from '../../protocol/action.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { type Hash, ZERO_HASH } from '../../protocol/ids.ts';
import { batchOf, type KeyUpdate } from '../../protocol/keyUpdate.ts';
import { SIZE } from '../../protocol/limits.ts';
import { CIRCLE, type Circle } from '../../protocol/role.ts';
import { decodeSealedText } from '../../protocol/sealed.ts';
import type { Storage, Write } from '../storage/port.ts';

interface Named {
  readonly hash: Hash;
  readonly hashOf: (p: Primitives, object: Uint8Array) => Hash;
  /** Stored already: may be left out. */
  readonly held: boolean;
  /** The write, or null where the object is not of its form. */
  readonly write: (object: Bytes) => Write | null;
}

const EPHEMERAL = 32;

/** Bytes of the boxes of so many members. */
export function boxesLength(members: number): number {
  return EPHEMERAL + SIZE.box * members;
}

/** Generation, nonce, length and AEAD tag around a padded text. */
const AROUND_TEXT = 46;

function sealedText(state: GroupState, circle: Circle, hash: Hash): Named[] {
  if (hash === ZERO_HASH) return [];
  const max = (circle === CIRCLE.everyone ? SIZE.profileBytes : SIZE.staffTextBytes) + AROUND_TEXT;
  return [
    {
      hash,
      hashOf: sealedHash,
      held: false,
      write: (text) =>
        text.length <= max && decodeSealedText(text).ok
          ? { kind: 'sealed', gid: state.gid, circle, text }
          : null,
    },
  ];
}

function keyObjects(next: GroupState, keys: KeyUpdate): Named[] {
  const boxes = [CIRCLE.everyone, CIRCLE.staff].map((circle): Named => {
    const batch = batchOf(keys, circle);
    return {
      hash: batch.boxesHash,
      hashOf: boxesHash,
      held: false,
      write: (object) =>
        object.length === boxesLength(batch.boxes)
          ? {
              kind: 'boxes',
              gid: next.gid,
              generation: batch.generation,
              circle,
              roster: roster(next, circle).map((member) => member.pid),
              boxes: object,
            }
          : null,
    };
  });
  return [
    ...boxes,
    ...sealedText(next, CIRCLE.everyone, keys.profileHash),
    ...sealedText(next, CIRCLE.staff, keys.staffHash),
  ];
}

async function previewObjects(
  storage: Storage,
  next: GroupState,
  hashes: ReadonlySet<Hash>,
): Promise<Named[]> {
  return Promise.all(
    [...hashes].map(async (hash) => ({
      hash,
      hashOf: previewHash,
      held: (await storage.preview(next.gid, hash)) !== null,
      write: (preview: Bytes) => ({ kind: 'preview', gid: next.gid, hash, preview }) as const,
    })),
  );
}

async function namedBy(storage: Storage, next: GroupState, action: Action): Promise<Named[]> {
  switch (action.kind) {
    case 'InitGroup':
    case 'RotateSessionKey':
    case 'MemberOps': {
      const keys = keysOf(action);
      return keys === null ? [] : keyObjects(next, keys);
    }
    case 'EditGroupInfo':
      return sealedText(next, CIRCLE.everyone, action.profileHash);
    case 'LinkOps': {
      const previews = new Set(action.links.create.map((terms) => terms.previewHash));
      return [
        ...sealedText(next, CIRCLE.staff, action.links.staffHash),
        ...(await previewObjects(storage, next, previews)),
      ];
    }
    default:
      return [];
  }
}

function keysOf(action: Action): KeyUpdate | null {
  return action.kind === 'InitGroup' ||
    action.kind === 'RotateSessionKey' ||
    action.kind === 'MemberOps'
    ? action.keys
    : null;
}

/** The boxes an entry names that a member gives back: those that fit are stored, the others stay due. Texts and previews are not given back. */
export function takeLostBoxes(
  p: Primitives,
  next: GroupState,
  action: Action,
  objects: readonly Bytes[],
): Write[] {
  const keys = keysOf(action);
  if (keys === null) return [];
  return [CIRCLE.everyone, CIRCLE.staff].map((circle): Write => {
    const { boxesHash: hash, boxes: count, generation } = batchOf(keys, circle);
    const at = {
      gid: next.gid,
      generation,
      circle,
      roster: roster(next, circle).map((member) => member.pid),
    };
    const boxes = objects.find(
      (object) => object.length === boxesLength(count) && boxesHash(p, object) === hash,
    );
    return boxes === undefined
      ? { kind: 'dueBoxes', ...at, hash }
      : { kind: 'boxes', ...at, boxes };
  });
}

/** The writes for an entry's objects; E_BOX where they are not exactly the named ones. */
export async function takeObjects(
  p: Primitives,
  storage: Storage,
  next: GroupState,
  action: Action,
  objects: readonly Bytes[],
): Promise<Outcome<Write[]>> {
  const wanted = await namedBy(storage, next, action);
  const found = new Map<Named, Bytes>();
  for (const object of objects) {
    const match = wanted.find(
      (named) => !found.has(named) && named.hashOf(p, object) === named.hash,
    );
    if (match === undefined) return fail('E_BOX', 'an object the entry does not name');
    found.set(match, object);
  }
  const writes: Write[] = [];
  for (const named of wanted) {
    const object = found.get(named);
    if (object === undefined) {
      if (named.held) continue;
      return fail('E_BOX', 'an object the entry names is missing');
    }
    const write = named.write(object);
    if (write === null) return fail('E_BOX', 'an object of another form than named');
    writes.push(write);
  }
  return ok(writes);
}
