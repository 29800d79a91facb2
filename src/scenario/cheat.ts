/** A client that does not play by the rules: a person's real keys, a bare socket, and entries made by hand. */
import type { Identity } from '../crypto/secret/identity.ts';
import { decodeChain } from '../protocol/card.ts';
import { type SealedMessage, sealMessage } from '../crypto/secret/seal.ts';
import type { Context } from '../engine/context.ts';
import { heldTexts, makeKeys, planOps, writeEntry, writeOffLog } from '../engine/plans.ts';
import { keyOf, type Replica } from '../engine/replica.ts';
import { rosterAfter } from '../ledger/replay.ts';
import { type Bytes, utf8 } from '../lib/bytes.ts';
import type { Action } from '../protocol/action.ts';
import type { MessageHeader } from '../protocol/envelope.ts';
import { encodeHeader } from '../protocol/envelope.ts';
import { bodyHash } from '../crypto/hash.ts';
import type { ErrorName } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { KeyUpdate } from '../protocol/keyUpdate.ts';
import { type AddOp, NO_OPS, type Ops } from '../protocol/ops.ts';
import { CIRCLE, type Role } from '../protocol/role.ts';
import type { RequestName } from '../protocol/request.ts';
import { encodePayload, type Payload } from '../protocol/text.ts';
import type { Person as Keys } from '../server/testing/person.ts';
import { connect, type WireClient } from '../server/testing/wireClient.ts';
import { eventually, must, type Person, view, type World } from './setup.ts';

export interface Made {
  readonly entry: Bytes;
  readonly objects: readonly Bytes[];
  readonly image: Hash | null;
}

export interface Cheat {
  readonly wire: WireClient;
  readonly identity: Identity;
  /** The group as this person's own client had stored it when the cheat began. */
  readonly replica: Replica;
  /** Signs any action at the stored head. */
  readonly entry: (action: Action, objects?: readonly Bytes[]) => Made;
  /** Signs an act that is never appended. */
  readonly offLog: (action: Action) => Bytes;
  /** Keys for the roster after ops, as an honest client would make them. */
  readonly keys: (ops?: Ops) => { readonly update: KeyUpdate; readonly objects: readonly Bytes[] };
  readonly ops: (ops: Partial<Ops>, withKeys?: boolean) => Made;
  readonly rotation: (change?: (update: KeyUpdate) => KeyUpdate) => Made;
  readonly adding: (who: Person) => Promise<AddOp>;
  readonly message: (
    text: string,
    change?: Partial<MessageHeader>,
  ) => { header: Bytes; body: Bytes; file: Hash | null };
  /** Seals any payload as this device's next message, or at another place of its chain. */
  readonly sealed: (
    payload: Payload,
    place?: Place,
  ) => SealedMessage & { readonly file: Hash | null };
  /** The server's refusal of an append, or "appended". */
  readonly append: (made: Made) => Promise<ErrorName | 'appended'>;
}

export interface Place {
  readonly ctr: number;
  readonly prevOwn: Hash;
  /** What signs instead of the device's own key. */
  readonly signKey?: Bytes;
}

/** The person's keys in the shape the bare client logs in with. */
function keysOf(identity: Identity): Keys {
  return {
    pid: identity.pid,
    dev: identity.dev,
    card: identity.cardHash,
    chain: identity.chain,
    root: identity.device,
    device: identity.device,
    seal: identity.sealing,
  };
}

/** Logs in on a bare socket as this person. */
export async function bareLogin(world: World, one: Person): Promise<WireClient> {
  const wire = await connect(world.server().port);
  const reply = await wire.login(world.primitives, keysOf(await one.identity()));
  if (!reply.ok) throw new Error(reply.error.name);
  return wire;
}

export async function refusalOf(
  wire: WireClient,
  name: RequestName,
  args: Parameters<WireClient['ask']>[1],
): Promise<ErrorName | 'answered'> {
  const reply = await wire.ask(name, args);
  return reply.ok ? 'answered' : reply.error.name;
}

/** `from`: whose copy of the group is used, where the cheat holds none. */
export async function cheat(
  world: World,
  one: Person,
  gid: Gid,
  from: Person = one,
): Promise<Cheat> {
  const { primitives: p } = world;
  const identity = await one.identity();
  // What is shown may be on its way to the disk still.
  const replica = await eventually([from], 'what is shown is stored', async () => {
    const { seq } = await view(from, gid);
    const stored = await from.replica(gid);
    return stored.state.seq >= seq && stored;
  });
  const wire = await bareLogin(world, one);
  // What plans.ts needs of a context, and nothing else.
  const ctx = {
    p,
    clock: world.clock,
    identity: () => identity,
    session: { clockOffset: () => 0, signingOffset: () => 0 },
    groups: new Map([[gid, replica]]),
  } as unknown as Context;

  const entry = (action: Action, objects: readonly Bytes[] = []): Made => ({
    entry: writeEntry(ctx, replica, action),
    objects,
    image: null,
  });
  const keys: Cheat['keys'] = (ops = NO_OPS) => {
    const after = ops === NO_OPS ? null : rosterAfter(p, replica.state, from.pid, 2 ** 45, ops);
    const next = after === null ? replica.state : must(after);
    return makeKeys(ctx, replica, next, heldTexts(ctx, replica));
  };
  const inner = (prevOwn: Hash) => ({
    prevOwn,
    logSeq: replica.state.seq,
    logHead: replica.state.head,
    view: { t: replica.timeline.end(), T: replica.timeline.T() },
    time: world.clock.now(),
  });
  const sealed: Cheat['sealed'] = (payload, place) => {
    const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
    if (key === null) throw new Error('no key');
    const { ctr, prevOwn, signKey } = place ?? {
      ctr: replica.head.ownCtr + 1,
      prevOwn: replica.head.ownItem,
    };
    const author = signKey === undefined ? identity : { ...identity, device: p.signKeys(signKey) };
    const made = sealMessage(p, author, key, ctr, inner(prevOwn), must(encodePayload(payload)));
    return { ...made, file: null };
  };
  return {
    wire,
    identity,
    replica,
    sealed,
    entry,
    offLog: (action) => writeOffLog(ctx, gid, action),
    keys,
    ops(ops, withKeys = true) {
      const plan = must(planOps(ctx, replica, { ...NO_OPS, ...ops }, withKeys));
      return entry(plan.action, plan.objects);
    },
    rotation(change = (update) => update) {
      const { update, objects } = keys();
      return entry({ kind: 'RotateSessionKey', keys: change(update), reason: 'manual' }, objects);
    },
    async adding(who) {
      const { chain: source, pid } = await who.identity();
      return { pid, via: 'direct', chain: must(decodeChain(source)), source };
    },
    message(text, change = {}) {
      if (Object.keys(change).length === 0) return sealed({ type: 'text', text });
      const body = p.random(420);
      const header = encodeHeader({
        gid,
        author: identity.pid,
        dev: identity.dev,
        generation: replica.state.generation,
        circle: CIRCLE.everyone,
        ctr: replica.head.ownCtr + 1,
        nonce: p.random(24),
        bodyLength: body.length,
        bodyHash: bodyHash(p, body),
        ...change,
      });
      return { header, body, file: null };
    },
    async append(made) {
      const reply = await wire.ask('append', made);
      return reply.ok ? 'appended' : reply.error.name;
    },
  };
}

export function roleOp(who: Person, role: Role): Partial<Ops> {
  return { setRole: [{ pid: who.pid, role }] };
}

export function bytesOf(text: string): Bytes {
  return utf8(text) ?? new Uint8Array();
}
