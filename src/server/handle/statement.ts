/** A member's signed word to the staff: a complaint about a key, or a report with sealed evidence. */
import { ok } from '../../lib/result.ts';
import { entryHash } from '../../crypto/hash.ts';
import { inCircle } from '../../group/select.ts';
import type { ActionOf } from '../../protocol/action.ts';
import { fail } from '../../protocol/failure.ts';
import { SIZE } from '../../protocol/limits.ts';
import { CIRCLE } from '../../protocol/role.ts';
import type { Answer } from '../answer.ts';
import type { StoredStatement } from '../storage/port.ts';
import { byMember, keep, type Offer } from './offered.ts';

type Done = Answer<Record<never, never>>;

const REPORTS_PER_GROUP = 500;
const REPORTS_PER_MEMBER = 20;
/** Padding may double what is reported; nonce and AEAD tag come on top. */
const SEALED_REPORT_MAX = 2 * SIZE.reportBytes + 64;

function store(offer: Offer, about: StoredStatement['about'], generation: number): Promise<Done> {
  const { context, state, entry, now } = offer;
  const row: StoredStatement = {
    gid: state.gid,
    about,
    author: entry.author,
    generation,
    hash: entryHash(context.p, entry.bytes),
    entry: entry.bytes,
    at: now,
  };
  return keep(offer, [{ kind: 'statement', row }], () =>
    context.hub.tellStaff(state, 'requests', { gid: state.gid }),
  );
}

/** One per member and generation. */
export async function complain(offer: Offer, action: ActionOf<'Complain'>): Promise<Done> {
  const { context, state, entry } = offer;
  const card = byMember(offer);
  if (!card.ok) return card;
  if (action.generation !== state.generation)
    return fail('E_STALE_GEN', 'not the generation in force');
  if (!inCircle(state, entry.author, action.circle)) return fail('E_ROLE', 'not of that circle');
  const held = await context.storage.statements(state.gid, 'complaint');
  const own = held.find(
    (row) => row.author === entry.author && row.generation === action.generation,
  );
  if (own === undefined) return store(offer, 'complaint', action.generation);
  return own.hash === entryHash(context.p, entry.bytes)
    ? ok({})
    : fail('E_LIMIT', 'one complaint a generation');
}

export async function report(offer: Offer, action: ActionOf<'Report'>): Promise<Done> {
  const { context, state, entry } = offer;
  const card = byMember(offer);
  if (!card.ok) return card;
  const staff = await context.storage.boxes(state.gid, action.generation, CIRCLE.staff);
  if (staff === null) return fail('E_STALE_GEN', 'no such generation');
  if (action.keys.length !== staff.roster.length)
    return fail('E_ROSTER', 'one key for each of the staff');
  if (action.sealed.length > SEALED_REPORT_MAX) return fail('E_LIMIT', 'report over the limit');
  const held = await context.storage.statements(state.gid, 'report');
  if (held.some((row) => row.hash === entryHash(context.p, entry.bytes))) return ok({});
  const own = held.filter((row) => row.author === entry.author).length;
  if (held.length >= REPORTS_PER_GROUP || own >= REPORTS_PER_MEMBER)
    return fail('E_LIMIT', 'reports waiting in the group');
  return store(offer, 'report', action.generation);
}
