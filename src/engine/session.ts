/** One connection after another to the session backend: hello, login, calls and their answers, pushes. */
import { type Bytes, ascii } from '../lib/bytes.ts';
import { createEmitter } from '../lib/emitter.ts';
import { never } from '../lib/assert.ts';
import { SIGN } from '../crypto/label.ts';
import type { Identity } from '../crypto/secret/identity.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { encodeAuthClaim } from '../protocol/auth.ts';
import type { Failure } from '../protocol/failure.ts';
import { CLIENT } from '../protocol/limits.ts';
import { decodeServerFrame, type Push, type PushOf } from '../protocol/push.ts';
import {
  encodeRequest,
  READS,
  readReply,
  type RequestArgs,
  type RequestName,
  type RequestReply,
} from '../protocol/request.ts';
import { readValue } from '../protocol/field.ts';
import { WIRE_VERSION } from '../protocol/version.ts';
import { type ConnectionInput, type ConnectionState, step } from './connection.ts';
import type { Ports, Wire } from './ports.ts';

export type Answer<N extends RequestName> =
  | { readonly ok: true; readonly value: RequestReply<N> }
  | { readonly ok: false; readonly error: Failure; readonly detail: Bytes | number | null };

interface Waiting {
  readonly settle: (
    answer:
      | { readonly ok: true; readonly value: unknown }
      | Exclude<Answer<RequestName>, { ok: true }>,
  ) => void;
}

/** Asked again by itself where the server says when (16.5): they change nothing, or the same thing once. */
const PATIENT: ReadonlySet<RequestName> = new Set([...READS, 'putBlob']);

export interface Session {
  readonly state: () => ConnectionState;
  readonly hello: () => PushOf<'hello'> | null;
  /** Server clock minus own clock, ms, as last heard: at hello, and with each answer to a ping. */
  readonly clockOffset: () => number;
  /** The part of it that what is signed goes by: up to a day, beyond that only what the person agreed to. */
  readonly signingOffset: () => number;
  /** The person agrees to the present difference: until it is another one, or the engine ends. */
  readonly useServerTime: () => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly retry: () => void;
  /** Logs in on the present connection, for an account that was just made. */
  readonly accountReady: () => void;
  /** Never throws: without a connection the answer is E_OFFLINE, without an answer E_TIMEOUT. */
  readonly call: <N extends RequestName>(name: N, args: RequestArgs<N>) => Promise<Answer<N>>;
  /** Resolves once at least greeted (or logged in); false when the session stops first. */
  readonly until: (kind: 'greeted' | 'online') => Promise<boolean>;
  /** Resolves at once, or when a login that is under way has succeeded or was given up; not later than a call may take. */
  readonly entering: () => Promise<void>;
  readonly onState: (listener: (state: ConnectionState) => void) => () => void;
  readonly onPush: (listener: (push: Push) => void) => () => void;
  readonly onReady: (listener: (ready: RequestReply<'auth'>) => void) => () => void;
}

export interface SessionAccount {
  readonly identity: () => Identity | null;
  /** The newest checkpoints held, which a restored server compares with its own. */
  readonly checkpoints: () => readonly Bytes[];
}

