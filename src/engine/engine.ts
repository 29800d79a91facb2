/** The headless client: the one place where effects are carried out. In the browser it lives in the worker, in Node in the process. */
import { present } from '../lib/assert.ts';
import { createEmitter } from '../lib/emitter.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import type { Client, GroupMetadata } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { neutralise } from '../client/shownName.ts';
import type { AccountView, ConnectionView, PreferencesView } from '../client/view.ts';
import { safetyNumber } from '../crypto/code.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import type { PushOf } from '../protocol/push.ts';
import { isStaff, ROLE } from '../protocol/role.ts';
import {
  type Account,
  drawAccount,
  isPublished,
  keepAccount,
  loadAccount,
  publishedCards,
  type Stored,
  unpublished,
} from './account.ts';
import { foundGroup, furnishSuccessor, successorOf } from './founding.ts';
import { acceptOwnership, offerOwnership } from './handover.ts';
import { createDeletion } from './deletion.ts';
import { exportEvidence, exportLog } from './evidence.ts';
import { exportPart } from './exporting.ts';
import { continueWithServer } from './goOn.ts';
import { createKeeping } from './keep.ts';
import { createLocking } from './lock.ts';
import * as acts from './acts.ts';
import type { Context } from './context.ts';
import { createJoins, type Joins } from './joins.ts';
import { discard, retry } from './outbox.ts';
import { loadOlder, reachesBack } from './older.ts';
import { onceWhole } from './onceWhole.ts';
import { linesIn, pageBefore } from './page.ts';
import { person } from './person.ts';
import type { Ports } from './ports.ts';
import { nameAnywhere, openPair as findOrMakePair } from './pair.ts';
import { createPreferences } from './preferences.ts';
import { createRecords } from './records.ts';
import { writesOf } from './replica.ts';
import { createRooms, type Room } from './rooms.ts';
import { createSearch } from './search.ts';
import { createSession } from './session.ts';
import { createSignals } from './signals.ts';
import { createRunningVerbs } from './running.ts';
import { begunAgain, createTwin } from './twin.ts';
import { createStaffVerbs } from './staff.ts';
import { createTaskRun } from './taskRun.ts';
import { createFileVerbs } from './files.ts';
import { createTalkVerbs } from './talk.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { groupView, requestViews } from './views.ts';

/** After this long it is looked again for what another device did not put into the vault yet. */
const RENEW_AGAIN_MS = 15_000;
/** Why the engine ended after logOut: nothing is left here, and the page starts afresh. */
const LOGGED_OUT = 'loggedOut';
/** The same after the account was deleted. */
const DELETED = 'deleted';
/** Why the engine ended when this device was locked: the next one needs somebody who unlocks. */
export const LOCKED = 'locked';
const CLOSED = fail('E_OFFLINE', 'the client is closed');

