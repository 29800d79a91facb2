/** Member records: one name and one acknowledgement per member, newest only, sealed for the group. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { decodeMemberRecord } from '../../protocol/sealed.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';

export async function putRecord(
  context: Context,
  caller: Caller,
  args: RequestArgs<'putRecord'>,
): Promise<Answer<Record<never, never>>> {
  const { gid } = args;
  const record = decodeMemberRecord(args.record);
  if (!record.ok) return record;
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const { state } = snapshot;
  if (!state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
  if (state.closed !== null) return fail('E_CLOSED', 'the group is closed');
  if (state.generation === 0 || record.value.generation !== state.generation)
    return fail('E_STALE_GEN', 'not the generation in force');
  const wait = context.rates.records.wait(caller.pid + caller.dev);
  if (wait !== null) return later('E_LIMIT', wait, 'records of one device');
  context.rates.records.take(caller.pid + caller.dev);
  const outcome = await context.storage.commit([
    { kind: 'record', gid, pid: caller.pid, which: record.value.which, record: args.record },
  ]);
  if (outcome !== 'stored') return fail('E_STORAGE');
  context.hub.tellMembers(state, 'record', { gid, pid: caller.pid, record: args.record });
  return ok({});
}

export async function records(
  context: Context,
  caller: Caller,
  args: RequestArgs<'records'>,
): Promise<Answer<RequestReply<'records'>>> {
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  if (!snapshot.state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
  const stored = await context.storage.records(args.gid);
  // Those of present members first: names of departed ones fill what room is left.
  const present = stored.filter((row) => snapshot.state.members.has(row.pid));
  const departed = stored.filter((row) => !snapshot.state.members.has(row.pid));
  return ok({
    records: [...present, ...departed].slice(0, 4000).map(({ pid, record }) => ({ pid, record })),
  });
}
