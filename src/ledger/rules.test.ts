/** Replay rules R1 to R11 beyond the published vectors, on small logs written and signed by people with names. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cardHash, devOf, rosterHash, type RosterLine } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import {
  createIdentity,
  type Identity,
  type Seeds,
  signCard,
  signEntry,
} from '../crypto/secret/identity.ts';
import { type LinkKeys, linkKeys } from '../crypto/secret/joinLink.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { loadSodium } from '../crypto/sodium.ts';
import type { GroupState, Link } from '../group/state.ts';
import { present } from '../lib/assert.ts';
import { ascii, type Bytes, concat } from '../lib/bytes.ts';
import { type Action, encodeAcceptance, encodeAction } from '../protocol/action.ts';
import { requestToSign } from '../protocol/auth.ts';
import { decodeChain } from '../protocol/card.ts';
import { decodeEntry, type Entry, type EntryHeader } from '../protocol/entry.ts';
import type { Outcome } from '../protocol/failure.ts';
import { type Gid, type Hash, type LinkPk, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import type { KeyUpdate } from '../protocol/keyUpdate.ts';
import { REPLAY } from '../protocol/limits.ts';
import type { LinkTerms } from '../protocol/link.ts';
import type { AddOp, Ops } from '../protocol/ops.ts';
import { POLICY, POLICY_DEFAULT } from '../protocol/policy.ts';
import { CIRCLE, isStaff, ROLE, type Role } from '../protocol/role.ts';
import { replay } from './replay.ts';

const p = await loadSodium();
const TIME = 1_700_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const hash = (byte: number): Hash => byte.toString(16).padStart(2, '0').repeat(32) as Hash;

function taken<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name} ${outcome.error.note ?? ''}`);
  return outcome.value;
}

interface Person extends Identity {
  readonly seeds: Seeds;
}

function seedsOf(name: string): Seeds {
  const seed = (use: string): Bytes => p.hash(32, ascii(`${name} ${use}`));
  return { root: seed('root'), device: seed('device'), sealing: seed('sealing') };
}

const known = new Map<string, Person>();

/** The same person for the same name in every test. */
function person(name: string): Person {
  const found = known.get(name);
  if (found !== undefined) return found;
  const seeds = seedsOf(name);
  const made = { ...createIdentity(p, seeds, TIME), seeds };
  known.set(name, made);
  return made;
}

/** The person with one card more: devices by name, and a new sealing key where one is named. */
function withNextCard(
  who: Person,
  devices: readonly string[],
  sealing: string | null,
  change: { sealGen?: number; n?: number } = {},
): Person {
  const root = p.signKeys(who.seeds.root);
  const last = present(taken(decodeChain(who.chain)).at(-1), 'a chain has cards');
  const keys = devices.map((name) => p.signKeys(seedsOf(name).device));
  const sealingKeys = sealing === null ? who.sealing : p.boxKeys(seedsOf(sealing).sealing);
  const card = signCard(p, root, {
    n: change.n ?? last.n + 1,
    pid: who.pid,
    prev: who.cardHash,
    time: TIME,
    rootPk: root.publicKey,
    devices: keys.map((key) => ({ dev: devOf(p, key.publicKey), signPk: key.publicKey })),
    sealGen: change.sealGen ?? last.sealGen + (sealing === null ? 0 : 1),
    sealPk: sealingKeys.publicKey,
  });
  const device = keys[0] ?? who.device;
  return {
    ...who,
    device,
    dev: devOf(p, device.publicKey),
    sealing: sealingKeys,
    chain: concat(who.chain, card),
    cardHash: cardHash(p, card),
  };
}

/** The cards that follow the first `known` ones. */
function cardsAfter(who: Person, known: number): Extract<Action, { kind: 'UpdateCard' }> {
  const chain = taken(decodeChain(who.chain)).slice(known);
  return { kind: 'UpdateCard', chain, chainBytes: concat(...chain.map((card) => card.bytes)) };
}

interface Wish {
  readonly remove?: readonly Person[];
  readonly ban?: readonly Person[];
  readonly add?: readonly Person[];
  readonly admit?: readonly Entry[];
  readonly setRole?: readonly (readonly [Person, Role])[];
  readonly unban?: readonly Person[];
  /** Left out: the right keys. Null: none. A function: the right keys, bent. */
  readonly keys?: null | ((keys: KeyUpdate) => KeyUpdate);
}

function opsOf(wish: Wish): Ops {
  const added = (wish.add ?? []).map((who): AddOp => ({
    pid: who.pid,
    via: 'direct',
    chain: taken(decodeChain(who.chain)),
    source: who.chain,
  }));
  const admitted = (wish.admit ?? []).map((request): AddOp => ({
    pid: request.author,
    via: 'request',
    request,
    source: request.bytes,
  }));
  return {
    remove: [
      ...(wish.remove ?? []).map((who) => ({ pid: who.pid, ban: false })),
      ...(wish.ban ?? []).map((who) => ({ pid: who.pid, ban: true })),
    ],
    add: [...added, ...admitted],
    setRole: (wish.setRole ?? []).map(([who, role]) => ({ pid: who.pid, role })),
    unban: (wish.unban ?? []).map((who) => who.pid),
  };
}

/** A group whose log grows entry by entry; a refused entry must leave the state as it was. */
class Group {
  state: GroupState;

  constructor(owner: Person, policy = POLICY_DEFAULT) {
    const spawn = spawnBy(owner, policy);
    this.state = taken(replay(p, null, spawn)).state;
  }

  get gid(): Gid {
    return this.state.gid;
  }

  roleOf(who: Person): Role | null {
    return this.state.members.get(who.pid)?.role ?? null;
  }

  /** The roster after ops, worked out here and not by the code under test. */
  private rosterAfter(ops: Ops): Map<Pid, RosterLine> {
    const lines = new Map<Pid, RosterLine>();
    for (const { pid, role } of this.state.members.values())
      lines.set(pid, { pid, role, cardHash: present(this.state.cards.get(pid), 'pinned').hash });
    for (const op of ops.remove) lines.delete(op.pid);
    for (const op of ops.add) {
      const chain = op.via === 'direct' ? op.source : requestChain(op.request);
      const last = present(taken(decodeChain(chain)).at(-1), 'a chain has cards');
      const role = op.via === 'direct' ? ROLE.member : this.linkRole(op.request);
      lines.set(op.pid, { pid: op.pid, role, cardHash: cardHash(p, last.bytes) });
    }
    for (const op of ops.setRole) {
      const line = lines.get(op.pid);
      if (line !== undefined) lines.set(op.pid, { ...line, role: op.role });
    }
    return lines;
  }

  private linkRole(request: Entry): Role {
    return this.state.links.get(requestLink(request))?.role ?? ROLE.member;
  }

