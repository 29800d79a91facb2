/** Getting, checking and auditing the session keys of a group. */
import type { Bytes } from '../lib/bytes.ts';
import { boxesHash } from '../crypto/hash.ts';
import {
  buildBoxes,
  fingerprint,
  keyCommitment,
  openBox,
  pickBox,
  type SessionKey,
  unwrapPrevious,
} from '../crypto/secret/groupKey.ts';
import { sealingFor } from '../crypto/secret/identity.ts';
import type { KeyPair } from '../crypto/primitives.ts';
import { roster } from '../group/select.ts';
import type { Generation, GroupState } from '../group/state.ts';
import { ok } from '../lib/result.ts';
import { fail, type Failure, type Outcome } from '../protocol/failure.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { CIRCLE, type Circle, isStaff } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { keyName, type Replica } from './replica.ts';

/** Seal keys of a circle's members in roster order, as boxes are built for them. */
export function sealPks(state: GroupState, circle: Circle): Bytes[] {
  return roster(state, circle).flatMap((member) => {
    const card = state.cards.get(member.pid);
    return card === undefined ? [] : [card.sealPk];
  });
}

/** Checks a secret against the commitment of its batch and against reuse; then it is a session key. */
export function acceptSecret(
  ctx: Context,
  replica: Replica,
  generation: Generation,
  circle: Circle,
  secret: Bytes,
): Outcome<SessionKey> {
  const batch = batchOf(generation, circle);
  const at = { gid: replica.gid, generation: generation.generation, circle };
  if (keyCommitment(ctx.p, secret, at, batch.rosterHash, generation.author) !== batch.kc)
    return fail('E_KC', 'key commitment');
  const print = fingerprint(ctx.p, secret);
  for (const key of replica.keys.values()) {
    const other = key.generation !== at.generation || key.circle !== circle;
    if (other && fingerprint(ctx.p, key.secret) === print) return fail('E_KC', 'a key used before');
  }
  return ok({ ...at, kc: batch.kc, secret });
}

/** The own pair the boxes of this state were made for. */
function ownSealing(ctx: Context, state: GroupState): KeyPair {
  const identity = ctx.identity();
  const pinned = state.cards.get(identity.pid);
  return pinned === undefined ? identity.sealing : sealingFor(identity, pinned.sealPk);
}

/** The key of one circle of a generation: from what this client prepared itself, else from its own box on the server. */
async function fetchKey(
  ctx: Context,
  replica: Replica,
  state: GroupState,
  generation: Generation,
  circle: Circle,
): Promise<Outcome<SessionKey>> {
  const prepared = replica.prepared.get(state.head)?.keys;
  if (prepared !== undefined && prepared !== null) {
    return acceptSecret(
      ctx,
      replica,
      generation,
      circle,
      circle === CIRCLE.everyone ? prepared.everyone : prepared.staff,
    );
  }
  const answer = await ctx.session.call('box', {
    gid: replica.gid,
    generation: generation.generation,
    circle,
  });
  if (!answer.ok) return withheld(answer.error);
  const secret = openBox(ctx.p, answer.value.box, ownSealing(ctx, state));
  const key = secret === null ? null : acceptSecret(ctx, replica, generation, circle, secret);
  return key?.ok === true ? key : blame(ctx, replica, state, generation, circle);
}

/** Errors after which asking again later may help. */
const PASSING: ReadonlySet<string> = new Set([
  'E_OFFLINE',
  'E_TIMEOUT',
  'E_BUSY',
  'E_STORAGE',
  'E_LIMIT',
]);

/** A refusal, or an answer that cannot be read, is the server's doing: it never counts against the author of the boxes. */
function withheld(error: Failure): Outcome<never> {
  return PASSING.has(error.name)
    ? { ok: false, error }
    : fail('E_WITHHELD', 'the server does not give the boxes');
}

/** The own box does not open or holds another key: hash of all boxes tells whether the server or the author is at fault. */
async function blame(
  ctx: Context,
  replica: Replica,
  state: GroupState,
  generation: Generation,
  circle: Circle,
): Promise<Outcome<SessionKey>> {
  const answer = await ctx.session.call('boxes', {
    gid: replica.gid,
    generation: generation.generation,
    circle,
  });
  if (!answer.ok) return withheld(answer.error);
  if (boxesHash(ctx.p, answer.value.boxes) !== batchOf(generation, circle).boxesHash)
    return fail('E_WITHHELD', 'the server swapped the boxes');
  const index = roster(state, circle).findIndex((member) => member.pid === ctx.identity().pid);
  const secret = openBox(ctx.p, pickBox(answer.value.boxes, index), ownSealing(ctx, state));
  return secret === null
    ? fail('E_BOX', 'the author sealed a wrong box')
    : acceptSecret(ctx, replica, generation, circle, secret);
}

