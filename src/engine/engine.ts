/** The headless client: the one place where effects are carried out. In the browser it lives in the worker, in Node in the process. */
import { present } from '../lib/assert.ts';
import { createEmitter } from '../lib/emitter.ts';
import { ok } from '../lib/result.ts';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { neutralise } from '../client/shownName.ts';
import type { AccountView, ConnectionView, PreferencesView } from '../client/view.ts';
import { safetyNumber } from '../crypto/code.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid } from '../protocol/ids.ts';
import { type Account, isPublished, loadAccount } from './account.ts';
import { createDeletion } from './deletion.ts';
import { exportPart } from './exporting.ts';
import { createKeeping } from './keep.ts';
import { createLocking } from './lock.ts';
import type { Context } from './context.ts';
import { createJoins, type Joins } from './joins.ts';
import { onceWhole } from './onceWhole.ts';
import { person } from './person.ts';
import type { Ports } from './ports.ts';
import { nameAnywhere } from './pair.ts';
import { createPreferences } from './preferences.ts';
import { createRecords } from './records.ts';
import { createRooms, type Room } from './rooms.ts';
import { createSearch } from './search.ts';
import { createSession } from './session.ts';
import { createSignals } from './signals.ts';
import { createRunningVerbs } from './running.ts';
import { createTwin } from './twin.ts';
import { createStaffVerbs } from './staff.ts';
import { createTaskRun } from './taskRun.ts';
import { accountViewOf, createEntering } from './entering.ts';
import { createGroupVerbs } from './groups.ts';
import { createReadingVerbs } from './reading.ts';
import { createFileVerbs } from './files.ts';
import { createTalkVerbs } from './talk.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createUnsent } from './unsent.ts';

/** Why the engine ended after logOut: nothing is left here, and the page starts afresh. */
const LOGGED_OUT = 'loggedOut';
/** The same after the account was deleted. */
const DELETED = 'deleted';
/** Why the engine ended when this device was locked: the next one needs somebody who unlocks. */
export const LOCKED = 'locked';
/** Reading the whole of a long group keeps a processor busy; a screen that shows its end draws it first. */
const DRAW_FIRST_MS = 300;
const CLOSED = fail('E_OFFLINE', 'the client is closed');

/** Starts an engine over its ports: loads what is stored, connects, and answers the Client interface. */
export async function createEngine(ports: Ports): Promise<Client> {
  const { primitives: p, clock } = ports;
  const events = createEmitter<ClientEvent>();
  const records = createRecords(p, ports.store, ports.storageKey);
  let account: Account | null = await loadAccount(p, records);
  let closed = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  /** What was under way when the client was closed is answered, though it is not known how it would have ended. */
  const orClosed = <T>(work: Promise<Outcome<T>> | Outcome<T>): Promise<Outcome<T>> =>
    Promise.race([work, ended.then(() => CLOSED)]);

  const session = createSession(ports, {
    identity: () =>
      account !== null && isPublished(account) && !entering.renewing() ? account.identity : null,
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
        return {
          state: 'online',
          clockOffBy: session.clockOffset(),
          clockAsks: session.signingOffset() !== session.clockOffset(),
        };
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
    publish: () => entering.publish(),
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
    if (state.kind === 'greeted' && account !== null && !entering.renewing())
      ctx.tend(entering.publish());
    if (state.kind === 'refused' && state.reason.name === 'E_CARD') ctx.tend(entering.renew());
    events.emit({ kind: 'connection', connection: connectionView() });
    rooms.connectionChanged();
  });
  session.onPush((push) => {
    rooms.push(push);
    if (push.name === 'signal') signals.hear(push.news);
    if (push.name === 'standing') ctx.tend(joins.refresh());
    if (push.name === 'account') ctx.tend(entering.heard(push.news.what));
  });
  session.onReady((ready) => {
    entering.loggedIn();
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

  const accountView = (): AccountView | null => (account === null ? null : accountViewOf(account));

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

  const entering = createEntering(ctx, {
    account: () => account,
    replace: (next) => {
      account = next;
    },
    closed: () => closed,
    deviceName: ports.deviceName,
    rooms,
    keeping,
    told: (event) => events.emit(event),
    tellKeeping,
  });

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
    createAccount: (name) => orClosed(entering.createAccount(name)),
    recovery: () => Promise.resolve(keeping.recovery()),
    showRecoveryCode: () => orClosed(withAccount(keeping.showCode)),
    proveRecoveryCode: (groups) => orClosed(withAccount(() => keeping.prove(groups))),
    restoreAccount: (code) => orClosed(entering.bringIn(() => keeping.restore(code))),
    offerDevice: () => orClosed(withAccount(keeping.offer)),
    withdrawDeviceOffer: () => orClosed(withAccount(keeping.withdrawOffer)),
    enterFromDevice: (code) => orClosed(entering.bringIn(() => keeping.enter(code))),
    ways: () => orClosed(withAccount(keeping.ways.list)),
    addWay: (secret) => orClosed(withAccount(() => keeping.ways.add(secret))),
    removeWay: (slot) => orClosed(withAccount(() => keeping.ways.remove(slot))),
    restoreByWay: (secret) => orClosed(entering.bringIn(() => keeping.restoreBy(secret))),
    lock: locking.view,
    addLock: (secret) => guarded(() => locking.add(secret)),
    removeLock: (slot) => guarded(() => locking.remove(slot)),
    setIdle: (minutes) => guarded(() => locking.setIdle(minutes)),
    lockNow: () => orClosed(lockNow()),
    // Whoever is asked here is open already.
    unlock: () => Promise.resolve(ok(undefined)),
    devices: () => Promise.resolve(keeping.devices()),
    signOutDevice: (dev) => orClosed(withAccount(() => keeping.signOut(dev))),
    enrolAgain: () => orClosed(withAccount(entering.enrolAgain)),
    logOut: (evenSo) => orClosed(logOut(evenSo)),
    exportData: (cursor) =>
      orClosed(
        withAccount(() => exportPart(ctx, { account: here, keeping, joins: () => joins }, cursor)),
      ),
    deletion: () => Promise.resolve(deletion.view()),
    deleteAccount: (close) => orClosed(withAccount(() => deletion.start(close))),
    eraseNow: () => withAccount(deletion.eraseNow),
    connection: () => Promise.resolve(connectionView()),
    useServerTime() {
      if (session.hello() === null) return Promise.resolve(fail('E_OFFLINE', 'no server'));
      session.useServerTime();
      return Promise.resolve(ok(undefined));
    },
    reconnect: () => {
      session.retry();
      return Promise.resolve();
    },
    ...createGroupVerbs(ctx, { withRoom, orClosed, withAccount, rooms, keeping }),
    ...running,
    ...createTalkVerbs(ctx, withRoom),
    ...createUnsent(ctx, withRoom, (gid, text) => events.emit({ kind: 'draft', gid, text })),
    ...createFileVerbs(ctx, { withRoom, room: (gid) => rooms.room(gid), guarded }),
    ...createReadingVerbs(ctx, { withRoom, rooms, afterWhole }),
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
  const drawn = new Promise<void>((resolve) => {
    clock.after(DRAW_FIRST_MS, resolve);
  });
  whole = drawn
    .then(() => (closed ? undefined : rooms.loadRest()))
    .then(() => {
      if (!closed) session.start();
    });
  ctx.tend(whole);
  return onceWhole(client, whole);
}
