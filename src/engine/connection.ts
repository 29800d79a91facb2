/** The life of the connection as a pure machine: state and input in, state and effects out. */
import type { Failure } from '../protocol/failure.ts';
import { CLIENT } from '../protocol/limits.ts';

export type ConnectionState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'connecting'; readonly attempt: number }
  /** The server said hello; nobody is logged in. Enough for previews and for publishing a first card. */
  | { readonly kind: 'greeted' }
  | { readonly kind: 'authenticating'; readonly attempt: number }
  | { readonly kind: 'online' }
  | {
      readonly kind: 'waiting';
      readonly attempt: number;
      readonly until: number;
      readonly reason: Failure;
    }
  /** The server does not accept this device; trying again by itself would not help. */
  | { readonly kind: 'refused'; readonly reason: Failure };

export type ConnectionInput =
  | { readonly kind: 'start' | 'stop' | 'retry' | 'closed' | 'loggedIn' }
  | { readonly kind: 'hello'; readonly account: boolean }
  /** An account was made while greeted. */
  | { readonly kind: 'account' }
  | { readonly kind: 'rejected'; readonly reason: Failure };

export type ConnectionEffect =
  | { readonly kind: 'open' | 'close' | 'logIn' }
  | { readonly kind: 'wait'; readonly ms: number };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** Chance between 0 and 1 spreads the returns of many clients after a restart. */
function backOff(attempt: number, chance: number): number {
  const full = Math.min(CLIENT.backoffMinMs * 2 ** attempt, CLIENT.backoffMaxMs);
  return Math.round(full / 2 + (full / 2) * chance);
}

function attemptOf(state: ConnectionState): number {
  return state.kind === 'connecting' || state.kind === 'authenticating' || state.kind === 'waiting'
    ? state.attempt
    : 0;
}

const PERMANENT: ReadonlySet<string> = new Set(['E_DEVICE', 'E_CARD', 'E_VERSION']);

export function step(
  state: ConnectionState,
  input: ConnectionInput,
  now: number,
  chance: number,
): Step {
  const stay: Step = { state, effects: [] };
  switch (input.kind) {
    case 'start':
      return state.kind === 'stopped'
        ? { state: { kind: 'connecting', attempt: 0 }, effects: [{ kind: 'open' }] }
        : stay;
    case 'stop':
      return {
        state: { kind: 'stopped' },
        effects: state.kind === 'stopped' ? [] : [{ kind: 'close' }],
      };
    case 'retry':
      if (state.kind !== 'waiting' && state.kind !== 'refused') return stay;
      return {
        state: { kind: 'connecting', attempt: attemptOf(state) },
        effects: [{ kind: 'open' }],
      };
    case 'hello':
      if (state.kind !== 'connecting') return stay;
      if (!input.account) return { state: { kind: 'greeted' }, effects: [] };
      return {
        state: { kind: 'authenticating', attempt: state.attempt },
        effects: [{ kind: 'logIn' }],
      };
    case 'account':
      if (state.kind !== 'greeted') return stay;
      return { state: { kind: 'authenticating', attempt: 0 }, effects: [{ kind: 'logIn' }] };
    case 'loggedIn':
      return state.kind === 'authenticating' ? { state: { kind: 'online' }, effects: [] } : stay;
    case 'rejected': {
      if (state.kind !== 'authenticating' && state.kind !== 'connecting') return stay;
      if (PERMANENT.has(input.reason.name))
        return { state: { kind: 'refused', reason: input.reason }, effects: [{ kind: 'close' }] };
      return wait(state, input.reason, now, chance, true);
    }
    case 'closed':
      if (state.kind === 'stopped' || state.kind === 'waiting' || state.kind === 'refused')
        return stay;
      return wait(state, { name: 'E_OFFLINE' }, now, chance, false);
  }
}

function wait(
  state: ConnectionState,
  reason: Failure,
  now: number,
  chance: number,
  close: boolean,
): Step {
  const attempt = attemptOf(state);
  const ms = Math.max(backOff(attempt, chance), (reason.retryAt ?? 0) - now);
  return {
    state: { kind: 'waiting', attempt: Math.min(attempt + 1, 20), until: now + ms, reason },
    effects: [...(close ? [{ kind: 'close' } as const] : []), { kind: 'wait', ms }],
  };
}
