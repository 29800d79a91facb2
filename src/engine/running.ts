/** What is asked of a client to run a group: the log in words, keys, notes of the staff, reports, the picture. */
import { ok } from '../lib/result.ts';
import type { Client, NoteAbout } from '../client/client.ts';
import type { Outcome } from '../protocol/failure.ts';
import type { Gid } from '../protocol/ids.ts';
import { activity, generationViews } from './activity.ts';
import { rotate } from './acts.ts';
import type { Context } from './context.ts';
import { groupImage } from './image.ts';
import { addNote, noteViews } from './notes.ts';
import { handleReport, reportViews, sendReport } from './reports.ts';
import type { Room } from './rooms.ts';

export type RunningVerbs = Pick<
  Client,
  | 'activity'
  | 'generations'
  | 'notes'
  | 'addNote'
  | 'reportMessage'
  | 'reports'
  | 'handleReport'
  | 'rotateSessionKey'
  | 'groupImage'
>;

export interface RunningOutside {
  readonly withRoom: <T>(
    gid: Gid,
    act: (room: Room) => Promise<Outcome<T>> | Outcome<T>,
  ) => Promise<Outcome<T>>;
}

export function createRunningVerbs(ctx: Context, { withRoom }: RunningOutside): RunningVerbs {
  const noted = async (room: Room, about: NoteAbout, text: string): Promise<Outcome<void>> => {
    const done = await addNote(ctx, room.replica, about, text);
    room.pump();
    return done;
  };
  return {
    activity: (gid, wishes) => withRoom(gid, ({ replica }) => ok(activity(ctx, replica, wishes))),
    generations: (gid) => withRoom(gid, ({ replica }) => ok(generationViews(ctx, replica))),
    notes: (gid) => withRoom(gid, ({ replica }) => noteViews(ctx, replica)),
    addNote: (gid, about, text) => withRoom(gid, (room) => noted(room, about, text)),
    reportMessage: (gid, wishes) =>
      withRoom(gid, ({ replica }) => sendReport(ctx, replica, wishes)),
    reports: (gid) => withRoom(gid, (room) => reportViews(ctx, room.replica, room.reports)),
    handleReport: (gid, report) =>
      withRoom(gid, async (room) => {
        const done = await handleReport(ctx, room.replica, report);
        room.pump();
        return done;
      }),
    rotateSessionKey: (gid, reason = '') =>
      withRoom(gid, async (room) => {
        const done = await rotate(ctx, room.replica, 'manual', () => true);
        return done.ok && reason.trim() !== '' ? noted(room, {}, reason) : done;
      }),
    groupImage: (gid) => withRoom(gid, ({ replica }) => groupImage(ctx, replica)),
  };
}
