/** What the log says of somebody's earlier time in a group, and of how its links ended. Reads verified acts only. */
import type { LinkEnd, PastStep } from '../client/view.ts';
import type { VerifiedAct } from '../group/reduce.ts';
import type { LinkPk, Pid } from '../protocol/ids.ts';
import type { Ops } from '../protocol/ops.ts';
import { isStaff } from '../protocol/role.ts';
import { person } from './person.ts';
import type { Replica } from './replica.ts';

const opsOf = ({ action }: VerifiedAct): Ops | null =>
  action.kind === 'MemberOps' || action.kind === 'InitGroup' ? action.ops : null;

/** How somebody came and went, oldest first; empty for who was never in the group. */
export function cameAndWent(replica: Replica, pid: Pid): readonly PastStep[] {
  const { state } = replica;
  if (!state.cards.has(pid) && !state.banned.has(pid)) return [];
  return replica.acts.flatMap((act): PastStep[] => {
    const { author, time } = act.entry;
    const step = (what: PastStep['what']): PastStep => ({
      what,
      at: time,
      by: author === pid ? null : person(replica, author),
    });
    if (act.action.kind === 'LeaveGroup') return author === pid ? [step('left')] : [];
    const ops = opsOf(act);
    const removal = ops?.remove.find((op) => op.pid === pid);
    return [
      ...(removal === undefined ? [] : [step(removal.ban ? 'banned' : 'removed')]),
      ...(act.admissions.some((one) => one.pid === pid) ? [step('joined')] : []),
      ...(ops?.unban.includes(pid) === true ? [step('unbanned')] : []),
    ];
  });
}

/** How each link that is revoked came to its end: by hand, or with the place of somebody on the staff (R9). */
export function linkEnds(replica: Replica): ReadonlyMap<LinkPk, LinkEnd> {
  const ends = new Map<LinkPk, LinkEnd>();
  const links = replica.state.links;
  if (![...links.values()].some((link) => link.revoked)) return ends;
  const made = new Set<LinkPk>();
  const staff = new Set<Pid>();
  for (const act of replica.acts) {
    const { action, entry } = act;
    const by = person(replica, entry.author);
    const end = (how: LinkEnd['how'], which: (pk: LinkPk) => boolean): void => {
      for (const pk of made)
        if (links.get(pk)?.revoked === true && !ends.has(pk) && which(pk))
          ends.set(pk, { how, by, at: entry.time });
    };
    if (action.kind === 'SpawnGroup') staff.add(entry.author);
    if (action.kind === 'LinkOps') {
      for (const terms of action.links.create) made.add(terms.pk);
      end('revoked', (pk) => action.links.revoke.includes(pk));
    }
    const ops = opsOf(act);
    const gone = [
      ...(ops?.remove ?? []).map((op) => op.pid),
      ...(ops?.setRole ?? []).filter((op) => !isStaff(op.role)).map((op) => op.pid),
      ...(action.kind === 'LeaveGroup' ? [entry.author] : []),
    ].filter((pid) => staff.delete(pid));
    for (const op of ops?.setRole ?? []) if (isStaff(op.role)) staff.add(op.pid);
    if (gone.length > 0) {
      end('maker', (pk) => gone.includes(links.get(pk)?.maker ?? ('' as Pid)));
      end('staff', (pk) => links.get(pk)?.auto === true);
    }
    if (ops?.remove.some((op) => op.ban) === true) end('ban', (pk) => links.get(pk)?.auto === true);
  }
  return ends;
}
