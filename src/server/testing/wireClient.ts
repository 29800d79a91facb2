/** A bare client for tests: frames over a real socket, no engine. */
import { WebSocket } from 'ws';
import { present } from '../../lib/assert.ts';
import { ascii } from '../../lib/bytes.ts';
import { SIGN } from '../../crypto/label.ts';
import type { Primitives } from '../../crypto/primitives.ts';
import { encodeAuthClaim } from '../../protocol/auth.ts';
import { decodeServerFrame, type Push, type PushName, type PushOf } from '../../protocol/push.ts';
import {
  encodeRequest,
  readReply,
  type RequestArgs,
  type RequestName,
  type RequestReply,
} from '../../protocol/request.ts';
import type { Refusal } from '../answer.ts';
import { type Person, sign } from './person.ts';

type Reply<N extends RequestName> =
  | { readonly ok: true; readonly value: RequestReply<N> }
  | Refusal;

export interface WireClient {
  readonly hello: PushOf<'hello'>;
  readonly ask: <N extends RequestName>(name: N, args: RequestArgs<N>) => Promise<Reply<N>>;
  /** The value, or the test fails with the error's name. */
  readonly get: <N extends RequestName>(name: N, args: RequestArgs<N>) => Promise<RequestReply<N>>;
  /** The next push of that name that was not taken yet. */
  readonly next: <N extends PushName>(name: N) => Promise<PushOf<N>>;
  readonly untaken: () => readonly Push[];
  readonly raw: (frame: Uint8Array | string) => void;
  readonly login: (p: Primitives, who: Person, change?: Partial<Login>) => Promise<Reply<'auth'>>;
  readonly closed: Promise<number>;
  readonly close: () => void;
  readonly socket: WebSocket;
}

export interface Login {
  readonly origin: string;
  readonly exp: number;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly args: Partial<RequestArgs<'auth'>>;
}

export async function connect(
  port: number,
  options: { readonly origin?: string } = {},
): Promise<WireClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/session`, {
    ...options,
    perMessageDeflate: false,
  });
  const waiting = new Map<number, (value: unknown, refusal: Refusal | null) => void>();
  const pushes: Push[] = [];
  const listeners = new Set<() => void>();
  let nextId = 1;

  socket.on('message', (data: Buffer) => {
    const frame = decodeServerFrame(new Uint8Array(data));
    if (!frame.ok) throw new Error('the server sent a frame nobody reads');
    if (frame.value.kind === 'push') {
      pushes.push(frame.value.push);
      for (const listener of [...listeners]) listener();
      return;
    }
    const settle = waiting.get(frame.value.id);
    waiting.delete(frame.value.id);
    if (frame.value.kind === 'answer') settle?.(frame.value.value, null);
    else if (!frame.value.reply.ok) {
      const { error, detail } = frame.value.reply;
      settle?.(null, { ok: false, error, ...(detail === null ? {} : { detail }) });
    }
  });
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });

  const take = <N extends PushName>(name: N): PushOf<N> | null => {
    const at = pushes.findIndex((push) => push.name === name);
    return at === -1 ? null : (present(pushes.splice(at, 1)[0], 'found').news as PushOf<N>);
  };
  const next = <N extends PushName>(name: N): Promise<PushOf<N>> =>
    new Promise((resolve) => {
      const look = (): void => {
        const news = take(name);
        if (news === null) return;
        listeners.delete(look);
        resolve(news);
      };
      listeners.add(look);
      look();
    });
  const ask = <N extends RequestName>(name: N, args: RequestArgs<N>): Promise<Reply<N>> =>
    new Promise((resolve) => {
      const id = nextId++;
      waiting.set(id, (value, refusal) =>
        resolve(refusal ?? { ok: true, value: readReply(name, value) }),
      );
      socket.send(encodeRequest(id, name, args));
    });

  const hello = await Promise.race([
    next('hello'),
    closed.then(() => {
      throw new Error('closed before hello');
    }),
  ]);
  return {
    hello,
    ask,
    next,
    closed,
    socket,
    async get(name, args) {
      const reply = await ask(name, args);
      if (!reply.ok) throw new Error(`${name}: ${reply.error.name} ${reply.error.note ?? ''}`);
      return reply.value;
    },
    untaken: () => pushes,
    raw: (frame) => socket.send(frame),
    login(p, who, change = {}) {
      const clientNonce = p.random(32);
      const exp = change.exp ?? hello.time + 60_000;
      const claim = encodeAuthClaim({
        origin: ascii(change.origin ?? hello.origin),
        serverNonce: change.nonce ?? hello.nonce,
        clientNonce,
        pid: who.pid,
        dev: who.dev,
        cardHash: who.card,
        exp,
      });
      return ask('auth', {
        pid: who.pid,
        dev: who.dev,
        card: who.card,
        clientNonce,
        exp,
        signature: sign(p, who.device, SIGN.auth, claim),
        checkpoints: [],
        ...change.args,
      });
    },
    close: () => socket.close(),
  };
}
