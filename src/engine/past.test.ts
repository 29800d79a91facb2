import { describe, expect, it } from 'vitest';
import type { VerifiedAct } from '../group/reduce.ts';
import type { Link } from '../group/state.ts';
import type { Action } from '../protocol/action.ts';
import { type Hash, type LinkPk, type Pid, ZERO_HASH } from '../protocol/ids.ts';
import { POLICY } from '../protocol/policy.ts';
import { ROLE } from '../protocol/role.ts';
import { activity } from './activity.ts';
import type { Context } from './context.ts';
import { createPast, pastOf } from './past.ts';
import type { Replica } from './replica.ts';

const id = (n: number): string => n.toString(16).padStart(64, '0');
const ALICE = id(1) as Pid;
const BOB = id(2) as Pid;
const LINK = id(9) as LinkPk;

/** An act as replay leaves it; nothing here looks at its bytes. */
function act(seq: number, action: Action, author = ALICE): VerifiedAct {
  return {
    entry: { author, seq, time: seq * 1000 },
    hash: id(1000 + seq) as Hash,
    action,
    admissions: [],
    card: seq === 0 ? { pid: ALICE } : null,
  } as unknown as VerifiedAct;
}

const FOUNDED = act(0, { kind: 'SpawnGroup', policy: 0 } as unknown as Action);

function terms(change: Partial<Link>): Action {
  const create = { pk: LINK, expires: 0, maxUses: 25, role: 1, auto: false, paused: false };
  const links = { create: [{ ...create, previewHash: ZERO_HASH, ...change }], revoke: [] };
  return {
    kind: 'LinkOps',
    links: { ...links, staffHash: ZERO_HASH, staffCommit: ZERO_HASH },
  } as Action;
}

const facts = (acts: readonly VerifiedAct[]) =>
  pastOf({ past: createPast(), acts }).changes.map((change) => change.facts);

describe('what each act changed', () => {
  it('tells a link made, changed, paused, resumed and only renewed apart', () => {
    const told = facts([
      FOUNDED,
      act(1, terms({})),
      act(2, terms({ maxUses: 5, paused: true })),
      act(3, terms({ maxUses: 5 })),
      act(4, terms({ maxUses: 5, previewHash: id(5) as Hash })),
    ]);
    expect(told.map((all) => all.map((fact) => fact.what))).toEqual([
      ['created'],
      ['linkCreated'],
      ['linkChanged', 'linkPaused'],
      ['linkResumed'],
      ['linkChanged'],
    ]);
    expect(told[2]?.[0]).toMatchObject({ before: { maxUses: 25 }, link: { maxUses: 5 } });
  });

  it('names the bits of the policy that changed, and only those', () => {
    const edit = (policy: number): Action => ({
      kind: 'EditGroupInfo',
      profileHash: ZERO_HASH,
      profileCommit: ZERO_HASH,
      policy,
    });
    const told = facts([
      FOUNDED,
      act(1, edit(POLICY.announcements)),
      act(2, edit(POLICY.strictPending)),
    ]);
    expect(told[2]?.find((fact) => fact.what === 'policy')).toEqual({
      what: 'policy',
      changes: [
        { name: 'strictPending', on: true },
        { name: 'announcements', on: false },
      ],
    });
  });

  it('folds only what came since the last time', () => {
    const past = createPast();
    const acts = [FOUNDED, act(1, terms({}))];
    const first = pastOf({ past, acts }).changes[1];
    acts.push(act(2, terms({ paused: true })));
    expect(pastOf({ past, acts }).changes[1]).toBe(first);
    expect(past.changes.length).toBe(3);
  });
});

describe('SX-17, bug 23: a log of 10,000 entries', () => {
  it('is searched to its end within a moment, and a page is answered faster', () => {
    const acts = [FOUNDED, act(1, terms({}))];
    for (let seq = 2; seq < 10_000; seq++) acts.push(act(seq, terms({ paused: seq % 2 === 0 })));
    const replica = {
      past: createPast(),
      acts,
      state: { seq: 9999, members: new Map([[ALICE, { role: ROLE.owner }]]) },
      head: { names: [], labels: [{ pk: LINK, label: 'Poster' }], titles: [] },
      timeline: { first: () => 0, end: () => 0, range: () => [] },
    } as unknown as Replica;
    const ctx = { identity: () => ({ pid: ALICE }) } as unknown as Context;
    expect(activity(ctx, replica, {}).acts.length).toBe(60);
    const timed = (wishes: Parameters<typeof activity>[2]): number => {
      const begun = performance.now();
      activity(ctx, replica, wishes);
      return performance.now() - begun;
    };
    // Far above what is usual, far below what a person would wait for.
    expect(timed({})).toBeLessThan(100);
    expect(timed({ find: 'not in any line' })).toBeLessThan(1000);
    expect(timed({ who: BOB })).toBeLessThan(100);
    const last = activity(ctx, replica, { before: 1 });
    expect(last.acts.map((one) => one.seq)).toEqual([0]);
    expect(last.before).toBeNull();
  });
});
