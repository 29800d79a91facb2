/** The lines an act of the log gives, with names as they are known now. */
import { fromUtf8 } from '../lib/bytes.ts';
import { openLeaveNote } from '../crypto/secret/seal.ts';
import { neutralise } from '../client/shownName.ts';
import type { LinkTermsView, LogLine, PersonView } from '../client/view.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { Link } from '../group/state.ts';
import type { Pid } from '../protocol/ids.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import type { Context } from './context.ts';
import { type Fact, pastOf } from './past.ts';
import { person } from './person.ts';
import { keyOf, type Replica } from './replica.ts';

/** Draws lines for one person; remembers the names it looked up while many acts are drawn. */
export interface LineDrawer {
  readonly person: (pid: Pid) => PersonView;
  readonly lines: (act: VerifiedAct) => LogLine[];
}

export function createLineDrawer(ctx: Context, replica: Replica): LineDrawer {
  const people = new Map<Pid, PersonView>();
  const staff = isStaff(replica.state.members.get(ctx.identity().pid)?.role ?? 0);
  const labels = new Map(staff ? replica.head.labels.map((one) => [one.pk, one.label]) : []);
  const past = pastOf(replica);

  const one = (pid: Pid): PersonView => {
    const known = people.get(pid) ?? person(replica, pid);
    people.set(pid, known);
    return known;
  };
  const terms = ({ pk, role, expires, maxUses, auto }: Link): LinkTermsView => ({
    pk,
    label: labels.get(pk) ?? '',
    role,
    expires,
    maxUses,
    auto,
  });

  const lineOf = (fact: Fact, act: VerifiedAct): LogLine[] => {
    switch (fact.what) {
      case 'created':
      case 'card':
      case 'closed':
      case 'policy':
      case 'rotated':
        return [fact];
      case 'started':
        return [{ ...fact, added: fact.added.map(one) }];
      case 'added':
        return [{ ...fact, who: fact.who.map(one) }];
      case 'removed':
        return [{ ...fact, who: fact.who.map(one) }];
      case 'unbanned':
        return [{ ...fact, who: fact.who.map(one) }];
      case 'role':
        return [{ ...fact, who: one(fact.who) }];
      case 'owner':
        return [{ ...fact, who: one(fact.who) }];
      case 'left':
        return [{ what: 'left', note: leaveNote(ctx, replica, act) }];
      case 'info':
        return infoLine(replica, act);
      case 'linkCreated':
      case 'linkPaused':
      case 'linkResumed':
        return [{ what: fact.what, link: terms(fact.link) }];
      case 'linkChanged':
        return [{ what: 'linkChanged', before: terms(fact.before), link: terms(fact.link) }];
      case 'linkRevoked':
        return [{ what: 'linkRevoked', links: fact.links.map(terms) }];
    }
  };
  return {
    person: one,
    lines: (act) => (past.changes[act.entry.seq]?.facts ?? []).flatMap((fact) => lineOf(fact, act)),
  };
}

/** Group names as this client saw them, around one entry. */
function titleAt(
  replica: Replica,
  seq: number,
): { readonly now: string | null; readonly before: string | null } {
  let before: { readonly seq: number; readonly name: string } | null = null;
  let now: string | null = null;
  for (const title of replica.head.titles) {
    if (title.seq === seq) now = title.name;
    if (title.seq < seq && (before === null || title.seq > before.seq)) before = title;
  }
  return { now, before: before?.name ?? null };
}

/** A rename is told only where the name really changed; words sealed anew beside a setting say nothing. */
function infoLine(replica: Replica, act: VerifiedAct): LogLine[] {
  const { now, before } = titleAt(replica, act.entry.seq);
  if (now !== null && before !== null && now !== before)
    return [{ what: 'renamed', before: neutralise(before) ?? '', name: neutralise(now) }];
  const withPolicy = act.action.kind === 'EditGroupInfo' && act.action.policy !== null;
  return withPolicy ? [] : [{ what: 'info' }];
}

function leaveNote(ctx: Context, replica: Replica, act: VerifiedAct): string | null {
  if (act.action.kind !== 'LeaveGroup' || act.action.note === null) return null;
  const key = keyOf(replica, act.action.note.generation, CIRCLE.everyone);
  const plain =
    key === null
      ? null
      : openLeaveNote(ctx.p, key, act.entry.seq, act.entry.author, act.action.note);
  return plain === null ? null : fromUtf8(plain);
}
