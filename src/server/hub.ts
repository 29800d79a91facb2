/** Who is connected, and who listens to which group. */
import type { Bytes } from '../lib/bytes.ts';
import { roleOf } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import { isStaff } from '../protocol/role.ts';
import type { PushName, PushOf } from '../protocol/push.ts';
import { encodePush } from '../protocol/push.ts';
import type { Caller, Connection } from './session.ts';
import { toWire } from './wire.ts';
import type { StoredItem } from './storage/port.ts';

export interface Hub {
  readonly arrive: (caller: Caller) => void;
  readonly leave: (connection: Connection) => void;
  readonly connectionsOf: (pid: Pid) => readonly Connection[];
  /** From now on nothing is missed; it is held back until the answer of this call is called, once the page is on its way. */
  readonly subscribe: (gid: Gid, caller: Caller) => () => void;
  /** Gives a durable item to everyone who listens; who lost the membership by it gets it as the last. */
  readonly publish: (
    gid: Gid,
    item: StoredItem,
    after: GroupState,
    checkpoint: () => Bytes,
  ) => void;
  /** `except`: the connection that caused the news knows it already. */
  readonly tell: <N extends PushName>(
    pid: Pid,
    name: N,
    news: PushOf<N>,
    except?: Connection,
  ) => void;
  readonly tellMembers: <N extends PushName>(
    state: GroupState,
    name: N,
    news: PushOf<N>,
    except?: Connection,
  ) => void;
  readonly tellStaff: <N extends PushName>(state: GroupState, name: N, news: PushOf<N>) => void;
}

interface Listener {
  readonly pid: Pid;
  /** What came while the page was on its way; null when it goes straight to the outbox. */
  held: (() => void)[] | null;
}

export function createHub(): Hub {
  const present = new Map<Pid, Set<Connection>>();
  const listeners = new Map<Gid, Map<Connection, Listener>>();
  const subscriptions = new Map<Connection, Set<Gid>>();

  const unsubscribe = (gid: Gid, connection: Connection): void => {
    const group = listeners.get(gid);
    group?.delete(connection);
    if (group?.size === 0) listeners.delete(gid);
    subscriptions.get(connection)?.delete(gid);
  };

  const tellWhere = (
    state: GroupState,
    frame: Bytes,
    wanted: (pid: Pid) => boolean,
    except?: Connection,
  ): void => {
    for (const [connection, { pid }] of listeners.get(state.gid) ?? [])
      if (connection !== except && wanted(pid)) connection.outbox.frame(frame);
  };

  return {
    arrive({ pid, connection }) {
      const connections = present.get(pid) ?? new Set();
      present.set(pid, connections.add(connection));
    },
    leave(connection) {
      for (const gid of subscriptions.get(connection) ?? []) unsubscribe(gid, connection);
      subscriptions.delete(connection);
      if (connection.session.state !== 'signedIn') return;
      const { pid } = connection.session;
      present.get(pid)?.delete(connection);
      if (present.get(pid)?.size === 0) present.delete(pid);
    },
    connectionsOf: (pid) => [...(present.get(pid) ?? [])],
    subscribe(gid, { pid, connection }) {
      // A socket that closed while the page was read must not be remembered.
      if (present.get(pid)?.has(connection) !== true) return () => undefined;
      const group = listeners.get(gid) ?? new Map<Connection, Listener>();
      const listener: Listener = { pid, held: [] };
      listeners.set(gid, group.set(connection, listener));
      subscriptions.set(connection, (subscriptions.get(connection) ?? new Set()).add(gid));
      return () => {
        for (const say of listener.held ?? []) say();
        listener.held = null;
      };
    },
    publish(gid, item, after, checkpoint) {
      for (const [connection, listener] of [...(listeners.get(gid) ?? [])]) {
        const role = roleOf(after, listener.pid);
        const staff = role !== null && isStaff(role);
        const say = (): void => connection.outbox.item(gid, staff, toWire(item, staff), checkpoint);
        if (listener.held === null) say();
        else listener.held.push(say);
        if (role === null) unsubscribe(gid, connection);
      }
    },
    tell(pid, name, news, except) {
      const connections = present.get(pid);
      if (connections === undefined) return;
      const frame = encodePush(name, news);
      for (const connection of connections) {
        if (connection !== except) connection.outbox.frame(frame);
      }
    },
    tellMembers(state, name, news, except) {
      tellWhere(state, encodePush(name, news), (pid) => state.members.has(pid), except);
    },
    tellStaff(state, name, news) {
      tellWhere(state, encodePush(name, news), (pid) => isStaff(roleOf(state, pid) ?? 0));
    },
  };
}
