/** Key cards: published by whoever can sign them, read by whoever is logged in. */
import { concat, equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { cardHash, pidOf } from '../../crypto/hash.ts';
import type { PinnedCard } from '../../group/state.ts';
import { extendCard, foldChain } from '../../ledger/cards.ts';
import { type Card, decodeChain } from '../../protocol/card.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Pid } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import { short } from '../log.ts';
import type { Caller, Connection } from '../session.ts';
import type { StoredCard } from '../storage/port.ts';

/** The card the stored chain and the new cards lead to; only the new ones are checked for their place. */
function foldAll(
  context: Context,
  pid: Pid,
  stored: readonly StoredCard[],
  cards: readonly Card[],
): Outcome<PinnedCard> {
  if (stored.length === 0) return foldChain(context.p, cards, pid);
  const before = decodeChain(concat(...stored.map((card) => card.card)));
  if (!before.ok) return before;
  const pinned = foldChain(context.p, before.value, pid);
  return pinned.ok ? extendCard(context.p, pinned.value, cards) : pinned;
}

/** Connections of devices that are no longer in the card end; the others stand on the new card. */
function renewSessions(context: Context, card: PinnedCard): void {
  for (const connection of context.hub.connectionsOf(card.pid)) {
    const { session } = connection;
    if (session.state !== 'signedIn') continue;
    if (card.devices.some((device) => device.dev === session.dev))
      connection.session = { ...session, card: card.hash };
    else connection.end('E_DEVICE');
  }
}

export async function publishCards(
  context: Context,
  connection: Connection,
  args: RequestArgs<'publishCards'>,
): Promise<Answer<Record<never, never>>> {
  const { p, storage, rates } = context;
  const wait = rates.cards.wait(connection.address);
  if (wait !== null) return later('E_LIMIT', wait, 'cards from one address');
  rates.cards.take(connection.address);
  const cards = decodeChain(args.cards);
  if (!cards.ok) return cards;
  const [first] = cards.value;
  if (first === undefined) return fail('E_CARD', 'no card');
  const pid = first.n === 0 ? pidOf(p, first.signed) : first.pid;
  const stored = await storage.cards(pid);
  // The same cards again: the answer to the first try was lost.
  const repeated = cards.value.every(
    (card) => stored[card.n] !== undefined && equal(stored[card.n]?.card ?? concat(), card.bytes),
  );
  if (repeated) return ok({});
  // A client that shows its whole chain gives back the cards this server lost; those it holds must be the same.
  const held = first.n === 0 ? stored.length : 0;
  const known = cards.value.slice(0, held);
  if (!known.every((card) => equal(stored[card.n]?.card ?? concat(), card.bytes)))
    return fail('E_CARD', 'another chain than the published one');
  const fresh = cards.value.slice(held);
  if (fresh[0]?.n !== stored.length)
    return fail('E_CARD', 'does not follow the newest published card');
  const folded = foldAll(context, pid, stored, fresh);
  if (!folded.ok) return folded;
  const outcome = await storage.commit(
    fresh.map((card) => ({
      kind: 'card',
      pid,
      n: card.n,
      hash: cardHash(p, card.bytes),
      card: card.bytes,
    })),
  );
  if (outcome === 'conflict') return fail('E_CARD', 'another card was published first');
  if (outcome === 'failed') return fail('E_STORAGE');
  renewSessions(context, folded.value);
  context.hub.tell(pid, 'account', { what: 'cards' }, connection);
  context.log.info('cards published', { pid: short(pid), count: fresh.length });
  return ok({});
}

export async function fetchCards(
  context: Context,
  _caller: Caller,
  args: RequestArgs<'fetchCards'>,
): Promise<Answer<RequestReply<'fetchCards'>>> {
  const stored = await context.storage.cards(args.pid);
  return stored.length === 0
    ? fail('E_NOT_FOUND', 'no published card')
    : ok({ chain: concat(...stored.map((card) => card.card)) });
}
