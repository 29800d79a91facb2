/** Reports: written for the staff of the present generation, read by who was of it. */
import { ok } from '../lib/result.ts';
import { SIGN } from '../crypto/label.ts';
import { entryHash } from '../crypto/hash.ts';
import { openReport, sealReport } from '../crypto/secret/report.ts';
import { verifySigned } from '../crypto/verify.ts';
import type { ReportWishes } from '../client/client.ts';
import type { ReportView } from '../client/view.ts';
import type { Bytes } from '../lib/bytes.ts';
import { deviceKey } from '../group/select.ts';
import { offLogShape } from '../ledger/request.ts';
import { decodeAction } from '../protocol/action.ts';
import { decodeEntry } from '../protocol/entry.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { SIZE } from '../protocol/limits.ts';
import { CIRCLE } from '../protocol/role.ts';
import { decodePayload, decodeReport, encodeReport, type Report } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { isStaffIn, notesOf } from './notes.ts';
import { enqueue } from './outbox.ts';
import { pastOf } from './past.ts';
import { person } from './person.ts';
import { writeOffLog } from './plans.ts';
import type { Replica } from './replica.ts';

/** Bytes of one sealed key. */
const SEALED_KEY = 80;

/** Seals and hands in a report. The staff that has left since the key began gets nothing it could open. */
export async function sendReport(
  ctx: Context,
  replica: Replica,
  wishes: ReportWishes,
): Promise<Outcome<void>> {
  const { state } = replica;
  const me = ctx.identity().pid;
  if (!state.members.has(me)) return fail('E_NOT_MEMBER');
  if (replica.head.halted !== null) return fail(replica.head.halted, 'the group is halted');
  const quote = wishes.item === null ? '' : textBy(replica, wishes.item, wishes.about);
  if (quote === null) return fail('E_NOT_FOUND', 'no such message of that person here');
  const json = encodeReport({
    about: wishes.about,
    item: wishes.item,
    quote: quote.slice(0, SIZE.reportQuoteChars).toWellFormed(),
    text: wishes.text.trim().toWellFormed(),
  });
  if (!json.ok) return json;
  const staff = pastOf(replica).staff.get(state.generation) ?? [];
  const sealed = sealReport(
    ctx.p,
    replica.gid,
    me,
    json.value,
    staff.map((pid) => sealPkOf(replica, pid)),
  );
  const keys = sealed.keys.map((key, place) =>
    state.members.has(staff[place] ?? me) ? key : ctx.p.random(SEALED_KEY),
  );
  const entry = writeOffLog(ctx, replica.gid, {
    kind: 'Report',
    generation: state.generation,
    sealed: sealed.sealed,
    keys,
  });
  const answer = await ctx.session.call('offer', { entry, intro: null });
  return answer.ok ? ok(undefined) : { ok: false, error: answer.error };
}

function sealPkOf(replica: Replica, pid: Pid): Bytes {
  const card = replica.state.cards.get(pid);
  if (card === undefined) throw new Error('broken promise: the log pins a card of everybody');
  return card.sealPk;
}

/** What a message of that person says; null where this client cannot read it or it is somebody else's. */
function textBy(replica: Replica, item: Hash, author: Pid): string | null {
  const { timeline } = replica;
  const held = timeline
    .range(timeline.first(), timeline.end())
    .findLast((candidate) => candidate.item === item);
  const message = held?.message;
  if (message?.payload === undefined || message.payload === null) return null;
  const header = decodeHeader(message.header);
  if (!header.ok || header.value.author !== author || header.value.circle !== CIRCLE.everyone)
    return null;
  const payload = decodePayload(message.payload);
  return payload.ok && 'text' in payload.value ? payload.value.text : null;
}

interface Opened {
  readonly id: Hash;
  readonly at: number;
  readonly by: Pid;
  readonly report: Report;
}

/** Null where it is not for this account, or not what it says it is. */
function openOne(ctx: Context, replica: Replica, bytes: Bytes): Opened | null {
  const entry = decodeEntry(bytes);
  if (!entry.ok || entry.value.gid !== replica.gid || !offLogShape(entry.value)) return null;
  const { author, dev, kind, body, signed, signature, time } = entry.value;
  const action = decodeAction(kind, body);
  if (!action.ok || action.value.kind !== 'Report') return null;
  const key = deviceKey(replica.state, author, dev);
  if (key === null || !verifySigned(ctx.p, SIGN.act, key, signed, signature)) return null;
  const { pid } = ctx.identity();
  const place = (pastOf(replica).staff.get(action.value.generation) ?? []).indexOf(pid);
  if (place < 0) return null;
  const { sealing, pastSealing } = ctx.identity();
  const report = { sealed: action.value.sealed, keys: action.value.keys };
  for (const pair of [sealing, ...pastSealing.toReversed()]) {
    const json = openReport(ctx.p, replica.gid, author, report, place, pair);
    const read = json === null ? null : decodeReport(json);
    if (read?.ok === true)
      return { id: entryHash(ctx.p, bytes), at: time, by: author, report: read.value };
  }
  return null;
}

/** Reports that open here, newest first; a note of the staff says which were seen to. */
export function reportViews(
  ctx: Context,
  replica: Replica,
  waiting: readonly Bytes[],
): Outcome<readonly ReportView[]> {
  if (!isStaffIn(ctx, replica)) return fail('E_ROLE', 'reports are for owner and moderators');
  const notes = notesOf(ctx, replica).filter(({ payload }) => payload.report !== undefined);
  const opened = waiting.flatMap((bytes) => openOne(ctx, replica, bytes) ?? []);
  return ok(
    opened
      .toSorted((a, b) => b.at - a.at)
      .map(({ id, at, by, report }) => {
        const handled = notes.find(({ payload }) => payload.report === (id as string));
        return {
          id,
          at,
          by: person(replica, by),
          about: person(replica, report.about as Pid),
          item: report.item as Hash | null,
          quote: report.quote,
          text: report.text,
          handled:
            handled === undefined ? null : { by: person(replica, handled.by), at: handled.at },
        };
      }),
  );
}

/** A note of the staff that names the report: whoever is of the staff sees that it was seen to, and by whom. */
export async function handleReport(
  ctx: Context,
  replica: Replica,
  report: Hash,
): Promise<Outcome<void>> {
  if (!isStaffIn(ctx, replica)) return fail('E_ROLE', 'reports are for owner and moderators');
  const queued = await enqueue(
    ctx,
    replica,
    { type: 'note', report, text: '' },
    CIRCLE.staff,
    true,
  );
  return queued.ok ? ok(undefined) : queued;
}
