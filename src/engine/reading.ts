/** What is asked of a client about the messages of a group it holds: pages of them, a part by time, what waits, how far one has read. */
import { ok } from '../lib/result.ts';
import type { Client } from '../client/client.ts';
import { fail } from '../protocol/failure.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import type { Context } from './context.ts';
import { loadOlder, reachesBack } from './older.ts';
import { discard, retry } from './outbox.ts';
import { linesIn, pageBefore } from './page.ts';
import { writesOf } from './replica.ts';
import type { Rooms } from './rooms.ts';
import type { WithRoom } from './staff.ts';

export type ReadingVerbs = Pick<
  Client,
  'retryMessage' | 'discardMessage' | 'queryMessage' | 'timeline' | 'lookAgain' | 'markRead'
>;

export interface ReadingOutside {
  readonly withRoom: WithRoom;
  readonly rooms: Pick<Rooms, 'changed' | 'catchUp' | 'glances' | 'mend'>;
  /** Waits until the whole of long groups is loaded. */
  readonly afterWhole: <T>(act: () => Promise<T>) => Promise<T>;
}

export function createReadingVerbs(
  ctx: Context,
  { withRoom, rooms, afterWhole }: ReadingOutside,
): ReadingVerbs {
  return {
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
          await ctx.records.write(writesOf(ctx.records, room.replica, {}));
          rooms.changed(room.replica, {});
          return ok(undefined);
        }),
      );
    },
  };
}
