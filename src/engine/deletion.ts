/**
 * Deleting the account: an intention that is kept first and then carried out step by step, each of which may be done twice.
 * A stop in the middle is gone on with at the next start; the local data goes last, in one write.
 */
import { ok } from '../lib/result.ts';
import type { DeletionStep, DeletionView } from '../client/view.ts';
import { ERROR_NAMES, fail, type Failure, type Outcome } from '../protocol/failure.ts';
import { array, type FieldType, id, nullable, oneOf, record, text } from '../protocol/field.ts';
import type { Dev, Gid } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import * as acts from './acts.ts';
import type { Context } from './context.ts';
import type { Joins } from './joins.ts';
import type { Replica } from './replica.ts';
import { groupView } from './views.ts';

const KEY = 'deletion';
const STEPS_MAX = 10_000;

const intentionField = record({
  /** Own groups that are closed. */
  close: array(id<Gid>(), STEPS_MAX),
  steps: array(
    record({
      gid: id<Gid>(),
      name: nullable(text(400)),
      outcome: oneOf('left', 'closed', 'withdrawn', 'kept'),
      reason: nullable(oneOf(...ERROR_NAMES)),
    }),
    STEPS_MAX,
  ),
});
type Intention = FieldType<typeof intentionField>;
type Step = Intention['steps'][number];

/** Failures after which the same step is tried again; anything else is reported. */
const PASSING: ReadonlySet<string> = new Set([
  'E_OFFLINE',
  'E_TIMEOUT',
  'E_BUSY',
  'E_STORAGE',
  'E_LIMIT',
]);
const AGAIN_MS = 5000;

export interface Deletion {
  readonly view: () => DeletionView | null;
  /** The server is told to forget the account: nothing of it is put there any more. */
  readonly dropping: () => boolean;
  /** Keeps the intention; from here on it is carried out. E_ROLE: a group of one's own is neither closed nor handed over. */
  readonly start: (close: readonly Gid[]) => Promise<Outcome<void>>;
  /** Goes on where it stands; nothing where there is no intention. */
  readonly resume: () => Promise<void>;
  /** Erases what is here without what could not be done yet. */
  readonly eraseNow: () => Promise<Outcome<void>>;
}

export interface DeletionOutside {
  readonly joins: () => Joins;
  readonly otherDevices: () => readonly Dev[];
  readonly signOut: (dev: Dev) => Promise<Outcome<void>>;
  readonly tell: (view: DeletionView) => void;
  /** Removes every record and ends the engine. */
  readonly erase: () => Promise<void>;
}

export async function createDeletion(ctx: Context, outside: DeletionOutside): Promise<Deletion> {
  let intention = await ctx.records.read(KEY, intentionField);
  let running = false;
  let dropping = false;
  const unsigned = new Set<Gid>();

  const keep = async (next: Intention): Promise<void> => {
    await ctx.records.write([ctx.records.put(KEY, intentionField, next)]);
    intention = next;
    outside.tell(view('running', next));
  };

  const inside = (): readonly Replica[] =>
    [...ctx.groups.values()].filter(({ state }) => state.members.has(ctx.identity().pid));
  const owns = ({ state }: Replica): boolean =>
    state.members.get(ctx.identity().pid)?.role === ROLE.owner && state.closed === null;
  const waiting = () =>
    outside
      .joins()
      .views()
      .filter((one) => one.state === 'waiting');

  const view = (state: DeletionView['state'], { steps }: Intention): DeletionView => ({
    state,
    steps: steps.map(({ gid, name, outcome, reason }): DeletionStep => ({
      gid,
      name,
      outcome,
      reason: reason === null ? null : { name: reason },
    })),
    left: state === 'done' ? 0 : undone(steps).length + waiting().length,
  });

  const undone = (steps: readonly Step[]): readonly Replica[] =>
    inside().filter(({ gid }) => !steps.some((step) => step.gid === gid));

  const note = async (
    at: Pick<Step, 'gid' | 'name'>,
    outcome: Step['outcome'],
    failure: Failure | null,
  ): Promise<void> => {
    if (intention === null) return;
    const step = { ...at, outcome, reason: failure?.name ?? null };
    await keep({ ...intention, steps: [...intention.steps, step].slice(-STEPS_MAX) });
  };

  /** Leaves or closes one group. */
  const end = (replica: Replica, close: boolean): Promise<Outcome<void>> => {
    if (replica.state.closed !== null) return Promise.resolve(fail('E_CLOSED'));
    if (!owns(replica)) return acts.leaveGroup(ctx, replica, '');
    return close
      ? acts.closeGroup(ctx, replica)
      : Promise.resolve(fail('E_ROLE', 'owned and not to be closed'));
  };

  /** Everything that needs the server; false where it has to be tried again. */
  const carryOut = async (): Promise<boolean> => {
    for (const { gid, name } of waiting().filter((one) => !unsigned.has(one.gid))) {
      const done = await outside.joins().withdraw(gid);
      if (!done.ok && PASSING.has(done.error.name)) return false;
      // Where it cannot be signed here, it goes with everything else the server keeps.
      if (!done.ok) unsigned.add(gid);
      await note({ gid, name }, 'withdrawn', null);
    }
    for (;;) {
      const [replica] = intention === null ? [] : undone(intention.steps);
      if (intention === null || replica === undefined) break;
      const close = intention.close.includes(replica.gid) && owns(replica);
      const at = { gid: replica.gid, name: groupView(ctx, replica).name };
      const done = await end(replica, close);
      if (done.ok) await note(at, close ? 'closed' : 'left', null);
      else if (PASSING.has(done.error.name)) return false;
      // A closed group takes nobody out: it is over for everybody.
      else await note(at, done.error.name === 'E_CLOSED' ? 'closed' : 'kept', done.error);
    }
    for (const dev of outside.otherDevices()) {
      const done = await outside.signOut(dev);
      if (!done.ok && PASSING.has(done.error.name)) return false;
    }
    dropping = true;
    const dropped = await ctx.session.call('dropAccount', {});
    dropping = dropped.ok;
    return dropped.ok;
  };

  const finish = async (): Promise<void> => {
    if (intention === null) return;
    const last = view('done', intention);
    intention = null;
    await outside.erase();
    outside.tell(last);
  };

  const resume = async (): Promise<void> => {
    if (running || intention === null || ctx.session.state().kind !== 'online') return;
    running = true;
    const done = await carryOut();
    running = false;
    if (done) await finish();
    else ctx.clock.after(AGAIN_MS, () => ctx.tend(resume()));
  };

  return {
    dropping: () => dropping,
    view: () => (intention === null ? null : view('running', intention)),
    async start(close) {
      if (intention !== null) return ok(undefined);
      if (inside().some((replica) => owns(replica) && !close.includes(replica.gid)))
        return fail('E_ROLE', 'a group of this account has no other owner yet');
      await keep({ close, steps: [] });
      ctx.tend(resume());
      return ok(undefined);
    },
    resume,
    async eraseNow() {
      if (intention === null) return fail('E_NOT_FOUND', 'nothing is being deleted');
      for (const replica of undone(intention.steps))
        await note({ gid: replica.gid, name: groupView(ctx, replica).name }, 'kept', {
          name: 'E_OFFLINE',
        });
      await finish();
      return ok(undefined);
    },
  };
}