  keysFor(ops: Ops): KeyUpdate {
    const lines = [...this.rosterAfter(ops).values()].sort((a, b) => (a.pid < b.pid ? -1 : 1));
    const batch = (circle: 0 | 1) => {
      const members = lines.filter((line) => circle === CIRCLE.everyone || isStaff(line.role));
      return {
        generation: this.state.generation + 1,
        circle,
        rosterHash: rosterHash(p, this.gid, circle, members),
        kc: hash(0xc0 + circle),
        boxesHash: hash(0xb0 + circle),
        boxes: members.length,
        shareable: false,
        wrap: null,
      };
    };
    return { everyone: batch(0), staff: batch(1), profileHash: hash(0xa0), staffHash: hash(0xa1) };
  }

  private keysOf(wish: Wish, ops: Ops): KeyUpdate | null {
    if (wish.keys === null) return null;
    const right = this.keysFor(ops);
    return wish.keys === undefined ? right : wish.keys(right);
  }

  write(author: Person, action: Action, change: Partial<EntryHeader> = {}): Bytes {
    const { state } = this;
    const header: EntryHeader = {
      kind: action.kind,
      gid: state.gid,
      author: author.pid,
      dev: author.dev,
      card: author.cardHash,
      seq: state.seq + 1,
      prev: state.head,
      time: state.time + 1000,
      view: { t: 0, T: ZERO_HASH },
      ...change,
    };
    return signEntry(p, author, header, encodeAction(action));
  }

  /** Offers bytes: 'ok' and the log is longer, or the name of the error and nothing has changed. */
  offer(bytes: Bytes): string {
    const before = structuredClone(this.state);
    const outcome = replay(p, this.state, bytes);
    if (!isDeepStrictEqual(this.state, before)) throw new Error('replay changed the state given');
    if (!outcome.ok) return outcome.error.name;
    this.state = outcome.value.state;
    return 'ok';
  }

  act(author: Person, action: Action, change: Partial<EntryHeader> = {}): string {
    return this.offer(this.write(author, action, change));
  }

  init(author: Person, wish: Wish = {}): string {
    const ops = opsOf(wish);
    const keys = present(this.keysOf(wish, ops), 'InitGroup has keys');
    return this.act(author, {
      kind: 'InitGroup',
      profileCommit: hash(1),
      staffCommit: hash(2),
      ops,
      keys,
    });
  }

  members(author: Person, wish: Wish, change: Partial<EntryHeader> = {}): string {
    return this.offer(this.writeMembers(author, wish, change));
  }

  writeMembers(author: Person, wish: Wish, change: Partial<EntryHeader> = {}): Bytes {
    const ops = opsOf(wish);
    return this.write(author, { kind: 'MemberOps', ops, keys: this.keysOf(wish, ops) }, change);
  }

  rotate(author: Person, bend: (keys: KeyUpdate) => KeyUpdate = (keys) => keys): string {
    const keys = bend(this.keysFor(opsOf({})));
    return this.act(author, { kind: 'RotateSessionKey', keys, reason: 'manual' });
  }

  leave(author: Person): string {
    return this.act(author, { kind: 'LeaveGroup', note: null });
  }

  edit(author: Person, policy: number | null = null): string {
    return this.act(author, edit(policy));
  }

  links(author: Person, create: readonly LinkTerms[], revoke: readonly LinkPk[] = []): string {
    return this.act(author, linkOps(create, revoke));
  }

  link(keys: LinkKeys): Link {
    return present(this.state.links.get(keys.pk), 'the link exists');
  }
}

const edit = (policy: number | null = null): Action => ({
  kind: 'EditGroupInfo',
  profileHash: hash(3),
  profileCommit: hash(4),
  policy,
});

const linkOps = (create: readonly LinkTerms[], revoke: readonly LinkPk[] = []): Action => ({
  kind: 'LinkOps',
  links: { create, revoke, staffHash: hash(5), staffCommit: hash(6) },
});

function spawnBy(owner: Person, policy = POLICY_DEFAULT, change: Partial<EntryHeader> = {}): Bytes {
  const action: Action = {
    kind: 'SpawnGroup',
    nonce: p.hash(32, ascii('nonce')),
    policy,
    serverPk: p.signKeys(p.hash(32, ascii('server'))).publicKey,
    predecessor: null,
    chain: taken(decodeChain(owner.chain)),
    chainBytes: owner.chain,
  };
  const header: EntryHeader = {
    kind: 'SpawnGroup',
    gid: ZERO_HASH as string as Gid,
    author: owner.pid,
    dev: owner.dev,
    card: owner.cardHash,
    seq: 0,
    prev: ZERO_HASH,
    time: TIME,
    view: { t: 0, T: ZERO_HASH },
    ...change,
  };
  return signEntry(p, owner, header, encodeAction(action));
}

/** The chain inside a request: after link key, end and its own length. */
function requestChain(request: Entry): Bytes {
  const length = new DataView(request.body.buffer, request.body.byteOffset + 40).getUint32(0);
  return request.body.slice(44, 44 + length);
}

const requestLink = (request: Entry): LinkPk =>
  Buffer.from(request.body.subarray(0, 32)).toString('hex') as LinkPk;

const linkOf = (name: string): LinkKeys => linkKeys(p, p.hash(32, ascii(`link ${name}`)));

const terms = (keys: LinkKeys, change: Partial<LinkTerms> = {}): LinkTerms => ({
  pk: keys.pk,
  expires: 0,
  maxUses: 0,
  role: ROLE.member,
  auto: false,
  paused: false,
  previewHash: hash(7),
  ...change,
});

interface RequestChange {
  readonly exp?: number;
  readonly header?: Partial<EntryHeader>;
  readonly signing?: LinkKeys;
}

function requestBy(who: Person, gid: Gid, link: LinkKeys, change: RequestChange = {}): Entry {
  const exp = change.exp ?? TIME + DAY;
  const introHash = hash(8);
  const bound = requestToSign(gid, link.pk, who.pid, who.cardHash, exp, introHash);
  const action: Action = {
    kind: 'RequestToJoin',
    linkPk: link.pk,
    exp,
    chain: taken(decodeChain(who.chain)),
    chainBytes: who.chain,
    introHash,
    linkSig: signLabelled(p, SIGN.link, (change.signing ?? link).signing.secretKey, bound),
  };
  const header: EntryHeader = {
    kind: 'RequestToJoin',
    gid,
    author: who.pid,
    dev: who.dev,
    card: who.cardHash,
    seq: 0,
    prev: ZERO_HASH,
    time: TIME,
    view: { t: 0, T: ZERO_HASH },
    ...change.header,
  };
  return taken(decodeEntry(signEntry(p, who, header, encodeAction(action))));
}

const [alice, mo, mia, bob, olga, carl, dora] = [
  person('alice'),
  person('mo'),
  person('mia'),
  person('bob'),
  person('olga'),
  person('carl'),
  person('dora'),
];

/** Alice owns it; Mo and Mia moderate; Bob is a member, Olga an observer; Carl and Dora are strangers. */
function setup(policy = POLICY_DEFAULT): Group {
  const group = new Group(alice, policy);
  const said = group.init(alice, {
    add: [mo, mia, bob, olga],
    setRole: [
      [mo, ROLE.moderator],
      [mia, ROLE.moderator],
      [olga, ROLE.observer],
    ],
  });
  if (said !== 'ok') throw new Error(`broken promise: the group begins: ${said}`);
  return group;
}

