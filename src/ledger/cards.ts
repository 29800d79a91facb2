/** Card chains verified and folded into the card a log pins. */
import { toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { cardHash, devOf, pidOf } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifySigned } from '../crypto/verify.ts';
import type { PinnedCard } from '../group/state.ts';
import type { Card } from '../protocol/card.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { type Hash, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { REPLAY } from '../protocol/limits.ts';

function keysValid(p: Primitives, card: Card): boolean {
  return (
    p.usableBoxKey(card.sealPk) &&
    card.devices.every((device) => devOf(p, device.signPk) === device.dev)
  );
}

function begin(p: Primitives, card: Card): Outcome<PinnedCard> {
  const wellFormed =
    card.n === 0 &&
    card.pid === (ZERO_HASH as string) &&
    card.prev === ZERO_HASH &&
    card.sealGen === 1;
  if (!wellFormed) return fail('E_CARD', 'first card of a chain');
  if (!keysValid(p, card)) return fail('E_CARD', 'keys of a card');
  if (!verifySigned(p, SIGN.card, card.rootPk, card.signed, card.signature))
    return fail('E_CARD', 'signature of a card');
  return ok({
    pid: pidOf(p, card.signed),
    hash: cardHash(p, card.bytes),
    n: 0,
    time: card.time,
    rootPk: card.rootPk,
    devices: card.devices,
    sealGen: 1,
    sealPk: card.sealPk,
    pastSealPks: new Set(),
    pastDevices: new Set(),
  });
}

/** The next card of a chain. A vanished device demands a new sealing key; nothing that vanished comes back. */
function follow(p: Primitives, before: PinnedCard, card: Card): Outcome<PinnedCard> {
  if (card.n !== before.n + 1 || card.pid !== before.pid || card.prev !== before.hash)
    return fail('E_CARD', 'order of cards');
  if (before.n + 1 >= REPLAY.cardsPerChain) return fail('E_LIMIT', 'cards in a chain');
  const sameKey = (a: Uint8Array, b: Uint8Array): boolean => toHex(a) === toHex(b);
  if (!sameKey(card.rootPk, before.rootPk)) return fail('E_CARD', 'root key changed');
  if (!verifySigned(p, SIGN.card, before.rootPk, card.signed, card.signature))
    return fail('E_CARD', 'signature of a card');
  if (!keysValid(p, card)) return fail('E_CARD', 'keys of a card');
  const sealChanged = !sameKey(card.sealPk, before.sealPk);
  if (card.sealGen !== before.sealGen + (sealChanged ? 1 : 0))
    return fail('E_CARD', 'sealing generation');
  if (before.pastSealPks.has(toHex(card.sealPk))) return fail('E_CARD', 'an earlier sealing key');
  const now = new Set(card.devices.map((device) => device.dev));
  const vanished = before.devices.map((device) => device.dev).filter((dev) => !now.has(dev));
  if (vanished.length > 0 && !sealChanged)
    return fail('E_CARD', 'a device vanished without a new sealing key');
  if (card.devices.some((device) => before.pastDevices.has(device.dev)))
    return fail('E_CARD', 'a vanished device');
  return ok({
    ...before,
    hash: cardHash(p, card.bytes),
    n: card.n,
    time: card.time,
    devices: card.devices,
    sealGen: card.sealGen,
    sealPk: card.sealPk,
    pastSealPks: sealChanged
      ? new Set([...before.pastSealPks, toHex(before.sealPk)])
      : before.pastSealPks,
    pastDevices:
      vanished.length > 0 ? new Set([...before.pastDevices, ...vanished]) : before.pastDevices,
  });
}

/** Continues a pinned card with the cards that follow it; at least one. */
export function extendCard(
  p: Primitives,
  pinned: PinnedCard,
  cards: readonly Card[],
): Outcome<PinnedCard> {
  let current = pinned;
  for (const card of cards) {
    const next = follow(p, current, card);
    if (!next.ok) return next;
    current = next.value;
  }
  return cards.length > 0 ? ok(current) : fail('E_CARD', 'no card');
}

/** Verifies a whole chain from card 0. `mustContain`: the last card a log ever pinned for this pid. */
export function foldChain(
  p: Primitives,
  cards: readonly Card[],
  pid: Pid,
  mustContain: Hash | null = null,
): Outcome<PinnedCard> {
  const [first, ...rest] = cards;
  if (first === undefined) return fail('E_CARD', 'empty chain');
  const start = begin(p, first);
  if (!start.ok) return start;
  if (start.value.pid !== pid) return fail('E_CARD', 'chain of another pid');
  const folded = rest.length === 0 ? start : extendCard(p, start.value, rest);
  if (!folded.ok) return folded;
  if (mustContain !== null && !cards.some((card) => cardHash(p, card.bytes) === mustContain))
    return fail('E_CARD', 'pinned card missing');
  return folded;
}