export type KeyNews =
  | {
      readonly kind: 'keys';
      readonly keys: readonly SessionKey[];
      readonly failures: readonly { readonly circle: Circle; readonly name: string }[];
    }
  /** The connection is gone; nothing is decided. */
  | { readonly kind: 'later' };

/** Keys of the generation the state has just begun, for the circles this account is in. */
export async function keysOf(ctx: Context, replica: Replica, state: GroupState): Promise<KeyNews> {
  const me = state.members.get(ctx.identity().pid);
  if (state.keys === null || me === undefined) return { kind: 'keys', keys: [], failures: [] };
  const circles: Circle[] = isStaff(me.role) ? [CIRCLE.everyone, CIRCLE.staff] : [CIRCLE.everyone];
  const keys: SessionKey[] = [];
  const failures: { circle: Circle; name: string }[] = [];
  for (const circle of circles) {
    const held = replica.keys.get(keyName(state.keys.generation, circle));
    if (held?.kc === batchOf(state.keys, circle).kc) continue;
    // The two circles of a generation never share a key.
    const drawn = keys.map((one) => [keyName(one.generation, one.circle), one] as const);
    const known = { ...replica, keys: new Map([...replica.keys, ...drawn]) };
    const key = await fetchKey(ctx, known, state, state.keys, circle);
    if (key.ok) keys.push(key.value);
    else if (PASSING.has(key.error.name)) return { kind: 'later' };
    else failures.push({ circle, name: key.error.name });
  }
  return { kind: 'keys', keys, failures };
}

/** Walks back from a key through the wraps in the log, link by link, checking every commitment. */
export function walkBack(ctx: Context, replica: Replica, from: SessionKey): SessionKey[] {
  const found: SessionKey[] = [];
  let key = from;
  for (;;) {
    const here = replica.generations.get(key.generation);
    const before = replica.generations.get(key.generation - 1);
    if (
      here === undefined ||
      before === undefined ||
      replica.keys.has(keyName(key.generation - 1, key.circle))
    )
      return found;
    const wrap = batchOf(here, key.circle).wrap;
    if (wrap === null) return found;
    const earlier = unwrapPrevious(ctx.p, key, wrap, batchOf(before, key.circle), before.author);
    if (earlier === null) return found;
    found.push(earlier);
    key = earlier;
  }
}

/** Keys by the name they are held under. */
export function named(keys: readonly SessionKey[]): Map<string, SessionKey> {
  return new Map(keys.map((key) => [keyName(key.generation, key.circle), key]));
}

/** Takes keys in, and those the wraps in the log lead to from them; false where there were none. */
export function takeKeys(
  ctx: Context,
  replica: Replica,
  keys: ReadonlyMap<string, SessionKey>,
): boolean {
  for (const [name, key] of keys) replica.keys.set(name, key);
  for (const key of keys.values())
    for (const earlier of walkBack(ctx, replica, key))
      replica.keys.set(keyName(earlier.generation, earlier.circle), earlier);
  return keys.size > 0;
}

/** Whether the wrap of a generation opens the key before it, as far as both keys are held here. */
export function wrapFits(
  ctx: Context,
  replica: Replica,
  generation: number,
  circle: Circle,
): boolean {
  const here = replica.generations.get(generation);
  const before = replica.generations.get(generation - 1);
  const key = replica.keys.get(keyName(generation, circle));
  const held = replica.keys.has(keyName(generation - 1, circle));
  if (here === undefined || before === undefined || key === undefined || !held) return true;
  const { wrap } = batchOf(here, circle);
  return (
    wrap === null ||
    unwrapPrevious(ctx.p, key, wrap, batchOf(before, circle), before.author) !== null
  );
}

/**
 * Rebuilds the boxes of a generation from its key and compares their hash with the signed entry: false means
 * that its author sealed something else for somebody. `state` is the state the generation's entry led to.
 */
export function audit(ctx: Context, key: SessionKey, state: GroupState): boolean {
  if (state.keys?.generation !== key.generation) return true;
  const boxes = buildBoxes(ctx.p, key.secret, key, sealPks(state, key.circle));
  return boxesHash(ctx.p, boxes) === batchOf(state.keys, key.circle).boxesHash;
}