function acceptance(
  group: Group,
  to: Person,
  change: { epoch?: number; exp?: number; by?: Person; from?: Person } = {},
): Action {
  const epoch = change.epoch ?? group.state.ownerEpoch;
  const exp = change.exp ?? TIME + DAY;
  const bound = encodeAcceptance(group.gid, (change.from ?? alice).pid, to.pid, epoch, exp);
  const signer = change.by ?? to;
  return {
    kind: 'TransferOwnership',
    to: to.pid,
    epoch,
    exp,
    dev: signer.dev,
    acceptance: signLabelled(p, SIGN.accept, signer.device.secretKey, bound),
  };
}

describe('R1: place in the log', () => {
  it('the first entry is a SpawnGroup with zero gid, prev and view', () => {
    const offer = (bytes: Bytes): string => {
      const outcome = replay(p, null, bytes);
      return outcome.ok ? 'ok' : outcome.error.name;
    };
    expect(offer(spawnBy(alice))).toBe('ok');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { seq: 1 }))).toBe('E_SEQ');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { gid: hash(1) as string as Gid }))).toBe('E_GID');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { prev: hash(1) }))).toBe('E_PREV');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { view: { t: 1, T: ZERO_HASH } }))).toBe(
      'E_FORMAT',
    );
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { view: { t: 0, T: hash(1) } }))).toBe('E_FORMAT');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { author: bob.pid }))).toBe('E_CARD');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { card: bob.cardHash }))).toBe('E_CARD');
    expect(offer(spawnBy(alice, POLICY_DEFAULT, { dev: bob.dev }))).toBe('E_DEVICE');
    expect(offer(setup().writeMembers(mo, { remove: [bob] }))).toBe('E_SEQ');
  });

  it('a SpawnGroup stands nowhere else', () => {
    const group = setup();
    for (const author of [alice, olga]) {
      const { seq, head, time, gid } = group.state;
      const place = { seq: seq + 1, prev: head, time };
      expect(group.offer(spawnBy(author, POLICY_DEFAULT, { ...place, gid }))).toBe('E_FORMAT');
      expect(group.offer(spawnBy(author, POLICY_DEFAULT, place))).toBe('E_GID');
      expect(group.offer(spawnBy(author))).toBe('E_GID');
    }
  });

  it('gid, seq, prev and time are asked in this order', () => {
    const group = setup();
    const wrong = {
      gid: hash(1) as string as Gid,
      seq: group.state.seq,
      prev: hash(1),
      time: group.state.time - 1,
    };
    const { gid, ...noGid } = wrong;
    const { seq, ...noSeq } = noGid;
    const { prev, ...noPrev } = noSeq;
    expect([gid, seq, prev]).toHaveLength(3);
    expect(group.act(alice, edit(), wrong)).toBe('E_GID');
    expect(group.act(alice, edit(), noGid)).toBe('E_SEQ');
    expect(group.act(alice, edit(), noSeq)).toBe('E_PREV');
    expect(group.act(alice, edit(), noPrev)).toBe('E_TIME');
    expect(group.act(alice, edit(), { time: group.state.time })).toBe('ok');
  });

  it('P003, P005: swapped, skipped and repeated entries are E_SEQ, and the right order goes on', () => {
    const group = setup();
    const ahead = setup();
    const first = ahead.write(alice, edit());
    expect(ahead.offer(first)).toBe('ok');
    const second = ahead.write(alice, edit());
    expect(ahead.offer(second)).toBe('ok');
    expect(group.offer(second)).toBe('E_SEQ');
    expect(group.offer(first)).toBe('ok');
    expect(group.offer(first)).toBe('E_SEQ');
    expect(group.offer(second)).toBe('ok');
    expect(group.state).toEqual(ahead.state);
  });

  it('P006, SX-16: an entry of another group of the same owner is E_GID', () => {
    const other = setup(POLICY_DEFAULT | POLICY.announcements);
    expect(setup().offer(other.write(alice, edit()))).toBe('E_GID');
  });

  it('off-log acts are never appended', () => {
    const group = setup();
    const acts: Action[] = [
      { kind: 'Complain', generation: 1, circle: 0 },
      { kind: 'WithdrawRequest', request: hash(1) },
      { kind: 'RejectRequest', request: hash(1), block: false, tell: false, note: null },
      { kind: 'Report', generation: 1, sealed: new Uint8Array(40), keys: [] },
    ];
    for (const action of acts) expect(group.act(alice, action)).toBe('E_FORMAT');
    expect(group.offer(requestBy(carl, group.gid, linkOf('one')).bytes)).toBe('E_FORMAT');
  });
});

describe('R2: who signed', () => {
  it('P001: who is no member adds nobody', () => {
    expect(setup().members(carl, { add: [carl] })).toBe('E_NOT_MEMBER');
    expect(setup().members({ ...carl, pid: mo.pid }, { add: [carl] })).toBe('E_CARD');
  });

  it('member, card, device and signature are asked in this order', () => {
    const group = setup();
    expect(group.act({ ...carl, cardHash: hash(1) }, edit())).toBe('E_NOT_MEMBER');
    expect(group.act({ ...alice, cardHash: hash(1), dev: mo.dev }, edit())).toBe('E_CARD');
    expect(group.act({ ...alice, dev: mo.dev, device: mo.device }, edit())).toBe('E_DEVICE');
    expect(group.act({ ...alice, device: mo.device }, edit())).toBe('E_SIG');
    expect(group.act(alice, edit())).toBe('ok');
  });

  it('P024: the signature of another entry of the owner is E_SIG', () => {
    const group = setup();
    const old = group.write(alice, edit());
    const wanted = group.writeMembers(alice, { setRole: [[bob, ROLE.moderator]] });
    expect(group.offer(concat(wanted.slice(0, -64), old.slice(-64)))).toBe('E_SIG');
  });

  it('a signature under another label is E_SIG', () => {
    const group = setup();
    const entry = group.write(alice, edit());
    const signature = signLabelled(p, SIGN.accept, alice.device.secretKey, entry.slice(0, -64));
    expect(group.offer(concat(entry.slice(0, -64), signature))).toBe('E_SIG');
  });
});

