/** A test group as its members see it: entries made at the head, with boxes and texts nobody can open. */
import { present } from '../../lib/assert.ts';
import { type Bytes, concat } from '../../lib/bytes.ts';
import { bodyHash, boxesHash, previewHash, rosterHash, sealedHash } from '../../crypto/hash.ts';
import { SIGN } from '../../crypto/label.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { rosterLines } from '../../group/select.ts';
import type { GroupState } from '../../group/state.ts';
import { replay } from '../../ledger/replay.ts';
import type { Action } from '../../protocol/action.ts';
import { requestToSign } from '../../protocol/auth.ts';
import { encodeHeader } from '../../protocol/envelope.ts';
import { type Gid, type Hash, idOf, type LinkPk, type Pid, ZERO_HASH } from '../../protocol/ids.ts';
import type { KeyBatch, KeyUpdate } from '../../protocol/keyUpdate.ts';
import { type AddOp, NO_OPS, type Ops } from '../../protocol/ops.ts';
import { decodeEntry } from '../../protocol/entry.ts';
import { decodeChain } from '../../protocol/card.ts';
import { POLICY_DEFAULT } from '../../protocol/policy.ts';
import { CIRCLE, type Circle, isStaff, type Role, ROLE } from '../../protocol/role.ts';
import { encodeSealedText } from '../../protocol/sealed.ts';
import { type Person, sign, signEntry, signOffLog } from './person.ts';

export interface Made {
  readonly entry: Bytes;
  readonly objects: readonly Bytes[];
  readonly image: Hash | null;
}

export interface Message {
  readonly header: Bytes;
  readonly body: Bytes;
  readonly file: Hash | null;
}

export interface GroupLog {
  readonly gid: Gid;
  readonly state: () => GroupState;
  readonly spawn: Made;
  /** An entry at the head; the log moves on with it. */
  readonly act: (by: Person, action: Action, objects?: readonly Bytes[]) => Made;
  /** The same without moving on. */
  readonly draft: (by: Person, action: Action, objects?: readonly Bytes[]) => Made;
  readonly init: (by: Person, add?: readonly Person[], roles?: Readonly<Record<Pid, Role>>) => Made;
  readonly remove: (by: Person, who: Person, ban?: boolean) => Made;
  readonly admit: (by: Person, requests: readonly Bytes[]) => Made;
  readonly addDirectly: (by: Person, who: Person) => Made;
  readonly rotate: (by: Person) => Made;
  readonly createLink: (
    by: Person,
    link: TestLink,
    terms?: { readonly maxUses?: number; readonly expires?: number; readonly paused?: boolean },
  ) => Made;
  readonly request: (
    by: Person,
    link: TestLink,
    exp: number,
    intro: Bytes,
    introHash: Hash,
  ) => Bytes;
  readonly message: (
    by: Person,
    ctr: number,
    change?: { readonly circle?: Circle; readonly generation?: number; readonly body?: Bytes },
  ) => Message;
}

export interface TestLink {
  readonly pk: LinkPk;
  readonly secretKey: Bytes;
  readonly preview: Bytes;
}

export function testLink(p: Primitives, n: number): TestLink {
  const keys = p.signKeys(new Uint8Array(32).fill(n));
  return {
    pk: idOf<LinkPk>(keys.publicKey),
    secretKey: keys.secretKey,
    preview: new Uint8Array(300).fill(n),
  };
}

type Line = { readonly pid: Pid; readonly role: Role; readonly cardHash: Hash };

/** The roster after ops, as the author of the entry foresees it. */
function linesAfter(
  state: GroupState,
  ops: Ops,
  cards: ReadonlyMap<Pid, Hash>,
  entryRole: Role,
): Line[] {
  const lines = new Map<Pid, Line>(
    rosterLines(state, CIRCLE.everyone).map((line) => [line.pid, line]),
  );
  for (const op of ops.remove) lines.delete(op.pid);
  for (const op of ops.add) {
    const role = op.via === 'direct' ? ROLE.member : entryRole;
    lines.set(op.pid, {
      pid: op.pid,
      role,
      cardHash: present(cards.get(op.pid), 'the added one has a card'),
    });
  }
  for (const op of ops.setRole)
    lines.set(op.pid, { ...present(lines.get(op.pid), 'is a member'), role: op.role });
  return [...lines.values()].sort((a, b) => (a.pid < b.pid ? -1 : 1));
}

