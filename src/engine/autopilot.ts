/** What an online moderator's client does by itself, in turn order: rotate when due, post names, answer complaints, admit through open links. */
import { turnOf } from '../crypto/hash.ts';
import { refusal } from '../group/can.ts';
import { roster } from '../group/select.ts';
import type { RotateReason } from '../protocol/action.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Hash, LinkPk } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import { CIRCLE, isStaff, ROLE } from '../protocol/role.ts';
import { rotate } from './acts.ts';
import { append } from './append.ts';
import { approve, AS_ASKED } from './approval.ts';
import { pauseWave, waveOn } from './brake.ts';
import { justComplaint } from './complaints.ts';
import { type Context, signingTime } from './context.ts';
import { lostPreviews, planRenewPreviews } from './links.ts';
import { giveObjects } from './lost.ts';
import { postNames } from './names.ts';
import { heldTexts } from './plans.ts';
import { admitsByItself, blockedBy, type Waiting } from './queue.ts';
import { keyOf, type Replica } from './replica.ts';
import { createWrapRepair } from './wraps.ts';

export interface Duties {
  /** Looks again at what is due; called after every change. */
  readonly look: () => void;
  readonly stop: () => void;
}

export interface DutySources {
  readonly waiting: () => readonly Waiting[];
  readonly complaints: () => readonly Bytes[];
  /** The own display name. */
  readonly name: () => string;
}

interface Duty {
  readonly name: string;
  /** ms before the turn order begins. */
  readonly grace: number;
  readonly due: () => boolean;
  readonly act: () => Promise<unknown>;
}

const NAMES_GRACE_MS = 10_000;
const GATHER_MS = 5_000;
/** Others who come back to a restored server may still bring what is missing. */
const LOST_GRACE_MS = 3_000;
/** Wait after an act that left its duty undone, doubled each time. */
const FUTILE_MIN_MS = 1_000;
const FUTILE_MAX_MS = 60_000;

/** ms this account waits before acting: its place in the turn order of the staff. */
function myTurn(ctx: Context, replica: Replica): number {
  const staff = roster(replica.state, CIRCLE.staff)
    .map((member) => turnOf(ctx.p, replica.state.head, member.pid))
    .sort();
  const place = staff.indexOf(turnOf(ctx.p, replica.state.head, ctx.identity().pid));
  const jitter = ((ctx.p.random(1)[0] ?? 0) / 256) * CLIENT.turnJitterMs;
  return Math.max(place, 0) * CLIENT.turnMs + jitter;
}

