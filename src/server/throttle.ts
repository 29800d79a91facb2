/** Which budget a request draws from before its handler sees it; what has a rate of its own in its handler is not named here. */
import { READS, type RequestName } from '../protocol/request.ts';
import { later, type Refusal } from './answer.ts';
import type { Context } from './context.ts';
import type { Rate } from './rate.ts';
import type { Connection } from './session.ts';

/** Each of them may cost a write. */
const STORES: ReadonlySet<RequestName> = new Set([
  'putBlob',
  'dropBlob',
  'dropBody',
  'putVault',
  'dropPass',
  'dropAccount',
]);

function draw(rate: Rate, name: string, note: string): Refusal | null {
  const wait = rate.wait(name);
  if (wait !== null) return later('E_LIMIT', wait, note);
  rate.take(name);
  return null;
}

/** Null where there is room for it, which is then used; else the refusal that says when there will be. */
export function throttle(
  { rates }: Context,
  { address, session }: Connection,
  name: RequestName,
): Refusal | null {
  if (name === 'auth') return draw(rates.logins, address, 'logins from one address');
  if (name === 'preview') return draw(rates.previews, address, 'previews from one address');
  if (session.state !== 'signedIn') return null;
  const { pid, dev } = session;
  // Reading costs the server little, and a page of it much more than asking does.
  if (READS.has(name)) return draw(rates.reads, pid + dev, 'reads of one device');
  if (STORES.has(name)) return draw(rates.stores, pid, 'writes of one person');
  return null;
}
