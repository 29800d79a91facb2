/** The groups this account holds: loaded, caught up, kept in step with the server, and told to whoever listens. */
import { type Bytes, fromBase64url } from '../lib/bytes.ts';
import { createEmitter } from '../lib/emitter.ts';
import { ok } from '../lib/result.ts';
import type { ClientEvent } from '../client/event.ts';
import type { GroupSummary, TimelineItem } from '../client/view.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { array, bool, type FieldType, id, record, uint } from '../protocol/field.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { Push } from '../protocol/push.ts';
import type { RequestReply } from '../protocol/request.ts';
import { CLIENT } from '../protocol/limits.ts';
import { isStaff } from '../protocol/role.ts';
import { renewCard } from './acts.ts';
import { askAgain } from './askAgain.ts';
import { createDuties, type Duties } from './autopilot.ts';
import { complain, nameUnjust, unanswered } from './complaints.ts';
import { hearPong, seekConfirmation } from './confirm.ts';
import type { Context, GroupChange } from './context.ts';
import { dropBodies } from './dropping.ts';
import { resume } from './goOn.ts';
import { completeHandover } from './handover.ts';
import { ingest, type Ingested } from './ingest.ts';
import { checkpointContradicts, genuine, judge, warn } from './judge.ts';
import { heardIn, outgoingLines } from './messageLines.ts';
import { joinGroup, keysAhead } from './joining.ts';
import { createGiver, giveObjects, noteShown, partWays } from './lost.ts';
import { forgetTold, takeNames, takeRecords, tellName, tellOpened } from './names.ts';
import { fetchMissingKeys } from './older.ts';
import { createPump } from './outbox.ts';
import { person } from './person.ts';
import { createPongs, type Pongs } from './pongs.ts';
import { fetchQueue, type Waiting } from './queue.ts';
import { glanceAt, loadReplica, type Replica, writesOf } from './replica.ts';
import { refreshTexts } from './texts.ts';
import { createUploader, forgetOrphans } from './uploads.ts';
import { groupSummary, groupView, linesOf, linkViews, requestViews } from './views.ts';

/** Positions of what a screen shows of a talk that was just opened. */
const shownPart = ({ timeline }: Replica): number[] =>
  timeline.range(timeline.end() - 200, timeline.end()).map(({ t }) => t);

/** Groups of one account at most: a record names no more. */
const GROUPS_MAX = 10_000;
const gidsField = array(id<Gid>(), GROUPS_MAX);
const GIDS = 'groups';
/** Groups erased here. Whoever comes back goes on counting messages where they were; a closed group does not come back. */
const forgottenField = array(
  record({ gid: id<Gid>(), closed: bool, ownCtr: uint, ownItem: id<Hash>() }),
  GROUPS_MAX,
);
type Forgotten = FieldType<typeof forgottenField>[number];
const FORGOTTEN = 'forgotten';
/** Failures after which asking again soon may help. */
const PASSING: ReadonlySet<string> = new Set(['E_OFFLINE', 'E_TIMEOUT', 'E_BUSY', 'E_STORAGE']);
/** How long the staff has to answer a complaint. */
const COMPLAINT_MS = 15_000;
/** When the rest of a timeline that was left out is asked for again. */
const WITHHELD_AGAIN_MS = 5000;
/** Refusals of a server that does not know the group, or this account in it. */
const UNKNOWN: ReadonlySet<string> = new Set(['E_NOT_FOUND', 'E_NOT_MEMBER']);
/** News of many small changes is told together. */
const TELL_MS = 15;

export interface Room {
  readonly replica: Replica;
  readonly pump: () => void;
  /** Goes on with files that wait to be uploaded. */
  readonly upload: () => void;
  readonly duties: Duties;
  /** Gives the server back what it lost, if it did. */
  readonly give: () => void;
  waiting: readonly Waiting[];
  complaints: readonly Bytes[];
  reports: readonly Bytes[];
  catching: 'idle' | 'running' | 'again';
  readonly pongs: Pongs;
  tellingLater: boolean;
  /** The own sealing key was changed for this group's sake, once. */
  renewed: boolean;
  /** Items from here on have not been looked at for what makes itself heard. */
  heard: number;
  dirty: { items: Set<number>; gone: Set<string>; group: boolean; outbox: boolean } | null;
}

