/** Device passes: sealed, short-lived, taken once. The server sees a locator and a handful of bytes. */
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import { short } from '../log.ts';
import type { Caller, Connection } from '../session.ts';

export async function putPass(
  context: Context,
  caller: Caller,
  args: RequestArgs<'putPass'>,
): Promise<Answer<RequestReply<'putPass'>>> {
  const { rates, storage } = context;
  const wait = rates.records.wait(caller.pid + caller.dev);
  if (wait !== null) return later('E_LIMIT', wait, 'passes of one device');
  rates.records.take(caller.pid + caller.dev);
  const exp = context.clock() + context.limits.passLifeMs;
  const stored = await storage.commit([{ kind: 'pass', pid: caller.pid, ...args, exp }]);
  if (stored === 'conflict') return fail('E_PREV', 'this locator is in use');
  if (stored === 'failed') return fail('E_STORAGE');
  context.log.info('pass stored', { pid: short(caller.pid) });
  return ok({ exp });
}

/** Asked by a device that has nothing but a code. What is over is not handed out, and goes. */
export async function takePass(
  context: Context,
  connection: Connection,
  args: RequestArgs<'takePass'>,
): Promise<Answer<RequestReply<'takePass'>>> {
  const { hub, rates, storage } = context;
  const wait = rates.cards.wait(connection.address);
  if (wait !== null) return later('E_LIMIT', wait, 'passes asked for from one address');
  rates.cards.take(connection.address);
  const held = await storage.passAt(args.locator);
  if (held === null) return fail('E_NOT_FOUND', 'nothing at this locator');
  const taken = await storage.commit([{ kind: 'takePass', locator: args.locator }]);
  if (taken === 'failed') return fail('E_STORAGE');
  if (taken === 'conflict' || held.exp < context.clock())
    return fail('E_NOT_FOUND', 'nothing at this locator');
  hub.tell(held.pid, 'account', { what: 'pass' });
  return ok({ pass: held.pass });
}

export async function dropPass(
  context: Context,
  caller: Caller,
): Promise<Answer<Record<never, never>>> {
  const dropped = await context.storage.commit([{ kind: 'dropPass', pid: caller.pid }]);
  return dropped === 'stored' ? ok({}) : fail('E_STORAGE');
}

/** The logs of groups are not touched: they belong to the groups. Asking again changes nothing. */
export async function dropAccount(
  context: Context,
  caller: Caller,
): Promise<Answer<Record<never, never>>> {
  const dropped = await context.storage.commit([{ kind: 'dropAccount', pid: caller.pid }]);
  if (dropped !== 'stored') return fail('E_STORAGE');
  context.log.info('account dropped', { pid: short(caller.pid) });
  return ok({});
}
