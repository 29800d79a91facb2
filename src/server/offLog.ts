/** Off-log acts whose layout and signature the server checks itself; requests are verified by ledger/request.ts. */
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import { verifySigned } from '../crypto/verify.ts';
import type { PinnedCard } from '../group/state.ts';
import { offLogShape } from '../ledger/request.ts';
import type { Entry } from '../protocol/entry.ts';
import type { Failure } from '../protocol/failure.ts';

/** Null where the act has its layout and is signed by a device of that card. */
export function signedOffLog(p: Primitives, entry: Entry, card: PinnedCard): Failure | null {
  if (!offLogShape(entry)) return { name: 'E_FORMAT', note: 'layout of an off-log act' };
  if (entry.card !== card.hash) return { name: 'E_CARD', note: 'not the pinned card' };
  const device = card.devices.find((candidate) => candidate.dev === entry.dev);
  if (device === undefined) return { name: 'E_DEVICE', note: 'device not in the card' };
  if (!verifySigned(p, SIGN.act, device.signPk, entry.signed, entry.signature))
    return { name: 'E_SIG', note: 'signature of the act' };
  return null;
}