/** Starts an engine over its ports: loads what is stored, connects, and answers the Client interface. */
export async function createEngine(ports: Ports): Promise<Client> {
  const { primitives: p, clock } = ports;
  const events = createEmitter<ClientEvent>();
  const records = createRecords(p, ports.store, ports.storageKey);
  let account: Account | null = await loadAccount(p, records);
  let closed = false;
  /** The own cards are being fetched from the vault: nobody logs in meanwhile. */
  let renewing = false;
  /** The own card whose chain was shown to the server since it was refused. */
  let cardGiven: Hash | null = null;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  /** What was under way when the client was closed is answered, though it is not known how it would have ended. */
  const orClosed = <T>(work: Promise<Outcome<T>> | Outcome<T>): Promise<Outcome<T>> =>
    Promise.race([work, ended.then(() => CLOSED)]);

  const session = createSession(ports, {
    identity: () =>
      account !== null && isPublished(account) && !renewing ? account.identity : null,
    checkpoints: () =>
      rooms
        .all()
        .flatMap((room) =>
          room.replica.head.checkpoint === null ? [] : [room.replica.head.checkpoint],
        ),
  });

  const ctx: Context = {
    p,
    clock,
    records,
    session,
    origin: ports.origin,
    groups: new Map(),
    twin: await createTwin(records, () => {
      events.emit({ kind: 'connection', connection: connectionView() });
      for (const room of rooms.all()) rooms.changed(room.replica, { outbox: true });
    }),
    preferences: await createPreferences(records, (change) => {
      events.emit({ kind: 'preferences', preferences: preferencesView() });
      for (const room of rooms.all())
        rooms.changed(room.replica, { group: change.accept !== undefined, outbox: true });
    }),
    identity: () => present(account, 'an account exists where one is needed').identity,
    verified: () => new Set(account?.stored.verified),
    changed: (replica, change) => rooms.changed(replica, change),
    onChange: (gid, listener) => rooms.onChange(gid, listener),
    catchUp: (gid) => rooms.catchUp(gid),
    tend: (work) => {
      work.catch(stop);
    },
  };

  const stopFor = (reason: string): void => {
    if (closed) return;
    closed = true;
    rooms.stop();
    session.stop();
    end();
    events.emit({ kind: 'stopped', reason });
  };
  /** The store refused or a record is damaged: nothing goes on that could not be kept. What is stored stays as it is. */
  const stop = (error: unknown): void => stopFor(error instanceof Error ? error.name : 'unknown');

  const locking = createLocking(ports, records, {
    end: () => stopFor(LOCKED),
    told: (lock) => events.emit({ kind: 'lock', lock }),
  });

  const rooms = createRooms(ctx, {
    emit: events.emit,
    name: () => account?.stored.name ?? '',
    lastSeen: (gid) => account?.stored.lastSeen.find((one) => one.gid === gid) ?? null,
    waits: (gid) => joins.waits(gid),
    admitted: (gid) => joins.admitted(gid),
    renewSealing: () => keeping.renewSealing(),
  });
  const joins: Joins = await createJoins(ctx, () => {
    if (account !== null) events.emit({ kind: 'ownRequests', requests: joins.views() });
  });
  if (account !== null) await rooms.load();

  const connectionView = (): ConnectionView => {
    const state = session.state();
    if (ctx.twin.known()) return { state: 'copied' };
    switch (state.kind) {
      case 'stopped':
        return { state: 'offline' };
      case 'connecting':
      case 'authenticating':
        return { state: 'connecting', attempt: state.attempt };
      case 'greeted':
      case 'online':
        return { state: 'online', clockOffBy: session.clockOffset() };
      case 'waiting':
        return { state: 'waiting', retryAt: state.until, reason: state.reason };
      case 'refused':
        return { state: 'refused', reason: state.reason };
    }
  };

  const here = (): Account => present(account, 'an account exists where one is needed');
  const keeping = createKeeping(ctx, {
    account: () => account,
    replace: (next) => {
      account = next;
    },
    publish: () => publish(),
    dropped: () => deletion.dropping(),
    deviceName: () => ports.deviceName,
    stretch: ports.stretch,
    told: () => tellKeeping(),
  });

  const tellKeeping = (): void => {
    events.emit({ kind: 'recovery', recovery: keeping.recovery() });
    events.emit({ kind: 'devices', devices: keeping.devices() });
  };

  const withAccount = <T>(act: () => Promise<Outcome<T>>): Promise<Outcome<T>> =>
    account === null ? Promise.resolve(fail('E_NOT_FOUND', 'no account')) : act();

  session.onState((state) => {
    if (state.kind === 'greeted' && account !== null && !renewing) ctx.tend(publish());
    if (state.kind === 'refused' && state.reason.name === 'E_CARD') ctx.tend(renew());
    events.emit({ kind: 'connection', connection: connectionView() });
    rooms.connectionChanged();
  });
  session.onPush((push) => {
    rooms.push(push);
    if (push.name === 'signal') signals.hear(push.news);
    if (push.name === 'standing') ctx.tend(joins.refresh());
    if (push.name === 'account') ctx.tend(heardOfAccount(push.news.what));
  });
  session.onReady((ready) => {
    cardGiven = null;
    rooms.ready(ready);
    if (deletion.view() === null) ctx.tend(keeping.save());
    ctx.tend(joins.refresh());
    ctx.tend(deletion.resume());
  });

  const preferencesView = (): PreferencesView => {
    const { blocked, ...rest } = ctx.preferences.view();
    const named = blocked.map((pid) => ({ ...person(null, pid), name: nameAnywhere(ctx, pid) }));
    return { ...rest, blocked: named };
  };

  /** Resolves once long groups are loaded; at once where there are none. */
  let whole: Promise<void> = Promise.resolve();
  const afterWhole = <T>(act: () => Promise<T>): Promise<T> =>
    whole.catch(() => undefined).then(act);

  const accountView = (): AccountView | null =>
    account === null ? null : { pid: account.identity.pid, name: account.stored.name };

  const withRoom = async <T>(
    gid: Gid,
    act: (room: Room) => Promise<Outcome<T>> | Outcome<T>,
  ): Promise<Outcome<T>> => {
    if (closed) return CLOSED;
    const room = rooms.room(gid);
    if (room === null) return fail('E_NOT_FOUND', 'no such group here');
    try {
      return await orClosed(act(room));
    } catch (error) {
      stop(error);
      return fail('E_STORAGE', 'the local store refused');
    }
  };

  /** Where the store refuses in the middle of an act, the engine ends and says so. */
  const guarded = async <T>(act: () => Promise<Outcome<T>>): Promise<Outcome<T>> => {
    if (closed) return CLOSED;
    try {
      return await act();
    } catch (error) {
      stop(error);
      return fail('E_STORAGE', 'the local store refused');
    }
  };

  const publishing = createSerial();
  /** The server must know the newest card before anybody can log in with it. Sent again after a lost answer. */
  const publish = (): Promise<Outcome<void>> =>
    publishing(async () => {
      if (account === null) return ok(undefined);
      if (isPublished(account)) {
        // Another device published it while this connection said hello: nobody else would log in now.
        if (!renewing) session.accountReady();
        return ok(undefined);
      }
      if (!(await withTimeout(session.until('greeted')))) return fail('E_OFFLINE', 'no server');
      let upTo = account.card.n + 1;
      let answer = await session.call('publishCards', { cards: unpublished(account) });
      if (!answer.ok && answer.error.name === 'E_CARD') {
        // Another device was first: its cards are taken over, and what is still to be told follows them.
        const caughtUp = await keeping.catchUp();
        if (!caughtUp.ok) return caughtUp;
        if (isPublished(account)) return fail('E_PREV', 'another device changed the account first');
        upTo = account.card.n + 1;
        answer = await session.call('publishCards', { cards: unpublished(account) });
      }
      if (!answer.ok) return { ok: false, error: answer.error };
      await keeping.published(upTo);
      session.accountReady();
      for (const room of rooms.all()) rooms.catchUp(room.replica.gid);
      tellKeeping();
      return ok(undefined);
    });

  const withTimeout = (wait: Promise<boolean>): Promise<boolean> =>
    new Promise((resolve) => {
      const stop = clock.after(20_000, () => resolve(false));
      void wait.then((there) => {
        stop();
        resolve(there);
      });
    });

  /** Publishes the account that was just stored, logs in and tells everybody. */
  const enter = async (): Promise<Outcome<AccountView>> => {
    const published = await publish();
    if (!published.ok) return published;
    if (!(await withTimeout(session.until('online')))) return fail('E_OFFLINE', 'no server');
    const view = present(accountView(), 'the account was made');
    events.emit({ kind: 'account', account: view });
    tellKeeping();
    return ok(view);
  };

  const createAccount = async (name: string): Promise<Outcome<AccountView>> => {
    if (account !== null && isPublished(account))
      return fail('E_ROSTER', 'there is an account on this device');
    const shown = neutralise(name);
    if (shown === null) return fail('E_FORMAT', 'a name is needed');
    const time = Math.round(clock.now());
    account ??= await keepAccount(p, records, drawAccount(p, shown, ports.deviceName, time));
    return enter();
  };

  /** An account that was found elsewhere comes in with this installation as a further device. */
  const bringIn = async (find: () => Promise<Outcome<Stored>>): Promise<Outcome<AccountView>> => {
    if (account !== null) return fail('E_ROSTER', 'there is an account on this device');
    if (!(await withTimeout(session.until('greeted')))) return fail('E_OFFLINE', 'no server');
    const restored = await find();
    if (!restored.ok) return restored;
    account = await keepAccount(p, records, restored.value);
    const entered = await enter();
    if (entered.ok) ctx.tend(keeping.save());
    return entered;
  };

  /**
   * The own card is not the newest the server knows. A server that lost it gets the whole chain back; where another device
   * went on, its cards are taken from the vault. Then this one logs in again.
   */
  const renew = async (): Promise<void> => {
    if (closed || renewing || account === null) return;
    renewing = true;
    session.retry();
    if (await withTimeout(session.until('greeted'))) {
      const before = account.identity.cardHash;
      const given =
        cardGiven === before
          ? null
          : await session.call('publishCards', { cards: publishedCards(account) });
      if (given?.ok === true) cardGiven = before;
      const renewed = await keeping.catchUp();
      renewing = false;
      if (renewed.ok || given?.ok === true) ctx.tend(publish().then(() => session.accountReady()));
      // Cards whose key only the device knows that made them: its vault follows them.
      else clock.after(RENEW_AGAIN_MS, () => ctx.tend(renew()));
      tellKeeping();
    }
    renewing = false;
  };

  /** Another device of this account did something: its cards are taken over while both go on. */
  const heardOfAccount = async (what: PushOf<'account'>['what']): Promise<void> => {
    if (what === 'pass') events.emit({ kind: 'deviceCode', state: 'used' });
    else if (!renewing && (await keeping.catchUp()).ok) tellKeeping();
  };

  /** A copied profile becomes a device of its own: another key, counters from one, what waits is sealed anew. */
  const enrolAgain = async (): Promise<Outcome<void>> => {
    if (!ctx.twin.known()) return ok(undefined);
    // Logged in means that the newest cards are known: the copy may have changed the account meanwhile.
    if (!(await withTimeout(session.until('online')))) return fail('E_OFFLINE', 'no connection');
    const enrolled = await keeping.newDevice(() => [
      ...rooms.all().flatMap((room) => begunAgain(records, room.replica)),
      ctx.twin.end,
    ]);
    if (!enrolled.ok) return enrolled;
    ctx.twin.over();
    for (const room of rooms.all()) rooms.changed(room.replica, { outbox: true });
    const published = await publish();
    // The server ends the connection of the old key at once; the rest happens on the next one.
    if (!published.ok && published.error.name !== 'E_OFFLINE') return published;
    return (await withTimeout(session.until('online'))) ? ok(undefined) : fail('E_OFFLINE');
  };

  const logOut = async (evenSo: boolean): Promise<Outcome<void>> => {
    if (account === null) return fail('E_NOT_FOUND', 'no account');
    if (account.stored.recovery !== 'proved' && !evenSo)
      return fail('E_PENDING', 'no recovery code is proved');
    await eraseAll();
    events.emit({ kind: 'account', account: null });
    events.emit({ kind: 'stopped', reason: LOGGED_OUT });
    end();
    return ok(undefined);
  };

  const lockNow = async (): Promise<Outcome<void>> => {
    if ((await locking.view()).slots.length === 0) return fail('E_NOT_FOUND', 'there is no lock');
    stopFor(LOCKED);
    return ok(undefined);
  };

  const eraseAll = async (): Promise<void> => {
    closed = true;
    rooms.stop();
    session.stop();
    await records.erase();
    // A lock would keep the next person out of an empty device.
    await ports.keyPlace?.unsetLock(ports.storageKey);
    account = null;
  };

  const deletion = await createDeletion(ctx, {
    joins: () => joins,
    otherDevices: () =>
      keeping.devices().flatMap((one) => (one.me || one.signedOut ? [] : [one.dev])),
    signOut: keeping.signOut,
    tell: (view) => {
      events.emit({ kind: 'deletion', deletion: view });
      if (view.state === 'running') return;
      events.emit({ kind: 'stopped', reason: DELETED });
      end();
    },
    erase: eraseAll,
  });

  const spawnGroup = async (): Promise<Outcome<Gid>> => {
    if (account === null) return fail('E_NOT_FOUND', 'no account');
    const founded = await foundGroup(ctx, null);
    if (!founded.ok) return founded;
    await rooms.adopt(founded.value);
    ctx.tend(keeping.save());
    return ok(founded.value.gid);
  };

  const openPair = async (pid: Pid): Promise<Outcome<Gid>> => {
    if (account === null) return fail('E_NOT_FOUND', 'no account');
    const opened = await findOrMakePair(ctx, pid, rooms.adopt);
    if (opened.ok) ctx.tend(keeping.save());
    return opened;
  };

  const openSuccessor = (gid: Gid): Promise<Outcome<Gid>> =>
    withRoom(gid, async (room) => {
      const role = room.replica.state.members.get(ctx.identity().pid)?.role ?? ROLE.observer;
      if (!isStaff(role)) return fail('E_ROLE', 'owner and moderators only');
      const held = successorOf(ctx, gid);
      if (held !== null) return ok(held.gid);
      const founded = await foundGroup(ctx, gid);
      if (!founded.ok) return founded;
      await rooms.adopt(founded.value);
      const furnished = await furnishSuccessor(ctx, room.replica, founded.value);
      rooms.changed(room.replica, { group: true });
      return furnished.ok ? ok(founded.value.gid) : furnished;
    });

  const metadata = (room: Room): GroupMetadata => {
    const view = groupView(ctx, room.replica);
    const base = {
      group_name: view.name,
      about: view.about,
      owner: room.replica.state.owner,
      members: view.members.map((member) => ({ pid: member.pid, role: member.role })),
      generation: view.generation,
    };
    return isStaff(view.role)
      ? { ...base, requests: requestViews(ctx, room.replica, room.waiting) }
      : base;
  };

  const staff = createStaffVerbs(ctx, {
    withRoom,
    refreshQueue: (gid) => rooms.refreshQueue(gid),
    name: () => account?.stored.name ?? '',
  });

  const search = createSearch(ctx);
  const signals = createSignals(ctx, events.emit);
  const running = createRunningVerbs(ctx, { withRoom });

  const tasks: Tasks = await createTasks(
    ctx,
    createTaskRun(ctx, {
      room: (gid) => rooms.room(gid),
      refreshQueue: (gid) => rooms.refreshQueue(gid),
      verbs: { ...staff, rotateSessionKey: running.rotateSessionKey },
    }),
    {
      told: () => events.emit({ kind: 'tasks', tasks: tasks.views() }),
      asked: (gid, requests) =>
        (rooms.room(gid)?.waiting ?? []).flatMap(({ request: { hash, pid }, name }) =>
          requests.includes(hash)
            ? [{ key: hash, pid, name: name === null ? null : neutralise(name.name) }]
            : [],
        ),
    },
  );
  session.onReady(() => tasks.look());

  const client: Client = {
    account: () => Promise.resolve(accountView()),
    createAccount: (name) => orClosed(createAccount(name)),
    recovery: () => Promise.resolve(keeping.recovery()),
    showRecoveryCode: () => orClosed(withAccount(keeping.showCode)),
    proveRecoveryCode: (groups) => orClosed(withAccount(() => keeping.prove(groups))),
    restoreAccount: (code) => orClosed(bringIn(() => keeping.restore(code))),
    offerDevice: () => orClosed(withAccount(keeping.offer)),
    withdrawDeviceOffer: () => orClosed(withAccount(keeping.withdrawOffer)),
    enterFromDevice: (code) => orClosed(bringIn(() => keeping.enter(code))),
    ways: () => orClosed(withAccount(keeping.ways.list)),
    addWay: (secret) => orClosed(withAccount(() => keeping.ways.add(secret))),
    removeWay: (slot) => orClosed(withAccount(() => keeping.ways.remove(slot))),
    restoreByWay: (secret) => orClosed(bringIn(() => keeping.restoreBy(secret))),
    lock: locking.view,
    addLock: (secret) => guarded(() => locking.add(secret)),
    removeLock: (slot) => guarded(() => locking.remove(slot)),
    setIdle: (minutes) => guarded(() => locking.setIdle(minutes)),
    lockNow: () => orClosed(lockNow()),
    // Whoever is asked here is open already.
    unlock: () => Promise.resolve(ok(undefined)),
    devices: () => Promise.resolve(keeping.devices()),
    signOutDevice: (dev) => orClosed(withAccount(() => keeping.signOut(dev))),
    enrolAgain: () => orClosed(withAccount(enrolAgain)),
    logOut: (evenSo) => orClosed(logOut(evenSo)),
    exportData: (cursor) =>
      orClosed(
        withAccount(() => exportPart(ctx, { account: here, keeping, joins: () => joins }, cursor)),
      ),
    deletion: () => Promise.resolve(deletion.view()),
    deleteAccount: (close) => orClosed(withAccount(() => deletion.start(close))),
    eraseNow: () => withAccount(deletion.eraseNow),
    offerOwnership: (gid, to) =>
      withRoom(gid, async (room) => {
        const done = await offerOwnership(ctx, room.replica, to);
        room.pump();
        return done;
      }),
    acceptOwnership: (gid) =>
      withRoom(gid, async (room) => {
        const done = await acceptOwnership(ctx, room.replica);
        room.pump();
        return done;
      }),
    openSuccessor,
    joinSuccessor: (gid) => {
      const next = successorOf(ctx, gid);
      return next === null
        ? Promise.resolve(fail('E_NOT_FOUND', 'no successor is known here'))
        : client.acceptInvitation(next.gid);
    },
    connection: () => Promise.resolve(connectionView()),
    reconnect: () => {
      session.retry();
      return Promise.resolve();
    },
    groups: () => Promise.resolve(rooms.summaries()),
    group: (gid) => {
      const glance = rooms.glances().get(gid);
      return glance === undefined
        ? withRoom(gid, (room) => ok(groupView(ctx, room.replica)))
        : Promise.resolve(ok(groupView(ctx, glance)));
    },
    spawnGroup: () => orClosed(spawnGroup()),
    initGroup: (gid, info, ops) =>
      withRoom(gid, (room) => acts.initGroup(ctx, room.replica, info, ops)),
    editGroupInfo: (gid, info) =>
      withRoom(gid, (room) => acts.editGroupInfo(ctx, room.replica, info)),
    setPolicy: (gid, policy) => withRoom(gid, (room) => acts.setPolicy(ctx, room.replica, policy)),
    editMember: (gid, ops) =>
      withRoom(gid, async (room) => {
        const done = await acts.editMember(ctx, room.replica, ops);
        if (done.ok && (ops.add ?? []).length > 0) await rooms.refreshQueue(gid);
        return done;
      }),
    leaveGroup: (gid, reason) =>
      withRoom(gid, (room) => acts.leaveGroup(ctx, room.replica, reason)),
    closeGroup: (gid) => withRoom(gid, (room) => acts.closeGroup(ctx, room.replica)),
    ...running,
    forgetGroup: (gid) => orClosed(rooms.forget(gid)),
    exportLog: (gid) => withRoom(gid, (room) => exportLog(room.replica)),
    exportEvidence: (gid) => withRoom(gid, (room) => exportEvidence(room.replica)),
    continueWithServer: (gid) =>
      withRoom(gid, async (room) => {
        const { generation } = room.replica.state;
        const done = await continueWithServer(ctx, room.replica);
        rooms.catchUp(gid);
        // Who may not change the key asks the staff for one, by renewing the own sealing key: R7 makes them rotate.
        const role = room.replica.state.members.get(ctx.identity().pid)?.role ?? ROLE.observer;
        if (done.ok && !isStaff(role) && room.replica.head.freshAfter >= generation)
          ctx.tend(keeping.renewSealing());
        return done;
      }),
    acceptInvitation: (gid) =>
      withRoom(gid, async (room) => {
        await room.replica.serial(async () => {
          if (room.replica.head.standing !== 'invited') return;
          room.replica.head = { ...room.replica.head, standing: 'member' };
          await records.write(writesOf(records, room.replica, {}));
          rooms.changed(room.replica, { group: true });
        });
        rooms.catchUp(gid);
        return ok(undefined);
      }),
    getGroupMetadata: (gid) => withRoom(gid, (room) => ok(metadata(room))),
    ...createTalkVerbs(ctx, withRoom),
    ...createFileVerbs(ctx, { withRoom, room: (gid) => rooms.room(gid), guarded }),
    retryMessage: (gid, localId) =>
      withRoom(gid, async (room) => {
        const done = await retry(ctx, room.replica, localId);
        room.pump();
        return done;
      }),
    discardMessage: (gid, localId) => withRoom(gid, (room) => discard(ctx, room.replica, localId)),
    queryMessage: (gid, query) =>
      withRoom(gid, (room) => {
        const { from, until, limit, order } = query;
        if ((order as string) !== 'asc' && (order as string) !== 'desc')
          return fail('E_FORMAT', 'order is asc or desc');
        if (![from, until, limit].every((n) => Number.isSafeInteger(n) && n >= 0) || from > until)
          return fail('E_FORMAT', 'bounds');
        if (limit > SERVER_LIMITS.queryItems) return fail('E_LIMIT', 'at most 200 items');
        const found = linesIn(ctx, room.replica, 0, room.replica.timeline.end()).filter(
          (line) => line.at >= from && line.at <= until,
        );
        return ok(order === 'asc' ? found.slice(0, limit) : found.toReversed().slice(0, limit));
      }),
    timeline: (gid, before) => {
      const glance = rooms.glances().get(gid);
      if (glance !== undefined && (before === null || before > glance.timeline.first()))
        // There is more before the end, held here or to be asked for.
        return Promise.resolve(ok({ ...pageBefore(ctx, glance, before), more: true }));
      return afterWhole(() =>
        withRoom(gid, async ({ replica }) => {
          if (before !== null && before <= replica.timeline.first() && reachesBack(replica)) {
            const older = await loadOlder(ctx, replica);
            if (!older.ok) return older;
          }
          return ok(pageBefore(ctx, replica, before));
        }),
      );
    },
    lookAgain: (gid) =>
      withRoom(gid, async (room) => {
        await rooms.mend(room);
        rooms.catchUp(gid);
        return ok(undefined);
      }),
    markRead: async (gid, t) => {
      await withRoom(gid, (room) =>
        room.replica.serial(async () => {
          const seen = Math.min(t + 1, room.replica.timeline.end());
          if (seen <= room.replica.head.lastRead) return ok(undefined);
          room.replica.head = { ...room.replica.head, lastRead: seen };
          await records.write(writesOf(records, room.replica, {}));
          rooms.changed(room.replica, {});
          return ok(undefined);
        }),
      );
    },
    openLink: (link) => orClosed(joins.open(link)),
    joining: (joinId) => orClosed(joins.view(joinId)),
    dismissLink: (joinId) => joins.dismiss(joinId),
    requestToJoin: async (joinId, note) => {
      if (account === null) return fail('E_NOT_FOUND', 'no account');
      return orClosed(joins.request(joinId, account.stored.name, note));
    },
    ownRequests: () => Promise.resolve(account === null ? [] : joins.views()),
    withdraw: (gid) => orClosed(joins.withdraw(gid)),
    ...staff,
    tasks: () => Promise.resolve(tasks.views()),
    startTask: (gid, act, delay = 0) => orClosed(tasks.start(gid, act, delay)),
    cancelTask: (id) => orClosed(tasks.cancel(id)),
    retryTask: (id) => orClosed(tasks.retry(id)),
    dismissTask: (id) => orClosed(tasks.dismiss(id)),
    attend: (gid, typing) => {
      if (account !== null) signals.attend(gid, typing);
      return Promise.resolve();
    },
    search: (wishes) => orClosed(search.search(wishes)),
    preferences: () => Promise.resolve(preferencesView()),
    changePreferences: (change) => orClosed(ctx.preferences.change(change)),
    openPair: (pid) => orClosed(openPair(pid)),
    setVerified: (pid, on) =>
      orClosed(
        withAccount(async () => {
          const done = await keeping.setVerified(pid, on);
          for (const room of rooms.all())
            if (room.replica.state.members.has(pid))
              rooms.changed(room.replica, { group: true, outbox: true });
          return done;
        }),
      ),
    safetyNumber: (pid) =>
      Promise.resolve(
        account === null
          ? fail('E_NOT_FOUND', 'no account')
          : ok(safetyNumber(p, account.identity.pid, pid)),
      ),
    listen: events.listen,
    async close() {
      closed = true;
      tasks.stop();
      signals.stop();
      rooms.stop();
      session.stop();
      end();
      await records.close();
    },
  };

  void ports.storeGone?.then((reason) => {
    const error = new Error('the store lost what it held');
    error.name = reason;
    stop(error);
  });
  if (rooms.glances().size === 0) {
    session.start();
    return client;
  }
  whole = rooms.loadRest().then(() => {
    if (!closed) session.start();
  });
  ctx.tend(whole);
  return onceWhole(client, whole);
}