export interface RoomsOutside {
  readonly emit: (event: ClientEvent) => void;
  readonly name: () => string;
  /** Whether this account asked to join and still waits. */
  readonly waits: (gid: Gid) => boolean;
  /** What the vault said of a group when the account was restored here. */
  readonly lastSeen: (gid: Gid) => { readonly seq: number; readonly head: Hash } | null;
  readonly admitted: (gid: Gid) => Promise<void>;
  /** Gives the account a new sealing key. */
  readonly renewSealing: () => Promise<unknown>;
}

export interface Rooms {
  /** Loads every group, of long ones only their end: what they look like. */
  readonly load: () => Promise<void>;
  /** Every group as lists show it. */
  readonly summaries: () => readonly GroupSummary[];
  /** Groups that are only to be shown so far. */
  readonly glances: () => ReadonlyMap<Gid, Replica>;
  /** Loads what `load` left; until then nothing is to be done with any group. */
  readonly loadRest: () => Promise<void>;
  readonly room: (gid: Gid) => Room | null;
  readonly all: () => readonly Room[];
  /** Takes a new replica in (spawned or joined) and brings it up to date. */
  readonly adopt: (replica: Replica) => Promise<void>;
  /** Erases a group this account is out of, or that is closed. Nothing of it stays but the own place in the row of messages. */
  readonly forget: (gid: Gid) => Promise<Outcome<void>>;
  readonly ready: (ready: RequestReply<'auth'>) => void;
  readonly push: (push: Push) => void;
  readonly changed: (replica: Replica, change: GroupChange) => void;
  readonly onChange: (gid: Gid, listener: () => void) => () => void;
  readonly catchUp: (gid: Gid) => void;
  /** Asks again for what was not handed out. */
  readonly mend: (room: Room) => Promise<void>;
  /** False where the queue could not be asked for. */
  readonly refreshQueue: (gid: Gid) => Promise<boolean>;
  readonly connectionChanged: () => void;
  readonly stop: () => void;
}

