/** Encrypted files of a group: uploaded part by part, whole only when their hash was found right. */
import { concat } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { blobHash } from '../../crypto/hash.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Gid, Pid } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';

/** Smaller parts are only taken at the end: a file of single bytes would be a row for each. */
const PART_MIN = 16 * 1024;
const UNFINISHED_PER_PID = 16;
const STALE_MS = 24 * 60 * 60 * 1000;

async function asMember(context: Context, gid: Gid, pid: Pid): Promise<Outcome<null>> {
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  return snapshot.state.members.has(pid) ? ok(null) : fail('E_NOT_MEMBER');
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
  if (offset !== received) return ok({ next: received, done: false });
  const last = offset + part.length === total;
  if (offset + part.length > total || (!last && part.length < PART_MIN))
    return fail('E_FORMAT', 'size of a part');
  if (upload === null && (await storage.unfinishedUploads(pid)) >= UNFINISHED_PER_PID)
    return fail('E_LIMIT', 'unfinished files of one person');
  const now = context.clock();
  const stored = await storage.commit([
    { kind: 'dropStale', before: now - STALE_MS },
    { kind: 'part', gid, blob, pid, total, offset, part, at: now },
  ]);
  // The same part sent twice at once: the other one was stored.
  if (stored === 'conflict')
    return ok({ next: (await storage.upload(gid, blob, pid))?.received ?? 0, done: false });
  if (stored === 'failed') return fail('E_STORAGE');
  if (!last) return ok({ next: offset + part.length, done: false });
  const right =
    blobHash(context.p, concat(...(await storage.uploadBytes(gid, blob, pid)))) === blob;
  const ended = await storage.commit([{ kind: right ? 'whole' : 'dropUpload', gid, blob, pid }]);
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
  if (args.total === 0 || args.part.length === 0) return fail('E_FORMAT', 'an empty file');
  if (args.total > limits.blobBytes)
    return fail('E_LIMIT', `a file has at most ${limits.blobBytes} bytes`);
  if (args.part.length > limits.blobPartBytes)
    return fail('E_LIMIT', `a part has at most ${limits.blobPartBytes} bytes`);
  const member = await asMember(context, args.gid, caller.pid);
  if (!member.ok) return member;
  return store(context, caller, args);
}

export async function getBlob(
  context: Context,
  caller: Caller,
  args: RequestArgs<'getBlob'>,
): Promise<Answer<RequestReply<'getBlob'>>> {
  const member = await asMember(context, args.gid, caller.pid);
  if (!member.ok) return member;
  const found = await context.storage.blobPart(args.gid, args.blob, args.offset);
  return found === null ? fail('E_NOT_FOUND', 'no such file') : ok(found);
}