describe('R3: rights', () => {
  it('P034, SX-06: a member and an observer govern nothing; they may leave and renew their card', () => {
    for (const who of [bob, olga]) {
      const group = setup();
      const newcomer = { add: [carl] };
      expect(group.init(who)).toBe('E_ROLE');
      expect(group.edit(who)).toBe('E_ROLE');
      expect(group.members(who, newcomer)).toBe('E_ROLE');
      expect(group.members(who, { remove: [who === bob ? olga : bob] })).toBe('E_ROLE');
      expect(group.members(who, { ban: [carl], keys: null })).toBe('E_ROLE');
      expect(group.members(who, { setRole: [[olga, ROLE.member]], keys: null })).toBe('E_ROLE');
      expect(group.rotate(who)).toBe('E_ROLE');
      expect(group.links(who, [terms(linkOf('one'))])).toBe('E_ROLE');
      expect(group.act(who, acceptance(group, mo))).toBe('E_ROLE');
      expect(group.act(who, { kind: 'CloseGroup', successor: null })).toBe('E_ROLE');
      const renewed = withNextCard(who, [who === bob ? 'bob' : 'olga', 'phone'], null);
      expect(group.act(renewed, cardsAfter(renewed, 1))).toBe('ok');
      expect(group.leave(renewed)).toBe('ok');
    }
  });

  it('P048: a moderator removes, bans and demotes neither owner nor moderators nor himself', () => {
    const group = setup();
    for (const target of [alice, mia, mo]) {
      expect(group.members(mo, { remove: [target] })).toBe('E_ROLE');
      expect(group.members(mo, { ban: [target] })).toBe('E_ROLE');
      expect(group.members(mo, { setRole: [[target, ROLE.member]] })).toBe('E_ROLE');
    }
    expect(group.members(mo, { remove: [bob] })).toBe('ok');
    expect(group.members(mo, { ban: [olga] })).toBe('ok');
  });

  it('P049: a moderator makes no moderator; the owner makes no second owner and no less of himself', () => {
    const group = setup();
    expect(group.members(mo, { setRole: [[bob, ROLE.moderator]] })).toBe('E_ROLE');
    expect(group.members(mo, { add: [carl], setRole: [[carl, ROLE.moderator]] })).toBe('E_ROLE');
    for (const role of [ROLE.owner, ROLE.moderator, ROLE.observer]) {
      const self = { setRole: [[alice, role]] as const };
      expect(group.members(alice, self)).toBe('E_ROLE');
    }
    expect(group.members(alice, { setRole: [[mo, ROLE.owner]] })).toBe('E_ROLE');
    expect(group.members(mo, { setRole: [[bob, ROLE.observer]], keys: null })).toBe('ok');
    expect(group.members(alice, { setRole: [[bob, ROLE.moderator]] })).toBe('ok');
  });

  it('P055: the owner does not leave', () => {
    expect(setup().leave(alice)).toBe('E_ROLE');
  });

  it('moderators edit and manage links where the policy says so; the policy itself is the owner', () => {
    const strict = setup(0);
    expect(strict.edit(mo)).toBe('E_ROLE');
    expect(strict.links(mo, [terms(linkOf('one'))])).toBe('E_ROLE');
    expect(strict.edit(mo, POLICY_DEFAULT)).toBe('E_ROLE');
    expect(strict.edit(alice, POLICY_DEFAULT)).toBe('ok');
    expect(strict.edit(mo)).toBe('ok');
    expect(strict.edit(mo, 0)).toBe('E_ROLE');
    expect(strict.links(mo, [terms(linkOf('one'))])).toBe('ok');
  });

  it('P058: a moderator demoted in between is E_ROLE once the entry stands on the new head', () => {
    const group = setup();
    const queued = group.writeMembers(mo, { add: [carl] });
    expect(group.members(alice, { setRole: [[mo, ROLE.member]] })).toBe('ok');
    expect(group.offer(queued)).toBe('E_SEQ');
    expect(group.members(mo, { add: [carl] })).toBe('E_ROLE');
  });
});

describe('R4: what ops do', () => {
  it('P059, AO-07: remove, add and set_role of one member in one entry happen in this order', () => {
    const group = setup();
    const again = { remove: [bob], add: [bob], setRole: [[bob, ROLE.moderator]] as const };
    expect(group.members(mo, again)).toBe('E_ROLE');
    expect(group.members(alice, again)).toBe('ok');
    expect(group.state.members.get(bob.pid)).toMatchObject({
      role: ROLE.moderator,
      via: 'direct',
      by: alice.pid,
      seq: 2,
    });
    expect(group.members(alice, { remove: [mia], add: [mia] })).toBe('ok');
    expect(group.roleOf(mia)).toBe(ROLE.member);
  });

  it('P059: one violation voids the whole entry', () => {
    const group = setup();
    expect(group.members(alice, { remove: [bob], add: [bob, mo] })).toBe('E_ROSTER');
    expect(group.members(alice, { remove: [bob, carl] })).toBe('E_ROSTER');
    expect(group.members(mo, { remove: [bob, mia] })).toBe('E_ROLE');
    expect(group.roleOf(bob)).toBe(ROLE.member);
  });

  it('P052: adding a member is E_ROSTER, removing a stranger too', () => {
    const group = setup();
    expect(group.members(alice, { add: [bob] })).toBe('E_ROSTER');
    expect(group.members(alice, { remove: [carl] })).toBe('E_ROSTER');
    expect(group.members(alice, { setRole: [[carl, ROLE.observer]], keys: null })).toBe('E_ROSTER');
  });

  it('a role change that changes nothing is E_FORMAT, also for who comes in the same entry', () => {
    const group = setup();
    expect(group.members(alice, { setRole: [[bob, ROLE.member]], keys: null })).toBe('E_FORMAT');
    expect(group.members(alice, { add: [carl], setRole: [[carl, ROLE.member]] })).toBe('E_FORMAT');
    expect(group.members(mo, { add: [carl], setRole: [[carl, ROLE.observer]] })).toBe('ok');
    expect(group.roleOf(carl)).toBe(ROLE.observer);
  });

  it('P052, P067: who is banned is not added, by nobody and in no way, until unbanned', () => {
    const group = setup();
    const link = linkOf('one');
    expect(group.links(alice, [terms(link)])).toBe('ok');
    expect(group.members(mo, { ban: [bob] })).toBe('ok');
    expect(group.state.members.has(bob.pid)).toBe(false);
    expect(group.members(alice, { add: [bob] })).toBe('E_BANNED');
    expect(group.members(mo, { admit: [requestBy(bob, group.gid, link)] })).toBe('E_BANNED');
    expect(group.members(alice, { ban: [bob], keys: null })).toBe('E_ROSTER');
    expect(group.members(mo, { unban: [carl], keys: null })).toBe('E_ROSTER');
    expect(group.members(mo, { unban: [bob], keys: null })).toBe('ok');
    expect(group.members(mo, { unban: [bob], keys: null })).toBe('E_ROSTER');
    expect(group.members(mo, { admit: [requestBy(bob, group.gid, link)] })).toBe('ok');
    expect(group.members(mo, { remove: [bob], ban: [], add: [] })).toBe('ok');
    expect(group.members(mo, { add: [bob] })).toBe('ok');
  });

  it('P067: a ban and an addition of one pid in one entry is E_BANNED', () => {
    expect(setup().members(alice, { ban: [bob], add: [bob] })).toBe('E_BANNED');
  });

  it('a stranger is banned without a key, and only banned', () => {
    const group = setup();
    expect(group.members(mo, { ban: [carl], keys: null })).toBe('ok');
    expect(group.state.generation).toBe(1);
    expect([...group.state.banned]).toEqual([carl.pid]);
    expect(group.members(mo, { add: [carl] })).toBe('E_BANNED');
  });

  it('P007: an addition with the chain of another pid, or one that forgets a pinned card, is E_CARD', () => {
    const group = setup();
    expect(group.members(mo, { add: [{ ...carl, pid: dora.pid }] })).toBe('E_CARD');
    const renewed = withNextCard(bob, ['bob', 'phone'], null);
    expect(group.act(renewed, cardsAfter(renewed, 1))).toBe('ok');
    expect(group.leave(renewed)).toBe('ok');
    expect(group.members(mo, { add: [bob] })).toBe('E_CARD');
    expect(group.members(mo, { add: [renewed] })).toBe('ok');
  });

  it('a chain that is cut, out of order or not signed by its root is E_CARD', () => {
    const group = setup();
    const two = withNextCard(carl, ['carl', 'phone'], null);
    const three = withNextCard(two, ['carl'], 'carl later');
    const cards = taken(decodeChain(three.chain)).map((card) => card.bytes);
    const [first, second, third] = cards.map((card) => card.slice());
    const chainOf = (...parts: (Bytes | undefined)[]): Person => ({
      ...carl,
      chain: concat(...parts.map((part) => present(part, 'three cards'))),
    });
    expect(group.members(mo, { add: [chainOf(second, third)] })).toBe('E_CARD');
    expect(group.members(mo, { add: [chainOf(first, third)] })).toBe('E_CARD');
    expect(group.members(mo, { add: [chainOf(first, second, second)] })).toBe('E_CARD');
    const forged = present(second, 'two cards').slice();
    forged.set(present(third, 'three cards').slice(-64), forged.length - 64);
    expect(group.members(mo, { add: [chainOf(first, forged)] })).toBe('E_CARD');
    expect(group.members(mo, { add: [chainOf(first, second, third)] })).toBe('ok');
  });

  it('members of a group: 1000 and not one more', { timeout: 20_000 }, () => {
    const group = new Group(alice);
    const crowd = Array.from({ length: 1000 }, (_, i) => person(`crowd ${i}`));
    expect(group.init(alice, { add: crowd.slice(0, 256) })).toBe('ok');
    expect(group.members(alice, { add: crowd.slice(256, 512) })).toBe('ok');
    expect(group.members(alice, { add: crowd.slice(512, 768) })).toBe('ok');
    expect(group.members(alice, { add: crowd.slice(768, 999) })).toBe('ok');
    expect(group.state.members.size).toBe(REPLAY.members);
    const last = crowd.slice(999);
    expect(group.members(alice, { add: last, keys: null })).toBe('E_LIMIT');
    expect(group.members(alice, { remove: crowd.slice(0, 1), add: last })).toBe('ok');
  });
});

