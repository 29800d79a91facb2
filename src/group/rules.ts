/** Which acts one signed action consists of, so that the table of can.ts can be asked for each. */
import type { Action } from '../protocol/action.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Pid } from '../protocol/ids.ts';
import type { Ops } from '../protocol/ops.ts';
import { ROLE } from '../protocol/role.ts';
import { type Act, refusal } from './can.ts';
import { roleOf } from './select.ts';
import type { GroupState } from './state.ts';

function actsOfOps(state: GroupState, ops: Ops): Act[] {
  const added = new Set<Pid>(ops.add.map((op) => op.pid));
  return [
    ...ops.remove.map((op): Act => ({
      kind: op.ban ? 'ban' : 'remove',
      target: roleOf(state, op.pid),
    })),
    ...ops.add.map((): Act => ({ kind: 'add' })),
    ...ops.setRole.map((op): Act => ({
      kind: 'setRole',
      from: added.has(op.pid) ? ROLE.observer : roleOf(state, op.pid),
      to: op.role,
    })),
    ...ops.unban.map((): Act => ({ kind: 'unban' })),
  ];
}

/** Null for what is no change of a group: nobody has a right to that here. */
function actsOf(state: GroupState, action: Action): Act[] | null {
  switch (action.kind) {
    case 'InitGroup':
      return [{ kind: 'init' }, ...actsOfOps(state, action.ops)];
    case 'EditGroupInfo':
      return action.policy === null
        ? [{ kind: 'editInfo' }]
        : [{ kind: 'editInfo' }, { kind: 'setPolicy' }];
    case 'MemberOps':
      return actsOfOps(state, action.ops);
    case 'LeaveGroup':
      return [{ kind: 'leave' }];
    case 'RotateSessionKey':
      return [{ kind: 'rotate' }];
    case 'LinkOps':
      return [{ kind: 'links' }];
    case 'UpdateCard':
      return [{ kind: 'updateCard' }];
    case 'TransferOwnership':
      return [{ kind: 'transfer' }];
    case 'CloseGroup':
      return [{ kind: 'close' }];
    case 'SpawnGroup':
    case 'RequestToJoin':
    case 'Complain':
    case 'RejectRequest':
    case 'WithdrawRequest':
    case 'Report':
      return null;
  }
}

/** R3: null where every act of the action is allowed to the author, else the first refusal. */
export function refusedByRole(state: GroupState, author: Pid, action: Action): Failure | null {
  const role = roleOf(state, author);
  if (role === null) return { name: 'E_NOT_MEMBER' };
  const actor = { role, policy: state.policy };
  const acts = actsOf(state, action);
  if (acts === null) return { name: 'E_ROLE', note: 'no act of the log' };
  for (const act of acts) {
    const why = refusal(actor, act);
    if (why !== null) return why;
  }
  return null;
}