export function startGroup(
  p: Primitives,
  owner: Person,
  serverPk: Bytes,
  time: number,
  policy: number = POLICY_DEFAULT,
): GroupLog {
  const chainOf = (who: Person) => {
    const chain = decodeChain(who.chain);
    if (!chain.ok) throw new Error('a test chain decodes');
    return chain.value;
  };
  const spawnEntry = signEntry(
    p,
    owner,
    {
      gid: ZERO_HASH as string as Gid,
      seq: 0,
      prev: ZERO_HASH,
      time,
      view: { t: 0, T: ZERO_HASH },
    },
    {
      kind: 'SpawnGroup',
      nonce: p.random(32),
      policy,
      serverPk,
      predecessor: null,
      chain: chainOf(owner),
      chainBytes: owner.chain,
    },
  );
  const begun = replay(p, null, spawnEntry);
  if (!begun.ok) throw new Error(begun.error.name);
  let { state } = begun.value;
  const { gid } = state;

  const draft: GroupLog['draft'] = (by, action, objects = []) => ({
    image: null,
    entry: signEntry(
      p,
      by,
      { gid, seq: state.seq + 1, prev: state.head, time: state.time, view: { t: 0, T: ZERO_HASH } },
      action,
    ),
    objects,
  });
  const act: GroupLog['act'] = (by, action, objects = []) => {
    const made = draft(by, action, objects);
    const next = replay(p, state, made.entry);
    if (!next.ok) throw new Error(`${next.error.name} ${next.error.note ?? ''}`);
    state = next.value.state;
    return made;
  };

  const keysFor = (lines: readonly Line[]): { keys: KeyUpdate; objects: Bytes[] } => {
    const generation = state.generation + 1;
    const batch = (circle: Circle): { batch: KeyBatch; boxes: Bytes } => {
      const members = lines.filter((line) => circle === CIRCLE.everyone || isStaff(line.role));
      const boxes = p.random(32 + 48 * members.length);
      return {
        boxes,
        batch: {
          generation,
          circle,
          rosterHash: rosterHash(p, gid, circle, members),
          kc: idOf<Hash>(p.random(32)),
          boxesHash: boxesHash(p, boxes),
          boxes: members.length,
          shareable: false,
          wrap: null,
        },
      };
    };
    const everyone = batch(CIRCLE.everyone);
    const staff = batch(CIRCLE.staff);
    const profile = encodeSealedText({ generation, nonce: p.random(24), sealed: p.random(1040) });
    const staffText = encodeSealedText({ generation, nonce: p.random(24), sealed: p.random(1040) });
    return {
      keys: {
        everyone: everyone.batch,
        staff: staff.batch,
        profileHash: sealedHash(p, profile),
        staffHash: sealedHash(p, staffText),
      },
      objects: [everyone.boxes, staff.boxes, profile, staffText],
    };
  };
  const memberOps = (
    by: Person,
    ops: Ops,
    cards: ReadonlyMap<Pid, Hash>,
    entryRole: Role = ROLE.member,
  ): Made => {
    const { keys, objects } = keysFor(linesAfter(state, ops, cards, entryRole));
    return act(by, { kind: 'MemberOps', ops, keys }, objects);
  };
  const directly = (who: Person): AddOp => ({
    pid: who.pid,
    via: 'direct',
    chain: chainOf(who),
    source: who.chain,
  });
  const cardsOf = (people: readonly Person[]): ReadonlyMap<Pid, Hash> =>
    new Map(people.map((who) => [who.pid, who.card]));

  return {
    gid,
    state: () => state,
    spawn: { entry: spawnEntry, objects: [], image: null },
    act,
    draft,
    init(by, add = [], roles = {}) {
      const setRole = Object.entries(roles).map(([pid, role]) => ({ pid: pid as Pid, role }));
      const ops = { ...NO_OPS, add: add.map(directly), setRole };
      const { keys, objects } = keysFor(linesAfter(state, ops, cardsOf(add), ROLE.member));
      const commit = idOf<Hash>(p.random(32));
      return act(
        by,
        { kind: 'InitGroup', profileCommit: commit, staffCommit: commit, ops, keys },
        objects,
      );
    },
    remove: (by, who, ban = false) =>
      memberOps(by, { ...NO_OPS, remove: [{ pid: who.pid, ban }] }, new Map()),
    addDirectly: (by, who) => memberOps(by, { ...NO_OPS, add: [directly(who)] }, cardsOf([who])),
    admit(by, requests) {
      const decoded = requests.map((bytes) => {
        const entry = decodeEntry(bytes);
        if (!entry.ok) throw new Error('a test request decodes');
        return entry.value;
      });
      const add = decoded.map((request): AddOp => ({
        pid: request.author,
        via: 'request',
        request,
        source: request.bytes,
      }));
      return memberOps(
        by,
        { ...NO_OPS, add },
        new Map(decoded.map((request) => [request.author, request.card])),
      );
    },
    rotate(by) {
      const { keys, objects } = keysFor(rosterLines(state, CIRCLE.everyone));
      return act(by, { kind: 'RotateSessionKey', keys, reason: 'manual' }, objects);
    },
    createLink(by, link, { maxUses = 0, expires = 0, paused = false } = {}) {
      const staffText = encodeSealedText({
        generation: state.generation,
        nonce: p.random(24),
        sealed: p.random(1040),
      });
      const terms = {
        pk: link.pk,
        expires,
        maxUses,
        role: ROLE.member,
        auto: false,
        paused,
        previewHash: previewHash(p, link.preview),
      };
      const links = {
        create: [terms],
        revoke: [],
        staffHash: sealedHash(p, staffText),
        staffCommit: idOf<Hash>(p.random(32)),
      };
      return act(by, { kind: 'LinkOps', links }, [staffText, link.preview]);
    },
    request(by, link, exp, _intro, introHash) {
      const linkSig = sign(
        p,
        { publicKey: new Uint8Array(32), secretKey: link.secretKey },
        SIGN.link,
        requestToSign(gid, link.pk, by.pid, by.card, exp, introHash),
      );
      return signOffLog(p, by, gid, state.time, {
        kind: 'RequestToJoin',
        linkPk: link.pk,
        exp,
        chain: chainOf(by),
        chainBytes: by.chain,
        introHash,
        linkSig,
      });
    },
    message(
      by,
      ctr,
      { circle = CIRCLE.everyone, generation = state.generation, body = concat(p.random(64)) } = {},
    ) {
      const header = encodeHeader({
        gid,
        author: by.pid,
        dev: by.dev,
        generation,
        circle,
        ctr,
        nonce: p.random(24),
        bodyLength: body.length,
        bodyHash: bodyHash(p, body),
      });
      return { header, body, file: null };
    },
  };
}
