import { describe, expect, it } from 'vitest';
import { POLICY, POLICY_DEFAULT } from '../protocol/policy.ts';
import { CIRCLE, ROLE, type Role, type RoleName } from '../protocol/role.ts';
import { type Act, can, refusal } from './can.ts';

const ROLES: readonly RoleName[] = ['owner', 'moderator', 'member', 'observer'];
const TARGETS: readonly (readonly [string, Role | null])[] = [
  ['stranger', null],
  ['observer', ROLE.observer],
  ['member', ROLE.member],
  ['moderator', ROLE.moderator],
  ['owner', ROLE.owner],
];

const PLAIN: readonly (readonly [string, Act])[] = (
  [
    'init',
    'close',
    'transfer',
    'setPolicy',
    'editInfo',
    'links',
    'rotate',
    'leave',
    'updateCard',
    'add',
    'unban',
  ] as const
).map((kind) => [kind, { kind }]);

const ACTS: readonly (readonly [string, Act])[] = [
  ...PLAIN,
  ...(['remove', 'ban'] as const).flatMap((kind) =>
    TARGETS.map(([name, target]) => [`${kind} ${name}`, { kind, target }] as const),
  ),
  ...TARGETS.flatMap(([name, from]) =>
    TARGETS.flatMap(([toName, to]) =>
      to === null ? [] : [[`${name} to ${toName}`, { kind: 'setRole', from, to }] as const],
    ),
  ),
  ['send to everyone', { kind: 'send', circle: CIRCLE.everyone }],
  ['send to staff', { kind: 'send', circle: CIRCLE.staff }],
];

/** One line an act: who may, as letters of owner, moderator, member, observer. */
function table(policy: number, only = ACTS): string[] {
  return only.map(([name, act]) => {
    const who = ROLES.map((role) => (can({ role: ROLE[role], policy }, act) ? 'x' : '-'));
    return `${name.padEnd(22)} ${who.join(' ')}`;
  });
}

describe('R3: who may do what', () => {
  it('the whole table, under the default policy', () => {
    expect(table(POLICY_DEFAULT)).toMatchInlineSnapshot(`
      [
        "init                   x - - -",
        "close                  x - - -",
        "transfer               x - - -",
        "setPolicy              x - - -",
        "editInfo               x x - -",
        "links                  x x - -",
        "rotate                 x x - -",
        "leave                  - x x x",
        "updateCard             x x x x",
        "add                    x x - -",
        "unban                  x x - -",
        "remove stranger        x x - -",
        "remove observer        x x - -",
        "remove member          x x - -",
        "remove moderator       x - - -",
        "remove owner           - - - -",
        "ban stranger           x x - -",
        "ban observer           x x - -",
        "ban member             x x - -",
        "ban moderator          x - - -",
        "ban owner              - - - -",
        "stranger to observer   x x - -",
        "stranger to member     x x - -",
        "stranger to moderator  x - - -",
        "stranger to owner      - - - -",
        "observer to observer   x x - -",
        "observer to member     x x - -",
        "observer to moderator  x - - -",
        "observer to owner      - - - -",
        "member to observer     x x - -",
        "member to member       x x - -",
        "member to moderator    x - - -",
        "member to owner        - - - -",
        "moderator to observer  x - - -",
        "moderator to member    x - - -",
        "moderator to moderator x - - -",
        "moderator to owner     - - - -",
        "owner to observer      - - - -",
        "owner to member        - - - -",
        "owner to moderator     - - - -",
        "owner to owner         - - - -",
        "send to everyone       x x x -",
        "send to staff          x x - -",
      ]
    `);
  });

  it('policy bits move editing, links and announcements, and nothing else', () => {
    const changed = (policy: number): string[] => {
      const before = table(POLICY_DEFAULT);
      return table(policy).filter((line, i) => line !== before[i]);
    };
    expect(changed(POLICY_DEFAULT & ~POLICY.modsEditProfile)).toEqual([
      'editInfo               x - - -',
    ]);
    expect(changed(POLICY_DEFAULT & ~POLICY.modsManageLinks)).toEqual([
      'links                  x - - -',
    ]);
    expect(changed(POLICY_DEFAULT | POLICY.announcements)).toEqual([
      'send to everyone       x x - -',
    ]);
    expect(changed(POLICY_DEFAULT | POLICY.strictPending | POLICY.shareableDefault)).toEqual([]);
  });

  it('a refusal is E_ROLE and says which act', () => {
    expect(refusal({ role: ROLE.member, policy: POLICY_DEFAULT }, { kind: 'links' })).toEqual({
      name: 'E_ROLE',
      note: 'not allowed to links',
    });
    expect(refusal({ role: ROLE.owner, policy: 0 }, { kind: 'links' })).toBeNull();
  });
});
