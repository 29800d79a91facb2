/** Vaults: sealed accounts, kept for who can open them; versions form a chain and none is lost by a race. */
import { type Bytes, concat } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { H } from '../../crypto/hash.ts';
import { HASH } from '../../crypto/label.ts';
import { fail } from '../../protocol/failure.ts';
import { type Hash, idOf, ZERO_HASH } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { decodeVault } from '../../protocol/vault.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import { short } from '../log.ts';
import type { Caller, Connection } from '../session.ts';

export async function putVault(
  context: Context,
  caller: Caller,
  args: RequestArgs<'putVault'>,
): Promise<Answer<Record<never, never>>> {
  const { p, storage } = context;
  const vault = decodeVault(args.vault);
  if (!vault.ok) return vault;
  if (vault.value.pid !== caller.pid) return fail('E_AUTH', 'vault of another account');
  const held = await storage.vault(caller.pid);
  const prev = held === null ? ZERO_HASH : idOf<Hash>(H(p, HASH.vault, held));
  // The same version again: the answer to the first try was lost.
  if (held !== null && idOf<Hash>(H(p, HASH.vault, args.vault)) === prev) return ok({});
  const over = held === null ? 0 : versionOf(held);
  // A device that knows versions this server lost goes on after them: a later version than the next one, whatever it follows.
  const next = vault.value.prev === prev && vault.value.n === over + 1;
  if (!next && vault.value.n <= over + 1) return fail('E_PREV', 'another version came first');
  const stored = await storage.commit([
    {
      kind: 'vault',
      pid: caller.pid,
      n: vault.value.n,
      over,
      vault: args.vault,
      locators: vault.value.slots.map((slot) => slot.locator),
    },
  ]);
  if (stored === 'conflict') return fail('E_PREV', 'another version came first');
  if (stored === 'failed') return fail('E_STORAGE');
  context.log.info('vault stored', { pid: short(caller.pid), count: vault.value.n });
  context.hub.tell(caller.pid, 'account', { what: 'vault' }, caller.connection);
  return ok({});
}

function versionOf(stored: Bytes): number {
  const vault = decodeVault(stored);
  return vault.ok ? vault.value.n : 0;
}

export async function ownVault(
  context: Context,
  caller: Caller,
): Promise<Answer<RequestReply<'ownVault'>>> {
  return ok({ vault: await context.storage.vault(caller.pid) });
}

/** Asked by somebody who has nothing but a code. The rate makes guessing locators hopeless twice over. */
export async function getVault(
  context: Context,
  connection: Connection,
  args: RequestArgs<'getVault'>,
): Promise<Answer<RequestReply<'getVault'>>> {
  const { rates, storage } = context;
  const wait = rates.cards.wait(connection.address);
  if (wait !== null) return later('E_LIMIT', wait, 'vaults asked for from one address');
  rates.cards.take(connection.address);
  const vault = await storage.vaultAt(args.locator);
  const read = vault === null ? null : decodeVault(vault);
  if (vault === null || read?.ok !== true) return fail('E_NOT_FOUND', 'nothing at this locator');
  const cards = await storage.cards(read.value.pid);
  return ok({ vault, cards: concat(...cards.map((card) => card.card)) });
}