describe('R5: a change of members and its key are one entry', () => {
  it('P060: additions, removals of members and changes of staff need a key', () => {
    const group = setup();
    expect(group.members(mo, { add: [carl], keys: null })).toBe('E_GEN');
    expect(group.members(mo, { remove: [bob], keys: null })).toBe('E_GEN');
    expect(group.members(mo, { ban: [bob], keys: null })).toBe('E_GEN');
    expect(group.members(alice, { setRole: [[bob, ROLE.moderator]], keys: null })).toBe('E_GEN');
    expect(group.members(alice, { setRole: [[mo, ROLE.observer]], keys: null })).toBe('E_GEN');
    expect(group.state.generation).toBe(1);
  });

  it('between observer and member no key is needed; one that comes along counts', () => {
    const group = setup();
    expect(group.members(mo, { setRole: [[bob, ROLE.observer]], keys: null })).toBe('ok');
    expect(group.state.generation).toBe(1);
    expect(group.members(mo, { setRole: [[bob, ROLE.member]] })).toBe('ok');
    expect(group.state.generation).toBe(2);
  });

  const bends: readonly (readonly [string, string, (keys: KeyUpdate) => KeyUpdate])[] = [
    [
      'E_GEN',
      'the generation in force',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, generation: 1 } }),
    ],
    [
      'E_GEN',
      'a generation skipped',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, generation: 3 } }),
    ],
    [
      'E_GEN',
      'a generation skipped for staff',
      (keys) => ({ ...keys, staff: { ...keys.staff, generation: 3 } }),
    ],
    [
      'E_ROSTER',
      'another roster',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, rosterHash: hash(1) } }),
    ],
    [
      'E_ROSTER',
      'another roster of staff',
      (keys) => ({ ...keys, staff: { ...keys.staff, rosterHash: hash(1) } }),
    ],
    [
      'E_BOX',
      'a ghost box',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, boxes: keys.everyone.boxes + 1 } }),
    ],
    [
      'E_BOX',
      'a missing box',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, boxes: keys.everyone.boxes - 1 } }),
    ],
    [
      'E_BOX',
      'a ghost box for staff',
      (keys) => ({ ...keys, staff: { ...keys.staff, boxes: keys.staff.boxes + 1 } }),
    ],
    ['E_BOX', 'no boxes', (keys) => ({ ...keys, staff: { ...keys.staff, boxes: 0 } })],
    [
      'E_HIST',
      'history nobody declared',
      (keys) => ({ ...keys, everyone: { ...keys.everyone, wrap: new Uint8Array(72) } }),
    ],
    [
      'E_HIST',
      'history of staff nobody declared',
      (keys) => ({ ...keys, staff: { ...keys.staff, wrap: new Uint8Array(72) } }),
    ],
  ];

  it.each(bends)('P046, P050, P053: %s for %s', (expected, _, bend) => {
    expect(setup().members(mo, { add: [carl], keys: bend })).toBe(expected);
    expect(setup().rotate(mo, bend)).toBe(expected);
  });

  it('P053: keys for the roster before the change are E_ROSTER', () => {
    const group = setup();
    const before = group.keysFor(opsOf({}));
    expect(group.members(mo, { remove: [bob], keys: () => before })).toBe('E_ROSTER');
  });

  it('P050: a wrap is allowed where the generation before was shareable, circle by circle', () => {
    const group = setup();
    const wrap = new Uint8Array(72);
    const share = (keys: KeyUpdate): KeyUpdate => ({
      ...keys,
      everyone: { ...keys.everyone, shareable: true },
    });
    expect(group.rotate(mo, share)).toBe('ok');
    const staffToo = (keys: KeyUpdate): KeyUpdate => ({
      ...keys,
      everyone: { ...keys.everyone, wrap },
      staff: { ...keys.staff, wrap },
    });
    expect(group.rotate(mo, staffToo)).toBe('E_HIST');
    expect(group.rotate(mo, (keys) => ({ ...keys, everyone: { ...keys.everyone, wrap } }))).toBe(
      'ok',
    );
    expect(group.rotate(mo, (keys) => ({ ...keys, everyone: { ...keys.everyone, wrap } }))).toBe(
      'E_HIST',
    );
    expect(group.rotate(mo)).toBe('ok');
  });

  it('a wrap in generation 1 is E_HIST: there is nothing before it', () => {
    const group = new Group(alice);
    const bend = (keys: KeyUpdate): KeyUpdate => ({
      ...keys,
      everyone: { ...keys.everyone, wrap: new Uint8Array(72) },
    });
    expect(group.init(alice, { keys: bend })).toBe('E_HIST');
  });

  it('before InitGroup nothing else is valid, and InitGroup comes once', () => {
    const group = new Group(alice);
    const renewed = withNextCard(alice, ['alice', 'phone'], null);
    expect(group.edit(alice)).toBe('E_GEN');
    expect(group.rotate(alice)).toBe('E_GEN');
    expect(group.members(alice, { add: [bob] })).toBe('E_GEN');
    expect(group.links(alice, [])).toBe('E_GEN');
    expect(group.act(renewed, cardsAfter(renewed, 1))).toBe('E_GEN');
    expect(group.act(alice, { kind: 'CloseGroup', successor: null })).toBe('E_GEN');
    expect(group.init(alice)).toBe('ok');
    expect(group.init(alice)).toBe('E_GEN');
    expect(group.init(alice, { add: [bob] })).toBe('E_GEN');
  });
});

