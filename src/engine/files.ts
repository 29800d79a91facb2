/** What a client is asked about files: how much room there is, taking one in, handing one out. */
import { ok } from '../lib/result.ts';
import type { Client, FileWishes } from '../client/client.ts';
import type { FileRoom } from '../client/view.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { blobLength } from '../protocol/file.ts';
import type { Gid } from '../protocol/ids.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import type { Context } from './context.ts';
import { createFetching } from './fetching.ts';
import type { Room } from './rooms.ts';
import { createSealing } from './sealing.ts';
import type { WithRoom } from './staff.ts';

export type FileVerbs = Pick<
  Client,
  | 'fileRoom'
  | 'startFile'
  | 'addToFile'
  | 'sendFile'
  | 'dropFile'
  | 'openFile'
  | 'readFile'
  | 'closeFile'
>;

/** The part of the engine that answers calls which name no group. */
export interface FilesOutside {
  readonly withRoom: WithRoom;
  readonly room: (gid: Gid) => Room | null;
  readonly guarded: <T>(act: () => Promise<Outcome<T>>) => Promise<Outcome<T>>;
}

export function createFileVerbs(ctx: Context, outside: FilesOutside): FileVerbs {
  const { withRoom, guarded } = outside;
  const sealing = createSealing(ctx);
  const fetching = createFetching(ctx);
  /** What the server said last; until it says something, what servers usually take. */
  let fileBytes: number = SERVER_LIMITS.blobBytes;

  const roomIn = async (gid: Gid): Promise<FileRoom> => {
    const answer = await ctx.session.call('blobRoom', { gid });
    if (answer.ok) ({ fileBytes } = answer.value);
    return { fileBytes, left: answer.ok ? answer.value.left : null };
  };

  const start = async (room: Room, wishes: FileWishes): Promise<Outcome<string>> => {
    if (!Number.isSafeInteger(wishes.bytes) || wishes.bytes < 0) return fail('E_FORMAT', 'length');
    const { gid } = room.replica;
    const { fileBytes: most, left } = await roomIn(gid);
    if (wishes.bytes > most) return fail('E_LIMIT', `a file has at most ${String(most)} bytes`);
    if (left !== null && blobLength(wishes.bytes) > left)
      return fail('E_LIMIT', 'no room is left for files');
    return sealing.begin(room.replica, wishes);
  };

  return {
    fileRoom: (gid) => withRoom(gid, async () => ok(await roomIn(gid))),
    startFile: (gid, wishes) => withRoom(gid, (room) => start(room, wishes)),
    addToFile: (id, offset, content) =>
      guarded(() => sealing.add(id, offset, new Uint8Array(content))),
    sendFile: (id) =>
      guarded(async () => {
        const sent = await sealing.finish(id);
        if (!sent.ok) return sent;
        outside.room(sent.value.replica.gid)?.upload();
        return ok(sent.value.localId);
      }),
    dropFile: async (id) => {
      await guarded(async () => {
        await sealing.drop(id);
        return ok(undefined);
      });
    },
    openFile: (gid, item) => withRoom(gid, (room) => fetching.open(room.replica, item)),
    readFile: (id) => guarded(() => fetching.read(id)),
    closeFile: (id) => {
      fetching.close(id);
      return Promise.resolve();
    },
  };
}
