/** Member records: one name and one acknowledgement per member, newest only, sealed for the group. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { decodeMemberRecord, RECORD } from '../../protocol/sealed.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import { createRoom, fitting } from '../room.ts';
import type { Caller } from '../session.ts';
import type { StoredRecord } from '../storage/port.ts';

/** What the reply may list (protocol/request.ts). */
const RECORDS_MAX = 4000;
const AROUND_RECORD = 40;

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
  // Names of present members first, then what they have seen, then names of departed ones, as long as there is room.
  const rank = ({ pid, which }: StoredRecord): number =>
    snapshot.state.members.has(pid) ? which : RECORD.ack + 1;
  const ordered = stored.toSorted((a, b) => rank(a) - rank(b)).slice(0, RECORDS_MAX);
  const served = fitting(ordered, ({ record }) => record.length + AROUND_RECORD, createRoom());
  return ok({ records: served.map(({ pid, record }) => ({ pid, record })) });
}