describe('R6: admission by link', () => {
  const link = linkOf('one');

  it('a request admits with the role of its link, counts a use, and stands with its link', () => {
    const group = setup();
    expect(group.links(mo, [terms(link, { role: ROLE.observer })])).toBe('ok');
    expect(group.members(mia, { admit: [requestBy(carl, group.gid, link)] })).toBe('ok');
    expect(group.state.members.get(carl.pid)).toMatchObject({
      role: ROLE.observer,
      via: 'link',
      link: link.pk,
      by: mia.pid,
    });
    expect(group.link(link)).toMatchObject({ uses: 1, maker: mo.pid, role: ROLE.observer });
  });

  it('P051: an unknown, a revoked and an expired link are E_LINK each', () => {
    const group = setup();
    const request = requestBy(carl, group.gid, link);
    expect(group.members(mo, { admit: [request] })).toBe('E_LINK');
    expect(group.links(mo, [terms(link, { expires: TIME + 60_000 })])).toBe('ok');
    expect(group.members(mo, { admit: [request] }, { time: TIME + 60_001 })).toBe('E_LINK');
    expect(group.links(mo, [], [link.pk])).toBe('ok');
    expect(group.members(mo, { admit: [request] })).toBe('E_LINK');
  });

  it('P073: a link revoked between request and approval admits nobody; an addition without it does', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const approval = group.writeMembers(mia, { admit: [requestBy(carl, group.gid, link)] });
    expect(group.links(mo, [], [link.pk])).toBe('ok');
    expect(group.offer(approval)).toBe('E_SEQ');
    expect(group.members(mia, { admit: [requestBy(carl, group.gid, link)] })).toBe('E_LINK');
    expect(group.members(mia, { add: [carl] })).toBe('ok');
  });

  it('P074: the cap holds inside one entry and across entries', () => {
    const group = setup();
    expect(group.links(mo, [terms(link, { maxUses: 1 })])).toBe('ok');
    const [first, second] = [carl, dora].map((who) => requestBy(who, group.gid, link));
    const both = [present(first, 'two'), present(second, 'two')];
    expect(group.members(mo, { admit: both })).toBe('E_LINK');
    expect(group.members(mo, { admit: both.slice(0, 1) })).toBe('ok');
    expect(group.members(mo, { admit: both.slice(1) })).toBe('E_LINK');
    expect(group.links(mo, [terms(link, { maxUses: 2 })])).toBe('ok');
    expect(group.link(link).uses).toBe(1);
    expect(group.members(mo, { admit: both.slice(1) })).toBe('ok');
  });

  it('P075: the end of a request is not passed, and not more than 14 days ahead', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const now = group.state.time + 1000;
    const ending = (exp: number): string =>
      group.members(mo, { admit: [requestBy(carl, group.gid, link, { exp })] }, { time: now });
    expect(ending(now - 1)).toBe('E_REQ');
    expect(ending(now + 14 * DAY + 1)).toBe('E_REQ');
    expect(ending(now + 14 * DAY)).toBe('ok');
  });

  it('P064: a request admits once, ever: not after removal, not after leaving', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const [byCarl, byDora] = [requestBy(carl, group.gid, link), requestBy(dora, group.gid, link)];
    expect(group.members(mo, { admit: [byCarl, byDora] })).toBe('ok');
    expect(group.members(mo, { admit: [byCarl] })).toBe('E_ROSTER');
    expect(group.members(mo, { remove: [carl] })).toBe('ok');
    expect(group.leave(dora)).toBe('ok');
    expect(group.members(mo, { admit: [byCarl] })).toBe('E_REQ');
    expect(group.members(mo, { admit: [byDora] })).toBe('E_REQ');
    const fresh = requestBy(carl, group.gid, link, { exp: TIME + 2 * DAY });
    expect(group.members(mo, { admit: [fresh] })).toBe('ok');
  });

  it('SX-16: a request for another group is E_GID', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const foreign = requestBy(carl, hash(9) as string as Gid, link);
    expect(group.members(mo, { admit: [foreign] })).toBe('E_GID');
  });

  it('P071a, P070: another pid, another card, another link key: nobody comes in', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const request = requestBy(carl, group.gid, link);
    expect(group.members(mo, { admit: [{ ...request, author: dora.pid }] })).toBe('E_CARD');
    const change = { header: { author: dora.pid } };
    expect(group.members(mo, { admit: [requestBy(carl, group.gid, link, change)] })).toBe('E_CARD');
    expect(
      group.members(mo, {
        admit: [requestBy(carl, group.gid, link, { header: { card: dora.cardHash } })],
      }),
    ).toBe('E_CARD');
    expect(
      group.members(mo, {
        admit: [requestBy(carl, group.gid, link, { header: { dev: dora.dev } })],
      }),
    ).toBe('E_DEVICE');
    expect(
      group.members(mo, { admit: [requestBy({ ...carl, device: dora.device }, group.gid, link)] }),
    ).toBe('E_SIG');
    expect(
      group.members(mo, { admit: [requestBy(carl, group.gid, link, { signing: linkOf('two') })] }),
    ).toBe('E_LINK');
  });

  it('what is not a request in off-log layout is E_FORMAT', () => {
    const group = setup();
    expect(group.links(mo, [terms(link)])).toBe('ok');
    const bent = (header: Partial<EntryHeader>): string =>
      group.members(mo, { admit: [requestBy(carl, group.gid, link, { header })] });
    expect(bent({ seq: 1 })).toBe('E_FORMAT');
    expect(bent({ prev: hash(1) })).toBe('E_FORMAT');
    expect(bent({ view: { t: 1, T: ZERO_HASH } })).toBe('E_FORMAT');
    expect(bent({ view: { t: 0, T: hash(1) } })).toBe('E_FORMAT');
    expect(bent({ kind: 'Complain' })).toBe('E_FORMAT');
  });
});

