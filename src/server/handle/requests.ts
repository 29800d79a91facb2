/** What waits for the staff, and how one's own request stands. */
import { ok } from '../../lib/result.ts';
import { roleOf } from '../../group/select.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply, WireRequest } from '../../protocol/request.ts';
import { isStaff } from '../../protocol/role.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import { createRoom, fitting } from '../room.ts';
import type { Caller } from '../session.ts';
import type { StoredRequest } from '../storage/port.ts';
import { KEEP_EXPIRED_MS, toldOf } from './joining.ts';

function toWire({ request, intro, at, rejection }: StoredRequest): WireRequest {
  return { request, intro, at, rejection };
}

export async function requests(
  context: Context,
  caller: Caller,
  args: RequestArgs<'requests'>,
): Promise<Answer<RequestReply<'requests'>>> {
  const { storage, clock } = context;
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const role = roleOf(snapshot.state, caller.pid);
  if (role === null) return fail('E_NOT_MEMBER');
  if (!isStaff(role)) return fail('E_ROLE', 'requests are for staff');
  const now = clock();
  const open = (await storage.requests(args.gid)).filter(
    (row) => row.state !== 'admitted' && row.exp + KEEP_EXPIRED_MS >= now,
  );
  const room = createRoom();
  const bytes = (row: { readonly entry: Uint8Array }): number => row.entry.length;
  return ok({
    requests: fitting(
      open,
      (row) => row.request.length + (row.intro?.length ?? 0) + (row.rejection?.length ?? 0),
      room,
    ).map(toWire),
    complaints: fitting(await storage.statements(args.gid, 'complaint'), bytes, room).map(
      (row) => row.entry,
    ),
    reports: fitting(await storage.statements(args.gid, 'report'), bytes, room).map(
      (row) => row.entry,
    ),
  });
}

export async function ownRequest(
  context: Context,
  caller: Caller,
  args: RequestArgs<'ownRequest'>,
): Promise<Answer<RequestReply<'ownRequest'>>> {
  const snapshot = await context.groups.read(args.gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const row = await context.storage.request(args.gid, caller.pid);
  const request = row?.hash ?? null;
  if (snapshot.state.members.has(caller.pid))
    return ok({ state: 'admitted', request, rejection: null });
  if (row === null || row.state === 'admitted')
    return ok({ state: 'none', request: null, rejection: null });
  if (row.rejection !== null && toldOf(row.rejection))
    return ok({ state: 'rejected', request, rejection: row.rejection });
  return ok({ state: row.exp < context.clock() ? 'expired' : 'waiting', request, rejection: null });
}