export function createSession(ports: Ports, account: SessionAccount): Session {
  const { clock, primitives: p } = ports;
  let state: ConnectionState = { kind: 'stopped' };
  let wire: Wire | null = null;
  let hello: PushOf<'hello'> | null = null;
  let offset = 0;
  let agreed: number | null = null;
  let nextId = 1;
  let callOff: () => void = () => undefined;
  const waiting = new Map<number, Waiting>();
  const states = createEmitter<ConnectionState>();
  const pushes = createEmitter<Push>();
  const readies = createEmitter<RequestReply<'auth'>>();

  const settleAll = (error: Failure): void => {
    for (const [id, call] of [...waiting]) {
      waiting.delete(id);
      call.settle({ ok: false, error, detail: null });
    }
  };

  const feed = (input: ConnectionInput): void => {
    const next = step(state, input, clock.now(), (p.random(1)[0] ?? 0) / 256);
    const changed = next.state !== state;
    state = next.state;
    for (const effect of next.effects) {
      switch (effect.kind) {
        case 'open':
          callOff();
          open();
          break;
        case 'close':
          callOff();
          drop();
          break;
        case 'logIn':
          void logIn();
          break;
        case 'wait':
          callOff = clock.after(effect.ms, () => feed({ kind: 'retry' }));
          break;
        default:
          never(effect);
      }
    }
    if (changed) states.emit(state);
  };

  const drop = (): void => {
    const old = wire;
    wire = null;
    hello = null;
    settleAll({ name: 'E_OFFLINE' });
    old?.close();
  };

  const open = (): void => {
    drop();
    const made: Wire = ports.transport.connect({
      opened: () => undefined,
      frame: (frame) => {
        if (wire === made) receive(frame);
      },
      closed: () => {
        if (wire !== made) return;
        drop();
        feed({ kind: 'closed' });
      },
    });
    wire = made;
    beat(made);
  };

  /** A device's clock may be set while it is connected, and the server's too: told only when it matters to people. */
  const hearTime = (time: number): void => {
    const before = offset;
    offset = time - clock.now();
    if (Math.abs(offset - before) > CLIENT.clockWarnMs) states.emit(state);
  };

  /** A connection that does not say hello, or falls silent, is given up. */
  const beat = (made: Wire): void => {
    clock.after(CLIENT.heartbeatMs, () => {
      if (wire !== made) return;
      if (hello === null) {
        drop();
        feed({ kind: 'closed' });
        return;
      }
      void call('ping', {}).then((answer) => {
        if (wire !== made) return;
        if (!answer.ok && answer.error.name === 'E_TIMEOUT') {
          drop();
          feed({ kind: 'closed' });
          return;
        }
        if (answer.ok) hearTime(answer.value.time);
        beat(made);
      });
    });
  };

  const receive = (bytes: Bytes): void => {
    const frame = decodeServerFrame(bytes);
    if (!frame.ok) return;
    switch (frame.value.kind) {
      case 'answer':
        take(frame.value.id)?.settle({ ok: true, value: frame.value.value });
        return;
      case 'refusal': {
        const { reply } = frame.value;
        if (!reply.ok) take(frame.value.id)?.settle(reply);
        return;
      }
      case 'push':
        receivePush(frame.value.push);
        return;
      default:
        never(frame.value);
    }
  };

  const receivePush = (push: Push): void => {
    if (push.name === 'hello') {
      if (push.news.version !== WIRE_VERSION) {
        feed({ kind: 'rejected', reason: { name: 'E_VERSION' } });
        return;
      }
      hello = push.news;
      offset = push.news.time - clock.now();
      feed({ kind: 'hello', account: account.identity() !== null });
      return;
    }
    pushes.emit(push);
  };

  const take = (id: number): Waiting | undefined => {
    const call = waiting.get(id);
    waiting.delete(id);
    return call;
  };

  const logIn = async (): Promise<void> => {
    const identity = account.identity();
    if (identity === null || hello === null) return;
    const clientNonce = p.random(32);
    const exp = hello.time + CLIENT.authLifeMs;
    const claim = encodeAuthClaim({
      origin: ascii(ports.origin),
      serverNonce: hello.nonce,
      clientNonce,
      pid: identity.pid,
      dev: identity.dev,
      cardHash: identity.cardHash,
      exp,
    });
    const answer = await call('auth', {
      pid: identity.pid,
      dev: identity.dev,
      card: identity.cardHash,
      clientNonce,
      exp,
      signature: signLabelled(p, SIGN.auth, identity.device.secretKey, claim),
      checkpoints: account.checkpoints(),
    });
    if (!answer.ok) {
      const { retryAt } = answer.error;
      // When to come back is said by the server's clock, and waited for by the own one.
      const reason =
        retryAt === undefined ? answer.error : { ...answer.error, retryAt: retryAt - offset };
      feed({ kind: 'rejected', reason });
      return;
    }
    feed({ kind: 'loggedIn' });
    readies.emit(answer.value);
  };

  /** Asks once. */
  const ask = <N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Answer<N>> => {
    const out = wire;
    if (out === null || hello === null)
      return Promise.resolve({ ok: false, error: { name: 'E_OFFLINE' }, detail: null });
    const id = nextId++;
    return new Promise((resolve) => {
      const stopTimer = clock.after(CLIENT.callTimeoutMs, () => {
        take(id)?.settle({ ok: false, error: { name: 'E_TIMEOUT' }, detail: null });
      });
      waiting.set(id, {
        settle(answer) {
          stopTimer();
          if (!answer.ok) {
            resolve(answer);
            return;
          }
          const value = readValue(answer.value, (raw) => readReply(name, raw));
          resolve(value.ok ? value : { ok: false, error: value.error, detail: null });
        },
      });
      out.send(encodeRequest(id, name, args));
    });
  };

  /** Reads and parts of files go on once there is room for them again; everything else is the caller's to decide. */
  const call = async <N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Answer<N>> => {
    for (;;) {
      const out = wire;
      const answer = await ask(name, args);
      if (answer.ok || answer.error.name !== 'E_LIMIT' || !PATIENT.has(name)) return answer;
      const { retryAt } = answer.error;
      const ms = (retryAt ?? Infinity) - clock.now() - offset;
      if (ms > CLIENT.callTimeoutMs || wire !== out) return answer;
      await new Promise<void>((resolve) => {
        clock.after(Math.max(ms, 1), resolve);
      });
      if (wire !== out) return { ok: false, error: { name: 'E_OFFLINE' }, detail: null };
    }
  };

  const reached = (kind: 'greeted' | 'online'): boolean =>
    state.kind === 'online' ||
    (kind === 'greeted' && (state.kind === 'greeted' || state.kind === 'authenticating'));

  const isEntering = (): boolean =>
    state.kind === 'connecting' || state.kind === 'greeted' || state.kind === 'authenticating';

  return {
    state: () => state,
    hello: () => hello,
    clockOffset: () => offset,
    signingOffset: () => {
      const near = agreed !== null && Math.abs(offset - agreed) <= CLIENT.clockWarnMs;
      return near || Math.abs(offset) <= CLIENT.clockOffsetMaxMs ? offset : 0;
    },
    useServerTime() {
      agreed = offset;
      states.emit(state);
    },
    start: () => feed({ kind: 'start' }),
    stop: () => feed({ kind: 'stop' }),
    retry: () => feed({ kind: 'retry' }),
    accountReady: () => feed({ kind: 'account' }),
    call,
    until: (kind) =>
      new Promise((resolve) => {
        if (reached(kind)) {
          resolve(true);
          return;
        }
        const undo = states.listen(() => {
          if (!reached(kind) && state.kind !== 'stopped') return;
          undo();
          resolve(state.kind !== 'stopped');
        });
      }),
    entering: () =>
      new Promise((resolve) => {
        if (!isEntering()) {
          resolve();
          return;
        }
        const done = (): void => {
          stopTimer();
          undo();
          resolve();
        };
        const stopTimer = clock.after(CLIENT.callTimeoutMs, done);
        const undo = states.listen(() => {
          if (!isEntering()) done();
        });
      }),
    onState: states.listen,
    onPush: pushes.listen,
    onReady: readies.listen,
  };
}