describe('R7: cards', () => {
  it('P068: a device that vanished acts no more, and a new sealing key sets pending', () => {
    const group = setup();
    const two = withNextCard(bob, ['bob', 'phone'], null);
    expect(group.act(two, cardsAfter(two, 1))).toBe('ok');
    expect(group.state.pending).toBeNull();
    const phone = withNextCard(two, ['phone'], 'bob later');
    expect(group.act(phone, cardsAfter(phone, 2))).toBe('ok');
    expect(group.state.pending).toBe('card');
    expect(group.leave({ ...phone, device: bob.device, dev: bob.dev })).toBe('E_DEVICE');
    expect(group.leave(two)).toBe('E_CARD');
    expect(group.rotate(mo)).toBe('ok');
    expect(group.state.pending).toBeNull();
  });

  it('a device vanished without a new sealing key is E_CARD', () => {
    const group = setup();
    const two = withNextCard(bob, ['bob', 'phone'], null);
    expect(group.act(two, cardsAfter(two, 1))).toBe('ok');
    const careless = withNextCard(two, ['bob'], null);
    expect(group.act(careless, cardsAfter(careless, 2))).toBe('E_CARD');
  });

  it('no earlier sealing key and no vanished device comes back; the sealing generation counts changes', () => {
    const group = setup();
    const two = withNextCard(bob, ['phone'], 'bob later');
    expect(group.act(two, cardsAfter(two, 1))).toBe('ok');
    const offer = (next: Person): string => group.act(next, cardsAfter(next, 2));
    expect(offer(withNextCard(two, ['phone'], 'bob'))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone', 'bob'], null))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone', 'bob'], 'bob third'))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone'], 'bob third', { sealGen: 2 }))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone'], 'bob third', { sealGen: 4 }))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone'], null, { sealGen: 3 }))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone'], null, { n: 3 }))).toBe('E_CARD');
    expect(offer(withNextCard(two, ['phone'], 'bob third'))).toBe('ok');
  });

  it('a card of somebody else, or the pinned one again, is E_CARD', () => {
    const group = setup();
    const hers = withNextCard(olga, ['olga', 'phone'], null);
    expect(group.act({ ...hers, pid: bob.pid }, cardsAfter(hers, 1))).toBe('E_CARD');
    expect(group.act(bob, cardsAfter(bob, 0))).toBe('E_CARD');
  });

  it('several cards at once continue the pinned one', () => {
    const group = setup();
    const three = withNextCard(withNextCard(bob, ['bob', 'phone'], null), ['phone'], 'bob later');
    expect(group.act(three, cardsAfter(three, 2))).toBe('E_CARD');
    expect(group.act(three, cardsAfter(three, 1))).toBe('ok');
    expect(group.state.cards.get(bob.pid)?.n).toBe(2);
  });
});

describe('R8: leaving and pending', () => {
  it('who left is out at once; links and edits wait for a new key; other acts do not', () => {
    const group = setup();
    const link = linkOf('one');
    expect(group.leave(bob)).toBe('ok');
    expect(group.state).toMatchObject({ pending: 'leave', generation: 1 });
    expect(group.leave(bob)).toBe('E_NOT_MEMBER');
    expect(group.edit(alice)).toBe('E_PENDING');
    expect(group.edit(alice, 0)).toBe('E_PENDING');
    expect(group.links(mo, [terms(link)])).toBe('E_PENDING');
    expect(group.links(mo, [])).toBe('E_PENDING');
    expect(group.edit(bob)).toBe('E_NOT_MEMBER');
    expect(group.edit(olga)).toBe('E_ROLE');
    expect(group.leave(olga)).toBe('ok');
    expect(group.members(mo, { unban: [bob], keys: null })).toBe('E_ROSTER');
    expect(group.members(mo, { add: [carl] })).toBe('ok');
    expect(group.state.pending).toBeNull();
    expect(group.edit(alice)).toBe('ok');
    expect(group.links(mo, [terms(link)])).toBe('ok');
  });

  it('a ban without a key does not clear pending', () => {
    const group = setup();
    expect(group.leave(bob)).toBe('ok');
    expect(group.members(mo, { ban: [bob], keys: null })).toBe('ok');
    expect(group.state.pending).toBe('leave');
    expect(group.rotate(mo)).toBe('ok');
    expect(group.state.pending).toBeNull();
  });
});

describe('R9: links end with who made them', () => {
  const [byMo, byMia, auto] = [linkOf('by mo'), linkOf('by mia'), linkOf('auto')];
  const withLinks = (): Group => {
    const group = setup();
    const now = group.state.time;
    expect(group.links(mo, [terms(byMo)])).toBe('ok');
    const caps = { auto: true, expires: now + DAY, maxUses: 10 };
    expect(group.links(mia, [terms(byMia), terms(auto, caps)])).toBe('ok');
    return group;
  };
  const revoked = (group: Group): boolean[] =>
    [byMo, byMia, auto].map((link) => group.link(link).revoked);

  it('a moderator removed', () => {
    const group = withLinks();
    expect(group.members(alice, { remove: [mo] })).toBe('ok');
    expect(revoked(group)).toEqual([true, false, true]);
  });

  it('a moderator demoted', () => {
    const group = withLinks();
    expect(group.members(alice, { setRole: [[mo, ROLE.observer]] })).toBe('ok');
    expect(revoked(group)).toEqual([true, false, true]);
  });

  it('a moderator leaving', () => {
    const group = withLinks();
    expect(group.leave(mo)).toBe('ok');
    expect(revoked(group)).toEqual([true, false, true]);
  });

  it('a moderator removed and added again in one entry, as a member or as a moderator', () => {
    for (const roles of [[], [[mo, ROLE.moderator]]] as const) {
      const group = withLinks();
      expect(group.members(alice, { remove: [mo], add: [mo], setRole: roles })).toBe('ok');
      expect(revoked(group)).toEqual([true, false, true]);
    }
  });

  it('a link named again by somebody else still ends with its maker', () => {
    const group = withLinks();
    expect(group.links(alice, [terms(byMo, { paused: true })])).toBe('ok');
    expect(group.link(byMo)).toMatchObject({ maker: mo.pid, paused: true });
    expect(group.members(alice, { remove: [mo] })).toBe('ok');
    expect(revoked(group)).toEqual([true, false, true]);
  });

  it('a ban ends the links that admit without review, also the ban of a stranger', () => {
    const member = withLinks();
    expect(member.members(mo, { ban: [bob] })).toBe('ok');
    expect(revoked(member)).toEqual([false, false, true]);
    const stranger = withLinks();
    expect(stranger.members(mo, { ban: [carl], keys: null })).toBe('ok');
    expect(revoked(stranger)).toEqual([false, false, true]);
  });

  it('a member removed or leaving, and a hand-over, end no link', () => {
    const group = withLinks();
    expect(group.members(mo, { remove: [bob] })).toBe('ok');
    expect(group.leave(olga)).toBe('ok');
    expect(group.act(alice, acceptance(group, mo))).toBe('ok');
    expect(revoked(group)).toEqual([false, false, false]);
  });

  it('a revoked link stays revoked: naming it again, revoking it again or an unknown one is E_LINK', () => {
    const group = withLinks();
    expect(group.links(mia, [], [byMo.pk])).toBe('ok');
    expect(group.links(alice, [terms(byMo)])).toBe('E_LINK');
    expect(group.links(alice, [], [byMo.pk])).toBe('E_LINK');
    expect(group.links(alice, [], [linkOf('unknown').pk])).toBe('E_LINK');
    expect(revoked(group)).toEqual([true, false, false]);
  });
});

