/** What is asked of a client to found a group and to govern it: name, rules, people, roles, ownership, its end and its successor. */
import { ok } from '../lib/result.ts';
import type { Client, GroupMetadata } from '../client/client.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Pid } from '../protocol/ids.ts';
import { isStaff, ROLE } from '../protocol/role.ts';
import * as acts from './acts.ts';
import type { Context } from './context.ts';
import { exportEvidence, exportLog } from './evidence.ts';
import { foundGroup, furnishSuccessor, successorOf } from './founding.ts';
import { continueWithServer } from './goOn.ts';
import { acceptOwnership, offerOwnership } from './handover.ts';
import type { Keeping } from './keep.ts';
import { openPair } from './pair.ts';
import { writesOf } from './replica.ts';
import type { Room, Rooms } from './rooms.ts';
import type { WithRoom } from './staff.ts';
import { groupView, requestViews } from './views.ts';

export type GroupVerbs = Pick<
  Client,
  | 'groups'
  | 'group'
  | 'spawnGroup'
  | 'openPair'
  | 'initGroup'
  | 'editGroupInfo'
  | 'setPolicy'
  | 'editMember'
  | 'leaveGroup'
  | 'closeGroup'
  | 'forgetGroup'
  | 'offerOwnership'
  | 'acceptOwnership'
  | 'openSuccessor'
  | 'joinSuccessor'
  | 'acceptInvitation'
  | 'continueWithServer'
  | 'exportLog'
  | 'exportEvidence'
  | 'getGroupMetadata'
>;

export interface GroupOutside {
  readonly withRoom: WithRoom;
  /** Answers that the client is closed where it is closed meanwhile. */
  readonly orClosed: <T>(work: Promise<Outcome<T>>) => Promise<Outcome<T>>;
  readonly withAccount: <T>(act: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;
  readonly rooms: Rooms;
  readonly keeping: Pick<Keeping, 'save' | 'renewSealing'>;
}

export function createGroupVerbs(
  ctx: Context,
  { withRoom, orClosed, withAccount, rooms, keeping }: GroupOutside,
): GroupVerbs {
  const spawnGroup = async (): Promise<Outcome<Gid>> => {
    const founded = await foundGroup(ctx, null);
    if (!founded.ok) return founded;
    await rooms.adopt(founded.value);
    ctx.tend(keeping.save());
    return ok(founded.value.gid);
  };

  const pairWith = async (pid: Pid): Promise<Outcome<Gid>> => {
    const opened = await openPair(ctx, pid, rooms.adopt);
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

  const acceptInvitation = (gid: Gid): Promise<Outcome<void>> =>
    withRoom(gid, async (room) => {
      await room.replica.serial(async () => {
        if (room.replica.head.standing !== 'invited') return;
        room.replica.head = { ...room.replica.head, standing: 'member' };
        await ctx.records.write(writesOf(ctx.records, room.replica, {}));
        rooms.changed(room.replica, { group: true });
      });
      rooms.catchUp(gid);
      return ok(undefined);
    });

  return {
    groups: () => Promise.resolve(rooms.summaries()),
    group: (gid) => {
      const glance = rooms.glances().get(gid);
      return glance === undefined
        ? withRoom(gid, (room) => ok(groupView(ctx, room.replica)))
        : Promise.resolve(ok(groupView(ctx, glance)));
    },
    spawnGroup: () => orClosed(withAccount(spawnGroup)),
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
    openPair: (pid) => orClosed(withAccount(() => pairWith(pid))),
    forgetGroup: (gid) => orClosed(rooms.forget(gid)),
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
        : acceptInvitation(next.gid);
    },
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
    acceptInvitation,
    getGroupMetadata: (gid) => withRoom(gid, (room) => ok(metadata(room))),
  };
}
