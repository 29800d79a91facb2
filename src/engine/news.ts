/** What happened in a group, told once as it becomes known here (SX-01); how things stand is in the views. */
import type { GroupNews } from '../client/view.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { Pid } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { type Fact, pastOf } from './past.ts';
import { person } from './person.ts';
import type { Head, Replica } from './replica.ts';

/** News of acts that were just taken into the log. */
export function newsOfActs(
  ctx: Context,
  replica: Replica,
  acts: readonly VerifiedAct[],
  membersBefore: number,
): GroupNews[] {
  const past = pastOf(replica);
  const me = ctx.identity().pid;
  const news = acts.flatMap((act) =>
    (past.changes[act.entry.seq]?.facts ?? []).flatMap((fact) =>
      newsOf(replica, me, act.entry.author, fact),
    ),
  );
  const alone = replica.state.members.size === 1 && replica.state.members.has(me);
  return alone && membersBefore > 1 ? [...news, { what: 'empty' }] : news;
}

function newsOf(replica: Replica, me: Pid, author: Pid, fact: Fact): GroupNews[] {
  const by = person(replica, author);
  switch (fact.what) {
    case 'left':
      return [{ what: 'left', who: by }];
    case 'removed':
      return fact.who.map((pid) =>
        pid === me
          ? { what: 'removedYou', by, banned: fact.banned }
          : { what: 'removed', who: person(replica, pid), by, banned: fact.banned },
      );
    case 'role':
      return fact.who === me
        ? [{ what: 'yourRole', before: fact.before, role: fact.role, by }]
        : [];
    case 'added':
      return fact.via === 'direct' && fact.who.includes(me) ? [{ what: 'invited', by }] : [];
    case 'closed':
      return [{ what: 'closed', by }];
    default:
      return [];
  }
}

/** Members other than this account that are known to have opened some key. */
function connected(ctx: Context, replica: Replica, head: Head): Pid[] {
  const me = ctx.identity().pid;
  return head.opened
    .map((one) => one.pid)
    .filter((pid) => pid !== me && replica.state.members.has(pid));
}

/** Who is known to have the key for the first time, and whether that makes everybody. */
export function newsOfOpened(ctx: Context, replica: Replica, next: Head): GroupNews[] {
  if (next.opened === replica.head.opened) return [];
  const before = new Set(connected(ctx, replica, replica.head));
  const now = connected(ctx, replica, next);
  const fresh = now.filter((pid) => !before.has(pid));
  if (fresh.length === 0) return [];
  const all = now.length === replica.state.members.size - 1;
  return [
    ...fresh.map((pid): GroupNews => ({ what: 'connected', who: person({ head: next }, pid) })),
    ...(all ? [{ what: 'allConnected' } as const] : []),
  ];
}
