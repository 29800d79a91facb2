/** The signed log as a list to read and search, and the history of the group's keys. */
import { never } from '../lib/assert.ts';
import type {
  ActivityPage,
  ActivityWishes,
  ActKind,
  ActView,
  GenerationView,
  LogLine,
} from '../client/view.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { createLineDrawer, type LineDrawer } from './logLines.ts';
import { type Note, notesOf } from './notes.ts';
import { type Change, type Fact, type Past, pastOf } from './past.ts';
import type { Replica } from './replica.ts';

const PAGE_ACTS = 60;
/** A note counts as the reason of an act that its author did at most so long before or after. */
const REASON_MS = 5 * 60_000;

export function kindOf(fact: Fact): ActKind {
  switch (fact.what) {
    case 'added':
    case 'removed':
    case 'unbanned':
    case 'left':
      return 'people';
    case 'role':
    case 'owner':
      return 'roles';
    case 'linkCreated':
    case 'linkChanged':
    case 'linkPaused':
    case 'linkResumed':
    case 'linkRevoked':
      return 'links';
    case 'rotated':
    case 'card':
      return 'keys';
    case 'created':
    case 'started':
    case 'info':
    case 'policy':
    case 'closed':
      return 'group';
    default:
      return never(fact);
  }
}

/** Whom an act was done to, as ids. */
function targetsOf(change: Change): readonly Pid[] {
  return change.facts.flatMap((fact): readonly Pid[] => {
    switch (fact.what) {
      case 'started':
        return fact.added;
      case 'added':
      case 'removed':
      case 'unbanned':
        return fact.who;
      case 'role':
      case 'owner':
        return [fact.who];
      default:
        return [];
    }
  });
}

/** The newest acts that are wanted, before a seq where one is named. */
export function activity(ctx: Context, replica: Replica, wishes: ActivityWishes): ActivityPage {
  const past = pastOf(replica);
  const drawer = createLineDrawer(ctx, replica);
  const reasons = reasonsOf(replica, past, notesOf(ctx, replica));
  const wanted = wishes.find?.trim().toLocaleLowerCase() ?? '';
  const acts: ActView[] = [];
  let seq = Math.min(wishes.before ?? past.changes.length, past.changes.length) - 1;
  for (; seq >= 0 && acts.length < PAGE_ACTS; seq--) {
    const act = replica.acts[seq];
    const change = past.changes[seq];
    if (act === undefined || change === undefined || !chosen(act, change, wishes)) continue;
    const view = viewOf(drawer, reasons, act, change);
    if (wanted === '' || wordsOf(view).some((word) => word.toLocaleLowerCase().includes(wanted)))
      acts.push(view);
  }
  return { acts, before: seq >= 0 ? seq + 1 : null, verified: replica.state.seq };
}

function chosen(act: VerifiedAct, change: Change, wishes: ActivityWishes): boolean {
  const { who, whom, what, since, until } = wishes;
  if (change.facts.length === 0) return false;
  if (who !== undefined && act.entry.author !== who) return false;
  if (whom !== undefined && !targetsOf(change).includes(whom)) return false;
  if (what !== undefined && !change.facts.some((fact) => kindOf(fact) === what)) return false;
  if (since !== undefined && act.entry.time < since) return false;
  return until === undefined || act.entry.time <= until;
}

function viewOf(
  drawer: LineDrawer,
  reasons: ReadonlyMap<number, string>,
  act: VerifiedAct,
  change: Change,
): ActView {
  return {
    seq: act.entry.seq,
    key: act.hash,
    at: act.entry.time,
    actor: drawer.person(act.entry.author),
    lines: drawer.lines(act),
    generation: change.began,
    linksEnded: change.linksEnded,
    reason: reasons.get(act.entry.seq) ?? null,
  };
}

/** Each note of the staff goes to one act: the nearest its author did at that time to the person or request it names. */
function reasonsOf(replica: Replica, past: Past, notes: readonly Note[]): Map<number, string> {
  const reasons = new Map<number, string>();
  for (const note of notes) {
    if (note.payload.text === '' || note.payload.report !== undefined) continue;
    let nearest: VerifiedAct | null = null;
    for (let seq = firstSince(replica.acts, note.at - REASON_MS); ; seq++) {
      const act = replica.acts[seq];
      const change = past.changes[seq];
      if (act === undefined || change === undefined || act.entry.time > note.at + REASON_MS) break;
      const off = Math.abs(note.at - act.entry.time);
      const before = nearest === null ? Infinity : Math.abs(note.at - nearest.entry.time);
      if (off <= before && explains(note, act, change)) nearest = act;
    }
    if (nearest !== null) reasons.set(nearest.entry.seq, note.payload.text);
  }
  return reasons;
}

/** The first act at or after a time; times never fall along the log. */
function firstSince(acts: readonly VerifiedAct[], time: number): number {
  let [low, high] = [0, acts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((acts[middle]?.entry.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function explains({ by, payload }: Note, act: VerifiedAct, change: Change): boolean {
  if (by !== act.entry.author) return false;
  const { about, request } = payload;
  if (about === undefined && request === undefined)
    return act.action.kind === 'RotateSessionKey' && act.action.reason === 'manual';
  return (
    (about !== undefined && targetsOf(change).includes(about as Pid)) ||
    (request !== undefined && act.admissions.some((one) => one.request === request))
  );
}

/** Everything in an act that can be searched for. */
function wordsOf(view: ActView): string[] {
  return [
    view.actor.name ?? '',
    view.reason ?? '',
    ...view.lines.flatMap((line) => wordsOfLine(line)),
  ];
}

function wordsOfLine(line: LogLine): string[] {
  switch (line.what) {
    case 'started':
      return line.added.map((one) => one.name ?? '');
    case 'added':
    case 'removed':
    case 'unbanned':
      return line.who.map((one) => one.name ?? '');
    case 'role':
    case 'owner':
      return [line.who.name ?? ''];
    case 'left':
      return [line.note ?? ''];
    case 'renamed':
      return [line.before, line.name ?? ''];
    case 'linkCreated':
    case 'linkChanged':
    case 'linkPaused':
    case 'linkResumed':
      return [line.link.label];
    case 'linkRevoked':
      return line.links.map((link) => link.label);
    default:
      return [];
  }
}

/** Every key the group had, newest first, each with the entry that brought it. */
export function generationViews(ctx: Context, replica: Replica): GenerationView[] {
  const past = pastOf(replica);
  const drawer = createLineDrawer(ctx, replica);
  const reasons = reasonsOf(replica, past, notesOf(ctx, replica));
  const all = [...replica.generations.values()].toSorted((a, b) => b.generation - a.generation);
  return all.flatMap((one): GenerationView[] => {
    const act = replica.acts[one.seq];
    const change = past.changes[one.seq];
    if (act === undefined || change === undefined) return [];
    const before = replica.generations.get(one.generation - 1);
    return [
      {
        number: one.generation,
        seq: one.seq,
        at: one.time,
        by: drawer.person(one.author),
        cause: one.reason,
        lines: drawer.lines(act),
        reason: reasons.get(act.entry.seq) ?? null,
        shareable: one.everyone.shareable,
        history:
          before?.everyone.shareable !== true
            ? 'none'
            : one.everyone.wrap === null
              ? 'leftOut'
              : 'passed',
      },
    ];
  });
}
