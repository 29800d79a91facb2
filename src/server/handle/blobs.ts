/** Encrypted files of a group: uploaded part by part, whole only when their hash was found right, kept while something names them. */
import { ok } from '../../lib/result.ts';
import { blobHashing } from '../../crypto/hash.ts';
import { refusal } from '../../group/can.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { blobLength } from '../../protocol/file.ts';
import type { Gid, Hash, Pid } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { CIRCLE } from '../../protocol/role.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';

/** Smaller parts are only taken at the end: a file of single bytes would be a row for each. */
const PART_MIN = 16 * 1024;
const UNFINISHED_PER_PID = 16;
const STALE_MS = 24 * 60 * 60 * 1000;

/** Whether this person may read files here, or also bring some. */
async function asMember(
  context: Context,
  gid: Gid,
  pid: Pid,
  brings: boolean,
): Promise<Outcome<null>> {
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const { state } = snapshot;
  const member = state.members.get(pid);
  if (member === undefined) return fail('E_NOT_MEMBER');
  if (!brings) return ok(null);
  if (state.closed !== null) return fail('E_CLOSED', 'the group is closed');
  const why = refusal(
    { role: member.role, policy: state.policy },
    { kind: 'send', circle: CIRCLE.everyone },
  );
  return why === null ? ok(null) : { ok: false, error: why };
}

/** Bytes of blobs that still have room, in the group and for the person. */
async function roomLeft({ storage, limits }: Context, gid: Gid, pid: Pid): Promise<number> {
  const ofGroup = limits.blobGroupBytes - (await storage.blobBytes({ gid }));
  const ofPid = limits.blobPidBytes - (await storage.blobBytes({ pid }));
  return Math.max(Math.min(ofGroup, ofPid), 0);
}

export async function blobRoom(
  context: Context,
  caller: Caller,
  { gid }: RequestArgs<'blobRoom'>,
): Promise<Answer<RequestReply<'blobRoom'>>> {
  const member = await asMember(context, gid, caller.pid, false);
  if (!member.ok) return member;
  return ok({
    fileBytes: context.limits.blobBytes,
    left: await roomLeft(context, gid, caller.pid),
  });
}

/** Drops what nobody finished, and what nothing named in time. Also called by the clock (server.ts). */
export async function sweepBlobs({ storage, clock, limits }: Context): Promise<void> {
  const now = clock();
  await storage.commit([
    { kind: 'dropStale', before: now - STALE_MS },
    { kind: 'dropUnnamed', before: now - limits.blobUnnamedMs },
  ]);
}

/** Why a new upload is not begun, or null. What is due to go makes room before somebody is refused. */
async function noRoom(
  context: Context,
  gid: Gid,
  pid: Pid,
  total: number,
): Promise<Outcome<never> | null> {
  if ((await roomRefusal(context, gid, pid, total)) === null) return null;
  await sweepBlobs(context);
  return roomRefusal(context, gid, pid, total);
}

async function roomRefusal(
  context: Context,
  gid: Gid,
  pid: Pid,
  total: number,
): Promise<Outcome<never> | null> {
  if ((await context.storage.unfinishedUploads(pid)) >= UNFINISHED_PER_PID)
    return fail('E_LIMIT', 'unfinished files of one person');
  return total > (await roomLeft(context, gid, pid))
    ? fail('E_LIMIT', 'no room is left for files')
    : null;
}

/** Hashes what was stored, a part at a time. */
async function hashStored(
  { p, storage }: Context,
  { gid, blob, pid, total }: Complete,
): Promise<Hash | null> {
  const hashing = blobHashing(p, total);
  for (let offset = 0; offset < total;) {
    const part = await storage.uploadPart(gid, blob, pid, offset);
    if (part === null || part.length === 0) return null;
    hashing.add(part);
    offset += part.length;
  }
  return hashing.end();
}

async function store(
  context: Context,
  caller: Caller,
  args: RequestArgs<'putBlob'>,
): Promise<Answer<RequestReply<'putBlob'>>> {
  const { storage } = context;
  const { gid, blob, total, offset, part } = args;
  const { pid } = caller;
  const upload = await storage.upload(gid, blob, pid);
  if (upload?.whole === true) return ok({ next: upload.total, done: true });
  const received = upload?.received ?? 0;
  if (upload !== null && upload.total !== total)
    return fail('E_FORMAT', 'another size than before');
  // It came whole and was not looked at any more: the server ended in between.
  if (received === total) return finish(context, { gid, blob, pid, total });
  if (part.length === 0 || offset !== received) return ok({ next: received, done: false });
  const last = offset + part.length === total;
  if (offset + part.length > total || (!last && part.length < PART_MIN))
    return fail('E_FORMAT', 'size of a part');
  const refused = upload === null ? await noRoom(context, gid, pid, total) : null;
  if (refused !== null) return refused;
  const stored = await storage.commit([
    { kind: 'part', gid, blob, pid, total, offset, part, at: context.clock() },
  ]);
  // The same part sent twice at once: the other one was stored.
  if (stored === 'conflict')
    return ok({ next: (await storage.upload(gid, blob, pid))?.received ?? 0, done: false });
  if (stored === 'failed') return fail('E_STORAGE');
  if (!last) return ok({ next: offset + part.length, done: false });
  return finish(context, { gid, blob, pid, total });
}

interface Complete {
  readonly gid: Gid;
  readonly blob: Hash;
  readonly pid: Pid;
  readonly total: number;
}

/** All parts are here: it is the file its name says, or it goes. */
async function finish(
  context: Context,
  upload: Complete,
): Promise<Answer<RequestReply<'putBlob'>>> {
  const { gid, blob, pid, total } = upload;
  const right = (await hashStored(context, upload)) === blob;
  const ended = await context.storage.commit([
    { kind: right ? 'whole' : 'dropUpload', gid, blob, pid },
  ]);
  if (ended !== 'stored') return fail('E_STORAGE');
  return right
    ? ok({ next: total, done: true })
    : fail('E_FORMAT', 'the file is not the one its name says');
}

export async function putBlob(
  context: Context,
  caller: Caller,
  args: RequestArgs<'putBlob'>,
): Promise<Answer<RequestReply<'putBlob'>>> {
  const { limits } = context;
  if (args.total === 0) return fail('E_FORMAT', 'an empty file');
  if (args.total > blobLength(limits.blobBytes))
    return fail('E_LIMIT', `a file has at most ${limits.blobBytes} bytes`);
  if (args.part.length > limits.blobPartBytes)
    return fail('E_LIMIT', `a part has at most ${limits.blobPartBytes} bytes`);
  const member = await asMember(context, args.gid, caller.pid, true);
  if (!member.ok) return member;
  return store(context, caller, args);
}

export async function dropBlob(
  context: Context,
  caller: Caller,
  { gid, blob }: RequestArgs<'dropBlob'>,
): Promise<Answer<Record<never, never>>> {
  const { pid } = caller;
  if (await context.storage.named(gid, blob, pid)) return ok({});
  const outcome = await context.storage.commit([{ kind: 'dropUpload', gid, blob, pid }]);
  return outcome === 'stored' ? ok({}) : fail('E_STORAGE');
}

export async function getBlob(
  context: Context,
  caller: Caller,
  args: RequestArgs<'getBlob'>,
): Promise<Answer<RequestReply<'getBlob'>>> {
  const member = await asMember(context, args.gid, caller.pid, false);
  if (!member.ok) return member;
  const found = await context.storage.blobPart(args.gid, args.blob, args.offset);
  return found === null ? fail('E_NOT_FOUND', 'no such file') : ok(found);
}
