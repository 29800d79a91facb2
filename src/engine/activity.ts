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
import type { Hash, Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { createLineDrawer, type LineDrawer } from './logLines.ts';
import { type Note, notesOf } from './notes.ts';
import { type Change, type Fact, pastOf } from './past.ts';
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
  const notes = notesOf(ctx, replica);
  const wanted = wishes.find?.trim().toLocaleLowerCase() ?? '';
  const acts: ActView[] = [];
  let seq = Math.min(wishes.before ?? past.changes.length, past.changes.length) - 1;
  for (; seq >= 0 && acts.length < PAGE_ACTS; seq--) {
    const act = replica.acts[seq];
    const change = past.changes[seq];
    if (act === undefined || change === undefined || !chosen(act, change, wishes)) continue;
    const view = viewOf(drawer, notes, act, change);
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
  notes: readonly Note[],
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
    reason: reasonOf(notes, act, change),
  };
}

/** The note its author wrote about the same person, request or act at about the same time. */
function reasonOf(notes: readonly Note[], act: VerifiedAct, change: Change): string | null {
  const targets = new Set<string>(targetsOf(change));
  const requests = new Set<Hash | null>(act.admissions.map((one) => one.request));
  const found = notes.filter(({ by, at, payload }) => {
    if (by !== act.entry.author || payload.text === '' || payload.report !== undefined)
      return false;
    if (Math.abs(at - act.entry.time) > REASON_MS) return false;
    const { about, request } = payload;
    if (about === undefined && request === undefined) return act.action.kind === 'RotateSessionKey';
    return (
      (about !== undefined && targets.has(about)) ||
      (request !== undefined && requests.has(request as Hash))
    );
  });
  const nearest = found.toSorted(
    (a, b) => Math.abs(a.at - act.entry.time) - Math.abs(b.at - act.entry.time),
  )[0];
  return nearest?.payload.text ?? null;
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
  const notes = notesOf(ctx, replica);
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
        reason: reasonOf(notes, act, change),
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
