/**
 * Who is here and who types, as far as people let each other know: passing frames that are sealed, never stored, and believed
 * for half a minute. Whoever shows nothing sees nothing.
 */
import type { ClientEvent } from '../client/event.ts';
import { openSignal, sealSignal } from '../crypto/secret/signal.ts';
import { deviceKey } from '../group/select.ts';
import type { Dev, Gid, Pid } from '../protocol/ids.ts';
import type { PushOf } from '../protocol/push.ts';
import { CIRCLE } from '../protocol/role.ts';
import { decodeSignal, encodeSignal, type SignOfLife } from '../protocol/signal.ts';
import type { Context } from './context.ts';
import { person } from './person.ts';
import { keyOf, type Replica } from './replica.ts';

const BELIEVED_MS = 30_000;
/** Clocks of two devices, corrected by the server's, are this close. */
const CLOCKS_MS = 60_000;
/** In larger groups it would be a frame to everybody for every pause somebody makes. */
const MEMBERS_MOST = 100;

interface Sign {
  readonly pid: Pid;
  readonly sign: SignOfLife;
  /** The sender's time: nothing older counts after it. */
  readonly time: number;
  readonly until: number;
}

export interface Signals {
  /** The person looks at this group, or at none, and types or does not. Said again while it stands: a page that is gone says nothing. */
  readonly attend: (gid: Gid | null, typing: boolean) => void;
  readonly hear: (news: PushOf<'signal'>) => void;
  readonly stop: () => void;
}

export function createSignals(ctx: Context, emit: (event: ClientEvent) => void): Signals {
  const heard = new Map<Gid, Map<Dev, Sign>>();
  let attended: Gid | null = null;
  let stopped = false;
  let lastTold = 0;

  const now = (): number => Math.round(ctx.clock.now() + ctx.session.clockOffset());

  /** Rises with every sign, though the server's time is heard a little earlier or later each time; not after a clock that was set. */
  const nextTime = (): number => {
    const time = now();
    lastTold = time <= lastTold && lastTold - time < CLOCKS_MS ? lastTold + 1 : time;
    return lastTold;
  };

  const mayTell = (replica: Replica | undefined): replica is Replica =>
    replica !== undefined &&
    ctx.preferences.view().signals &&
    ctx.session.state().kind === 'online' &&
    replica.head.standing === 'member' &&
    replica.head.halted === null &&
    replica.state.members.size > 1 &&
    replica.state.members.size <= MEMBERS_MOST;

  const tell = (gid: Gid, sign: SignOfLife): void => {
    const replica = ctx.groups.get(gid);
    if (!mayTell(replica)) return;
    const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
    if (key === null) return;
    const signal = sealSignal(ctx.p, key, ctx.identity(), { sign, time: nextTime() });
    // Whether it arrives does not matter: the page says it again, or it is forgotten.
    ctx.tend(ctx.session.call('signal', { gid, signal: encodeSignal(signal) }));
  };

  const show = (gid: Gid): void => {
    const replica = ctx.groups.get(gid);
    if (replica === undefined || stopped) return;
    const signs = [...(heard.get(gid)?.values() ?? [])].filter(
      ({ pid, until }) =>
        until > now() && replica.state.members.has(pid) && !ctx.preferences.blocks(pid),
    );
    const those = (wanted: (sign: SignOfLife) => boolean) =>
      [...new Set(signs.flatMap(({ pid, sign }) => (wanted(sign) ? [pid] : [])))].map((pid) =>
        person(replica, pid),
      );
    emit({
      kind: 'signals',
      gid,
      here: those((sign) => sign !== 'gone'),
      typing: those((sign) => sign === 'typing'),
    });
  };

  return {
    attend(gid, typing) {
      if (stopped) return;
      if (attended !== null && attended !== gid) tell(attended, 'gone');
      attended = gid;
      if (gid !== null) tell(gid, typing ? 'typing' : 'here');
    },
    hear({ gid, pid, dev, signal: bytes }) {
      const replica = ctx.groups.get(gid);
      if (!ctx.preferences.view().signals || ctx.preferences.blocks(pid)) return;
      if (replica === undefined || !replica.state.members.has(pid)) return;
      if (pid === ctx.identity().pid || deviceKey(replica.state, pid, dev) === null) return;
      const signal = decodeSignal(bytes);
      // Only under the key in force: whoever was removed has the earlier ones.
      const inForce = signal.ok && signal.value.generation === replica.state.generation;
      const key = inForce ? keyOf(replica, replica.state.generation, CIRCLE.everyone) : null;
      const content =
        signal.ok && key !== null ? openSignal(ctx.p, key, { pid, dev }, signal.value) : null;
      if (content === null || Math.abs(content.time - now()) > CLOCKS_MS) return;
      const signs = heard.get(gid) ?? new Map<Dev, Sign>();
      if (content.time <= (signs.get(dev)?.time ?? -1)) return;
      heard.set(gid, signs.set(dev, { pid, ...content, until: now() + BELIEVED_MS }));
      show(gid);
      ctx.clock.after(BELIEVED_MS + 50, () => show(gid));
    },
    stop() {
      stopped = true;
    },
  };
}