export function createDuties(ctx: Context, replica: Replica, sources: DutySources): Duties {
  const wraps = createWrapRepair(ctx, replica);
  const timers = new Map<string, () => void>();
  const running = new Set<string>();
  /** How often in a row an act left its duty undone: the server refused, or the connection went. */
  const futile = new Map<string, number>();

  const patience = (name: string): number => {
    const times = futile.get(name) ?? 0;
    return times === 0 ? 0 : Math.min(FUTILE_MIN_MS * 2 ** (times - 1), FUTILE_MAX_MS);
  };

  const staffOnline = (): boolean => {
    const me = replica.state.members.get(ctx.identity().pid);
    return (
      me !== undefined &&
      isStaff(me.role) &&
      replica.head.halted === null &&
      replica.state.closed === null &&
      ctx.session.state().kind === 'online' &&
      keyOf(replica, replica.state.generation, CIRCLE.everyone) !== null
    );
  };

  const reasonDue = (): RotateReason | null => {
    const { pending, keys } = replica.state;
    // The own device may not seal under this key any more (goOn.ts).
    if (keys !== null && replica.head.freshAfter >= keys.generation) return 'manual';
    if (pending === 'leave') return 'pending';
    if (pending === 'card') return 'card';
    if (keys === null) return null;
    // The clock that entries are signed by: a server that says another makes no key grow old.
    const now = signingTime(ctx, 0);
    if (
      now - keys.time > CLIENT.rotateAfterMs ||
      replica.head.sinceRotation > CLIENT.rotateAfterMessages
    )
      return 'age';
    return justComplaint(ctx, replica, sources.complaints()) ? 'complaint' : null;
  };

  const mayManageLinks = (): boolean => {
    const role = replica.state.members.get(ctx.identity().pid)?.role ?? ROLE.observer;
    return refusal({ role, policy: replica.state.policy }, { kind: 'links' }) === null;
  };

  /** Whom the links admit by themselves now: as many as each still takes. */
  const admissible = (): Hash[] => {
    const { state } = replica;
    const now = signingTime(ctx, state.time);
    const uses = new Map<LinkPk, number>();
    return sources
      .waiting()
      .filter((one) => {
        const { link, pid } = one.request;
        const before = uses.get(link) ?? 0;
        const turnedAway = one.rejectedBy !== null || replica.head.rejected.includes(pid);
        const newcomer = !state.cards.has(pid) && !turnedAway;
        const admits =
          newcomer &&
          blockedBy(state, one, now) === null &&
          admitsByItself(state, one, now, before);
        if (admits) uses.set(link, before + 1);
        return admits;
      })
      .map((one) => one.request.hash);
  };

  /** The server lost a text this client holds: a new key seals both again. */
  const textsDue = (): boolean => {
    const held = heldTexts(ctx, replica);
    return replica.lacking.sealed.some(
      (circle) => (circle === CIRCLE.everyone ? held.profile : held.staffText) !== null,
    );
  };

  const previewsDue = (): readonly LinkPk[] =>
    textsDue() ? [] : lostPreviews(replica, replica.lacking.previews);

  const undecided = (): ReadonlySet<LinkPk> =>
    new Set(sources.waiting().map((one) => one.request.link));

  const duties: Duty[] = [
    {
      name: 'texts',
      grace: LOST_GRACE_MS,
      due: textsDue,
      act: async () => {
        const done = await rotate(ctx, replica, 'manual', textsDue);
        if (done.ok) await giveObjects(ctx, replica);
      },
    },
    {
      name: 'previews',
      grace: LOST_GRACE_MS,
      due: () => previewsDue().length > 0,
      act: async () => {
        const done = await append(ctx, replica, () =>
          planRenewPreviews(ctx, replica, previewsDue(), {
            undecided: undecided(),
            inviter: sources.name(),
          }),
        );
        if (done.ok) await giveObjects(ctx, replica);
      },
    },
    {
      name: 'rotate',
      grace: 0,
      due: () => reasonDue() !== null,
      act: () => rotate(ctx, replica, reasonDue() ?? 'pending', () => reasonDue() !== null),
    },
    {
      name: 'names',
      grace: NAMES_GRACE_MS,
      due: () => replica.head.lastAddition > replica.head.namesPosted,
      act: () => postNames(ctx, replica),
    },
    {
      name: 'wrap',
      grace: 0,
      due: () => wraps.broken() !== null,
      act: () => wraps.repair(),
    },
    {
      name: 'brake',
      grace: 0,
      due: () => mayManageLinks() && waveOn(ctx, replica, sources.waiting()) !== null,
      act: () => pauseWave(ctx, replica, sources.waiting, sources.name()),
    },
    {
      name: 'admit',
      grace: GATHER_MS,
      due: () => admissible().length > 0,
      act: () =>
        approve(ctx, replica, sources.waiting, admissible().slice(0, 100), AS_ASKED, 'link'),
    },
  ];

  const mineToPost = (): boolean =>
    replica.acts[replica.head.lastAddition]?.entry.author === ctx.identity().pid;

  const look = (): void => {
    for (const duty of duties) {
      const wanted = staffOnline() && duty.due() && !running.has(duty.name);
      const timer = timers.get(duty.name);
      if (!duty.due()) futile.delete(duty.name);
      if (!wanted) {
        timer?.();
        timers.delete(duty.name);
        continue;
      }
      if (timer !== undefined) continue;
      const turn = duty.name === 'names' && mineToPost() ? 0 : duty.grace + myTurn(ctx, replica);
      timers.set(
        duty.name,
        ctx.clock.after(turn + patience(duty.name), () => ctx.tend(run(duty))),
      );
    }
  };

  const run = async (duty: Duty): Promise<void> => {
    timers.delete(duty.name);
    if (!staffOnline() || !duty.due() || running.has(duty.name)) return;
    running.add(duty.name);
    await duty.act();
    running.delete(duty.name);
    if (duty.due()) futile.set(duty.name, (futile.get(duty.name) ?? 0) + 1);
    look();
  };

  return {
    look,
    stop() {
      for (const stop of timers.values()) stop();
      timers.clear();
    },
  };
}