export function createRooms(ctx: Context, outside: RoomsOutside): Rooms {
  const rooms = new Map<Gid, Room>();
  const changes = createEmitter<Gid>();
  const glances = new Map<Gid, Replica>();
  const joining = new Set<Gid>();
  let flushing: (() => void) | null = null;
  let stopped = false;
  let forgotten: readonly Forgotten[] = [];

  const open = (replica: Replica): Room => {
    const pump = createPump(ctx, replica);
    const room: Room = {
      replica,
      pump,
      upload: createUploader(ctx, replica),
      pongs: createPongs(ctx, replica, pump),
      waiting: [],
      complaints: [],
      reports: [],
      catching: 'idle',
      tellingLater: false,
      renewed: false,
      heard: replica.timeline.end(),
      dirty: null,
      duties: createDuties(ctx, replica, {
        waiting: () => room.waiting,
        complaints: () => room.complaints,
        name: outside.name,
      }),
      give: createGiver(ctx, replica, () => catchUp(replica.gid)),
    };
    rooms.set(replica.gid, room);
    ctx.groups.set(replica.gid, replica);
    return room;
  };

  const flush = (): void => {
    flushing = null;
    if (stopped) return;
    for (const room of rooms.values()) {
      const { dirty, replica } = room;
      if (dirty === null) continue;
      room.dirty = null;
      const items = [...dirty.items]
        .sort((a, b) => a - b)
        .flatMap((t): TimelineItem[] => {
          const item = replica.timeline.item(t);
          return item === null ? [] : linesOf(ctx, replica, item);
        });
      const lines =
        dirty.outbox || dirty.gone.size > 0 ? [...items, ...outgoingLines(ctx, replica)] : items;
      if (lines.length > 0 || dirty.gone.size > 0)
        outside.emit({ kind: 'timeline', gid: replica.gid, items: lines, gone: [...dirty.gone] });
      tellHeard(room);
      if (dirty.group) {
        outside.emit({ kind: 'group', gid: replica.gid, group: groupView(ctx, replica) });
        tellStaff(room);
      }
    }
    outside.emit({ kind: 'groups', groups: summaries() });
  };

  const tellHeard = (room: Room): void => {
    const { replica } = room;
    const { timeline, gid } = replica;
    const fresh = timeline.range(Math.min(room.heard, timeline.end()), timeline.end());
    room.heard = timeline.end();
    const heard = heardIn(ctx, replica, fresh);
    if (heard !== null) outside.emit({ kind: 'arrived', gid, ...heard });
  };

  const tellStaff = (room: Room): void => {
    const { replica } = room;
    if (!isStaffHere(replica)) return;
    outside.emit({ kind: 'links', gid: replica.gid, links: linkViews(ctx, replica, room.waiting) });
    outside.emit({
      kind: 'requests',
      gid: replica.gid,
      requests: requestViews(ctx, replica, room.waiting),
    });
  };

  const summaries = (): GroupSummary[] => [
    ...[...rooms.values()].map((room) => groupSummary(ctx, room.replica, room.waiting)),
    ...[...glances.values()].map((glance) => groupSummary(ctx, glance, [])),
  ];

  const isStaffHere = (replica: Replica): boolean =>
    isStaff(replica.state.members.get(ctx.identity().pid)?.role ?? 0);

  /** A group that continues another one is shown in that one too. */
  const tellPredecessor = (replica: Replica, change: GroupChange): void => {
    const { predecessor } = replica.state;
    const before = predecessor === null ? undefined : rooms.get(predecessor);
    if (before !== undefined && change.group === true) changed(before.replica, { group: true });
  };

  const changed = (replica: Replica, change: GroupChange): void => {
    const room = rooms.get(replica.gid);
    if (room === undefined) return;
    for (const news of change.news ?? [])
      outside.emit({ kind: 'happened', gid: replica.gid, news });
    room.dirty ??= { items: new Set(), gone: new Set(), group: false, outbox: false };
    for (const t of change.items ?? []) room.dirty.items.add(t);
    for (const key of change.gone ?? []) room.dirty.gone.add(key);
    room.dirty.group ||= change.group === true;
    room.dirty.outbox ||= change.outbox === true || change.group === true;
    flushing ??= ctx.clock.after(TELL_MS, flush);
    tellPredecessor(replica, change);
    room.duties.look();
    room.upload();
    room.pump();
    changes.emit(replica.gid);
  };

  const take = async (
    room: Room,
    items: Parameters<typeof ingest>[2],
    checkpoint: Bytes | null,
  ): Promise<void> => {
    const before = room.replica.timeline.end();
    const doubts = (): number =>
      room.replica.head.warnings.filter((one) => one.kind === 'gossip').length;
    const doubtsBefore = doubts();
    const done = await room.replica.serial(() => ingest(ctx, room.replica, items, checkpoint));
    ctx.tend(follow(room, done));
    if (doubts() > doubtsBefore) room.pongs.asked('');
    // Fewer items than came: the key could not be fetched just now. Asked again when the connection is back.
    const last = items.at(-1);
    if (
      last !== undefined &&
      last.t >= before &&
      room.replica.timeline.end() <= last.t &&
      room.replica.head.halted === null
    ) {
      ctx.clock.after(500, () => catchUp(room.replica.gid));
    }
  };

  /** What follows from new acts and messages, outside the serial. */
  const follow = async (room: Room, done: Ingested): Promise<void> => {
    const { replica } = room;
    if (replica.head.halted !== null) return;
    if (done.acts.length > 0) {
      await refreshTexts(ctx, replica);
      if (isStaffHere(replica)) await refreshQueue(replica.gid);
    }
    for (const checkpoint of done.claims) await compare(replica, checkpoint, false);
    for (const message of done.messages) {
      if (message.payload.type === 'names') await takeNames(ctx, replica, message.payload);
      const others = message.header.author !== ctx.identity().pid;
      if (message.payload.type === 'pong')
        await compare(replica, message.payload.checkpoint, others);
      if (message.payload.type === 'handover')
        await completeHandover(ctx, replica, message.payload);
      if (message.payload.type === 'ping' && others) room.pongs.asked(message.payload.nonce);
      if (message.payload.type === 'pong' && others) room.pongs.heard(message.payload.nonce);
    }
    await settle(room);
  };

  /** A checkpoint another member holds, signed by the server: two that contradict each other are proof. */
  const compare = async (replica: Replica, signed: string, others: boolean): Promise<void> => {
    const bytes = fromBase64url(signed);
    const checkpoint = bytes === null ? null : genuine(ctx, replica, bytes);
    if (bytes === null || checkpoint === null) return;
    await replica.serial(() => judge(ctx, replica, bytes));
    if (others) await hearPong(ctx, replica, checkpoint);
  };

  /** Name and acknowledgement are told, a failed key is complained about. */
  const settle = async (room: Room): Promise<void> => {
    const { replica } = room;
    if (ctx.session.state().kind !== 'online' || !replica.state.members.has(ctx.identity().pid))
      return;
    if (outside.waits(replica.gid)) await welcome(replica);
    if (replica.head.standing === 'invited') return;
    await renewCard(ctx, replica);
    await tellName(ctx, replica, outside.name());
    await tellOpened(ctx, replica);
    tellLater(room);
    await complain(ctx, replica);
    await dropBodies(ctx, replica);
    renewLater(room);
    room.duties.look();
    room.pump();
  };

  /** A generation that came too soon after the last acknowledgement is acknowledged when the minute is over. */
  const tellLater = (room: Room): void => {
    const { head, state } = room.replica;
    if (room.tellingLater || head.ackedGeneration >= state.generation || head.checkpoint === null)
      return;
    room.tellingLater = true;
    const left = head.ackedAt + CLIENT.ackEveryMs - ctx.clock.now();
    // A clock that was turned back makes nobody wait longer than the minute.
    ctx.clock.after(Math.min(Math.max(left, 1000), CLIENT.ackEveryMs), () => {
      room.tellingLater = false;
      if (!stopped) ctx.tend(settle(room));
    });
  };

  /** A complaint nobody answers means that the own key is the wrong one; a new card leads to a new box. */
  const renewLater = (room: Room): void => {
    if (room.renewed || !unanswered(room.replica)) return;
    room.renewed = true;
    ctx.clock.after(COMPLAINT_MS, () => {
      room.renewed = !stopped && unanswered(room.replica);
      if (room.renewed) ctx.tend(outside.renewSealing());
    });
  };

  /** Who asked to join has accepted already, however the approval came. */
  const welcome = async (replica: Replica): Promise<void> => {
    await outside.admitted(replica.gid);
    if (replica.head.standing !== 'invited') return;
    await replica.serial(async () => {
      replica.head = { ...replica.head, standing: 'member' };
      await ctx.records.write(writesOf(ctx.records, replica, {}));
      changed(replica, { group: true });
    });
  };

  const catchUp = (gid: Gid): void => {
    const room = rooms.get(gid);
    if (room === undefined || stopped) return;
    if (room.catching !== 'idle') {
      room.catching = 'again';
      return;
    }
    room.catching = 'running';
    const caughtUp = catching(room).finally(() => {
      const again = room.catching === 'again';
      room.catching = 'idle';
      if (again) catchUp(gid);
    });
    ctx.tend(caughtUp);
  };

  const catching = async (room: Room): Promise<void> => {
    const { replica } = room;
    for (;;) {
      if (ctx.session.state().kind !== 'online' || replica.head.halted !== null) return;
      const from = replica.timeline.end();
      const answer = await ctx.session.call('subscribe', { gid: replica.gid, t: from });
      if (!answer.ok) {
        if (UNKNOWN.has(answer.error.name)) missing(room);
        return;
      }
      shown(room, answer.value.checkpoint);
      if (leavesOut(room, from, answer.value)) return withheld(room);
      await take(room, answer.value.items, answer.value.checkpoint);
      if (!answer.value.more) break;
      if (replica.timeline.end() === from) return;
    }
    await opened(room);
  };

  /** Whether an answer jumps over items it was asked for, or ends before what its own signature says is there. */
  const leavesOut = (
    { replica }: Room,
    from: number,
    { items, checkpoint, more }: RequestReply<'subscribe'>,
  ): boolean => {
    const signed = genuine(ctx, replica, checkpoint);
    const until = from + items.length;
    return (
      items.some((item, i) => item.t !== from + i) || (!more && signed !== null && signed.t > until)
    );
  };

  /** What follows a place that was left out cannot be believed: the server is named, and asked again in a while. */
  const withheld = async (room: Room): Promise<void> => {
    const { replica } = room;
    ctx.clock.after(WITHHELD_AGAIN_MS, () => catchUp(replica.gid));
    await replica.serial(async () => {
      const head = warn(replica.head, 'withheld', null);
      if (head === replica.head) return;
      replica.head = head;
      await ctx.records.write(writesOf(ctx.records, replica, {}));
      changed(replica, { group: true });
    });
  };

  /** The server shows less than is held here: an alarm, and what it lost is given back. */
  const shown = (room: Room, checkpoint: Bytes): void => {
    const { replica } = room;
    const { halted } = replica.head;
    const signed = genuine(ctx, replica, checkpoint);
    if (signed === null) return;
    if (halted !== null || checkpointContradicts(replica, signed)) return;
    noteShown(ctx, replica, signed.t);
    if (replica.behind !== null) room.give();
  };

  /** The server does not know a group, or this account in it, that the own log says this account is in. */
  const missing = (room: Room): void => {
    const { replica } = room;
    if (replica.head.halted !== null || !replica.state.members.has(ctx.identity().pid)) return;
    noteShown(ctx, replica, 0);
    room.give();
  };

  /** Something the server had lost came back: what was missing here is asked for again, what is held here is brought. */
  const mend = async (room: Room): Promise<void> => {
    const { replica } = room;
    if (!replica.state.members.has(ctx.identity().pid)) return;
    await replica.serial(() => askAgain(ctx, replica));
    await refreshTexts(ctx, replica);
    await giveObjects(ctx, replica);
    room.pump();
  };

  /** After catching up: names, texts and the queue as they stand now. */
  const opened = async (room: Room): Promise<void> => {
    const { replica } = room;
    if (!replica.state.members.has(ctx.identity().pid)) return;
    const records = await ctx.session.call('records', { gid: replica.gid });
    if (records.ok) {
      await takeRecords(ctx, replica, records.value.records);
      await forgetTold(ctx, replica, records.value.records);
    }
    await replica.serial(() => resume(ctx, replica));
    await replica.serial(() => fetchMissingKeys(ctx, replica));
    await seekConfirmation(ctx, replica, room.pump);
    await mend(room);
    if (isStaffHere(replica)) await refreshQueue(replica.gid);
    await settle(room);
  };

  const refreshQueue = async (gid: Gid): Promise<boolean> => {
    const room = rooms.get(gid);
    if (room === undefined || !isStaffHere(room.replica)) return true;
    const queue = await fetchQueue(ctx, room.replica, room.waiting);
    if (queue === null) return false;
    room.waiting = queue.waiting;
    room.complaints = queue.complaints;
    room.reports = queue.reports;
    await nameUnjust(ctx, room.replica, queue.complaints);
    changed(room.replica, { group: true });
    return true;
  };

  const adopt = async (replica: Replica): Promise<void> => {
    const room = open(replica);
    await ctx.records.write([ctx.records.put(GIDS, gidsField, [...rooms.keys()])]);
    const invited = replica.head.standing === 'invited';
    const adder = replica.acts.at(-1)?.entry.author;
    const by = adder === undefined ? null : person(replica, adder);
    changed(replica, { group: true, ...(invited ? { news: [{ what: 'invited', by }] } : {}) });
    catchUp(replica.gid);
    room.duties.look();
  };

  const forget = async (gid: Gid): Promise<Outcome<void>> => {
    const room = rooms.get(gid);
    if (room === undefined) return fail('E_NOT_FOUND', 'no such group here');
    const { replica } = room;
    const { standing, ownCtr, ownItem } = replica.head;
    if (standing === 'member' || standing === 'invited')
      return fail('E_ROLE', 'leave the group first');
    room.duties.stop();
    rooms.delete(gid);
    ctx.groups.delete(gid);
    await replica.serial(async () => {
      forgotten = [
        ...forgotten.filter((one) => one.gid !== gid),
        { gid, closed: standing === 'closed', ownCtr, ownItem },
      ].slice(-GROUPS_MAX);
      const keys = await ctx.records.keys(`g/${gid}/`);
      await ctx.records.write([
        ctx.records.put(GIDS, gidsField, [...rooms.keys()]),
        ctx.records.put(FORGOTTEN, forgottenField, forgotten),
        ...keys.map((key) => ({ key, value: null })),
      ]);
    });
    outside.emit({ kind: 'groups', groups: summaries() });
    return ok(undefined);
  };

  /** A group the server says this account is in: proven by the log it then serves, or not at all. */
  const join = async (gid: Gid): Promise<void> => {
    const room = rooms.get(gid);
    if (room !== undefined) {
      if (!room.replica.state.members.has(ctx.identity().pid)) await keysAhead(ctx, room.replica);
      catchUp(gid);
      return;
    }
    if (joining.has(gid) || stopped || ctx.session.state().kind !== 'online') return;
    const before = forgotten.find((one) => one.gid === gid);
    if (before?.closed === true) return;
    if (rooms.size >= GROUPS_MAX) return;
    joining.add(gid);
    const joined = await joinGroup(
      ctx,
      gid,
      outside.waits(gid) || outside.lastSeen(gid) !== null,
      outside.lastSeen(gid),
      before,
    );
    joining.delete(gid);
    if (!joined.ok) {
      if (PASSING.has(joined.error.name)) ctx.clock.after(1000, () => ctx.tend(join(gid)));
      return;
    }
    if (rooms.has(gid)) return;
    await adopt(joined.value);
    await outside.admitted(gid);
  };

  /** A group that was halted before is not judged again, but the server is told that it cannot be mended. */
  const judgeReady = async (replica: Replica, checkpoint: Bytes): Promise<void> => {
    await replica.serial(() => judge(ctx, replica, checkpoint));
    if (replica.head.halted === 'E_FORK') await partWays(ctx, replica);
  };

  const push = (news: Push): void => {
    switch (news.name) {
      case 'items': {
        const room = rooms.get(news.news.gid);
        if (room !== undefined) ctx.tend(take(room, news.news.items, news.news.checkpoint));
        return;
      }
      case 'record': {
        const room = rooms.get(news.news.gid);
        if (room !== undefined) ctx.tend(takeRecords(ctx, room.replica, [news.news]));
        return;
      }
      case 'requests':
        ctx.tend(refreshQueue(news.news.gid));
        return;
      case 'mended': {
        const room = rooms.get(news.news.gid);
        if (room !== undefined) ctx.tend(mend(room).then(() => settle(room)));
        return;
      }
      case 'standing':
        ctx.tend(join(news.news.gid));
        return;
      case 'signal':
      case 'account':
      case 'hello':
      case 'bye':
        return;
    }
  };

  const loadWhole = async (gid: Gid): Promise<Room | null> => {
    const replica = await loadReplica(ctx.p, ctx.records, gid);
    if (replica === null) return null;
    await forgetOrphans(ctx, replica);
    return open(replica);
  };

  return {
    forget,
    async load() {
      forgotten = (await ctx.records.read(FORGOTTEN, forgottenField)) ?? [];
      for (const gid of (await ctx.records.read(GIDS, gidsField)) ?? []) {
        const glance = await glanceAt(ctx.p, ctx.records, gid);
        if (glance === null) await loadWhole(gid);
        else glances.set(gid, glance);
      }
    },
    summaries,
    glances: () => glances,
    async loadRest() {
      for (const gid of [...glances.keys()]) {
        const room = await loadWhole(gid);
        glances.delete(gid);
        // What the end alone could not say: names of earlier people, what was said about it later, how much is unread.
        if (room !== null) changed(room.replica, { group: true, items: shownPart(room.replica) });
      }
    },
    room: (gid) => rooms.get(gid) ?? null,
    all: () => [...rooms.values()],
    adopt,
    ready(ready) {
      const listed = new Set(ready.groups.map((group) => group.gid));
      for (const group of ready.groups)
        if (group.member || rooms.has(group.gid)) {
          const held = rooms.get(group.gid)?.replica;
          if (held !== undefined) ctx.tend(judgeReady(held, group.checkpoint));
          ctx.tend(join(group.gid));
        }
      for (const gid of rooms.keys()) if (!listed.has(gid)) catchUp(gid);
    },
    push,
    changed,
    onChange: (gid, listener) =>
      changes.listen((changedGid) => {
        if (changedGid === gid) listener();
      }),
    catchUp,
    mend,
    refreshQueue,
    connectionChanged() {
      if (stopped) return;
      for (const room of rooms.values())
        if (room.replica.outbox.length > 0) changed(room.replica, { outbox: true });
      for (const room of rooms.values()) room.duties.look();
    },
    stop() {
      stopped = true;
      flushing?.();
      for (const room of rooms.values()) {
        room.duties.stop();
        room.pongs.stop();
      }
    },
  };
}