describe('terms of links', () => {
  const link = linkOf('one');

  it('naming a link again sets end, cap, flags and preview; uses, role and maker stay', () => {
    const group = setup();
    expect(group.links(mo, [terms(link, { role: ROLE.observer })])).toBe('ok');
    expect(group.members(mo, { admit: [requestBy(carl, group.gid, link)] })).toBe('ok');
    const change = {
      role: ROLE.member,
      expires: TIME + DAY,
      maxUses: 5,
      paused: true,
      previewHash: hash(0x77),
    };
    expect(group.links(mia, [terms(link, change)])).toBe('ok');
    expect(group.link(link)).toMatchObject({
      ...change,
      role: ROLE.observer,
      uses: 1,
      maker: mo.pid,
    });
  });

  it('admission without review needs an end within 30 days and a cap from 1 to 100', () => {
    const group = setup();
    const time = group.state.time + 1000;
    const offer = (expires: number, maxUses: number): string =>
      group.act(mo, linkOps([terms(link, { auto: true, expires, maxUses })]), { time });
    expect(offer(0, 10)).toBe('E_LINK');
    expect(offer(time + 30 * DAY + 1, 10)).toBe('E_LINK');
    expect(offer(time + DAY, 0)).toBe('E_LINK');
    expect(offer(time + DAY, 101)).toBe('E_LINK');
    expect(offer(time + 30 * DAY, 100)).toBe('ok');
  });

  it('32 links live, counted after the entry; revoked ones do not count', () => {
    const group = setup();
    const many = Array.from({ length: 33 }, (_, i) => linkOf(`link ${i}`));
    const first = present(many[0], '33 links');
    expect(
      group.links(
        mo,
        many.map((keys) => terms(keys)),
      ),
    ).toBe('E_LIMIT');
    expect(
      group.links(
        mo,
        many.slice(0, 32).map((keys) => terms(keys)),
      ),
    ).toBe('ok');
    expect(
      group.links(
        mo,
        many.slice(32).map((keys) => terms(keys)),
      ),
    ).toBe('E_LIMIT');
    expect(
      group.links(
        mo,
        many.slice(32).map((keys) => terms(keys)),
        [first.pk],
      ),
    ).toBe('ok');
  });
});

describe('R10: the end of a group', () => {
  it('after CloseGroup everything is E_CLOSED, whatever it is', () => {
    const group = setup();
    const late = group.writeMembers(mo, { remove: [bob] });
    expect(group.act(alice, { kind: 'CloseGroup', successor: hash(1) as string as Gid })).toBe(
      'ok',
    );
    expect(group.state.closed).toEqual({ successor: hash(1) });
    expect(group.offer(late)).toBe('E_CLOSED');
    expect(group.edit(alice)).toBe('E_CLOSED');
    expect(group.leave(bob)).toBe('E_CLOSED');
    expect(group.rotate(alice)).toBe('E_CLOSED');
    expect(group.act(alice, { kind: 'CloseGroup', successor: null })).toBe('E_CLOSED');
    expect(group.offer(new Uint8Array())).toBe('E_CLOSED');
    expect(group.offer(new Uint8Array(500).fill(0xff))).toBe('E_CLOSED');
  });

  it('pending does not keep the owner from closing', () => {
    const group = setup();
    expect(group.leave(bob)).toBe('ok');
    expect(group.act(alice, { kind: 'CloseGroup', successor: null })).toBe('ok');
  });
});

describe('R11: handing over', () => {
  it('P056: the successor becomes owner, the former owner moderator, and the acceptance is used up', () => {
    const group = setup();
    const signed = acceptance(group, mo);
    expect(group.act(alice, signed)).toBe('ok');
    expect([group.roleOf(mo), group.roleOf(alice)]).toEqual([ROLE.owner, ROLE.moderator]);
    expect(group.state).toMatchObject({ owner: mo.pid, ownerEpoch: 1 });
    expect(group.act(alice, signed)).toBe('E_ROLE');
    expect(group.act(mo, acceptance(group, alice, { from: mo }))).toBe('ok');
    expect(group.state.ownerEpoch).toBe(2);
    expect(group.act(alice, signed)).toBe('E_SIG');
    expect(group.leave(mo)).toBe('ok');
  });

  it('P056: another epoch, a passed end and a signature that is not theirs are E_SIG', () => {
    const group = setup();
    expect(group.act(alice, acceptance(group, mo, { epoch: 1 }))).toBe('E_SIG');
    const now = group.state.time + 1000;
    expect(group.act(alice, acceptance(group, mo, { exp: now - 1 }), { time: now })).toBe('E_SIG');
    const foreign = acceptance(group, mo, { by: mia });
    expect(group.act(alice, foreign)).toBe('E_DEVICE');
    expect(group.act(alice, { ...foreign, dev: mo.dev } as Action)).toBe('E_SIG');
    expect(group.act(alice, acceptance(group, mo, { from: mia }))).toBe('E_SIG');
    expect(group.act(alice, acceptance(group, mo, { exp: now }), { time: now })).toBe('ok');
  });

  it('epoch and end come first, then the device, the signature, and the role of the successor last', () => {
    const group = setup();
    const bent = acceptance(group, bob, { by: mia, epoch: 1 });
    expect(group.act(alice, bent)).toBe('E_SIG');
    expect(group.act(alice, acceptance(group, bob, { by: mia }))).toBe('E_DEVICE');
    expect(group.act(alice, { ...acceptance(group, bob, { from: mo }) })).toBe('E_SIG');
    expect(group.act(alice, acceptance(group, bob))).toBe('E_ROLE');
    expect(group.act(alice, acceptance(group, alice))).toBe('E_ROLE');
    expect(group.act(alice, acceptance(group, carl))).toBe('E_DEVICE');
    expect(group.leave(mo)).toBe('ok');
    expect(group.act(alice, acceptance(group, mo))).toBe('E_ROLE');
  });
});

describe('the same log gives the same state', () => {
  it('whoever replays it, and in whatever order devices and members were written', () => {
    const [one, other] = [setup(), setup()];
    for (const group of [one, other]) {
      expect(group.members(mo, { add: group === one ? [carl, dora] : [dora, carl] })).toBe('ok');
      expect(group.leave(bob)).toBe('ok');
      expect(group.rotate(mia)).toBe('ok');
    }
    expect(one.state).toEqual(other.state);
  });
});
