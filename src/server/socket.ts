/** One WebSocket: bytes in and out, the clock of its life, and no more waiting for it than its limit. */
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { type Bytes, concat } from '../lib/bytes.ts';
import type { ErrorName } from '../protocol/failure.ts';
import { encodePush } from '../protocol/push.ts';
import { WIRE_VERSION } from '../protocol/version.ts';
import type { Context } from './context.ts';
import { dispatch } from './dispatch.ts';
import type { Ended } from './metrics.ts';
import type { Outboxes } from './outbox.ts';
import { createRate } from './rate.ts';
import type { Connection } from './session.ts';

/** Requests of one connection worked on at the same time; the next ones wait, and the socket is not read. */
const IN_FLIGHT = 16;
/** How long a socket may take to close before it is cut. */
const CLOSE_MS = 1000;
/** Life of a connection that never logs in but reads an invitation or makes an account. */
const VISIT_MS = 60_000;

/** Chances to show life before a silent connection is dropped. */
const PINGS_PER_IDLE = 4;

/** Seconds' worth of frames that may come at once. */
const FRAMES_AT_ONCE_S = 10;

const CLOSE_CODE = { normal: 1001, policy: 1008, later: 1013 } as const;

export interface Socket {
  readonly connection: Connection;
  /** Asked every so often: pings, and drops who is silent or does not log in. `now` is a monotonic time in ms. */
  readonly tick: (now: number) => void;
  /** Hears no more requests; those it heard are still answered. */
  readonly deafen: () => void;
  readonly queuedBytes: () => number;
  readonly cut: () => void;
}

export interface Incoming {
  readonly id: number;
  readonly webSocket: WebSocket;
  readonly raw: Duplex;
  readonly address: string;
  readonly origin: string | null;
  readonly now: () => number;
}

function bytesOf(data: RawData): Bytes {
  if (Array.isArray(data)) return concat(...data);
  return new Uint8Array(data instanceof ArrayBuffer ? data : new Uint8Array(data));
}

/** What ws says of a frame it would not read; a line that broke is no fault of the frames. */
function brokenBy(error: Error): Ended {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!code.startsWith('WS_ERR')) return 'left';
  return code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'E_LIMIT' : 'E_FORMAT';
}

/** Greets, then answers until the socket closes; `closed` runs once. */
export function openSocket(
  context: Context,
  outboxes: Outboxes,
  incoming: Incoming,
  closed: () => void,
): Socket {
  const { webSocket, raw, now } = incoming;
  const { limits, clock } = context;
  const born = now();
  let heard = born;
  let visiting = false;
  let inFlight = 0;
  let ending = false;
  let deaf = false;
  let pinged = born;
  const frameRate = createRate(
    now,
    FRAMES_AT_ONCE_S * limits.framesPerSecond,
    limits.framesPerSecond / 1000,
  );

  const backlog: Bytes[] = [];

  /** Answers as fast as the other side reads: what it asks is worked on while little waits for it. */
  const work = (): void => {
    while (
      inFlight < IN_FLIGHT &&
      webSocket.bufferedAmount <= limits.socketQueueBytes / 4 &&
      !ending
    ) {
      const frame = backlog.shift();
      if (frame === undefined) break;
      inFlight++;
      void dispatch(context, connection, frame, visit).finally(() => {
        inFlight--;
        work();
      });
    }
    if (backlog.length > 0 && !ending) webSocket.pause();
    else webSocket.resume();
  };

  const visit = (): void => {
    visiting = true;
  };

  const sent = (): void => {
    heard = now();
    work();
  };

  const write = (outgoing: readonly Bytes[]): void => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    const overflows = webSocket.bufferedAmount > limits.socketQueueBytes;
    raw.cork();
    for (const frame of outgoing) {
      context.metrics.frameOut(frame.length);
      webSocket.send(frame, sent);
    }
    raw.uncork();
    if (overflows) end('E_BUSY', clock() + 1000);
  };

  /** False where that is one frame too many: frames cost work even where nothing of them is answered. */
  const hear = (bytes: number): boolean => {
    heard = now();
    context.metrics.frameIn(bytes);
    if (ending || deaf) return false;
    if (frameRate.wait('') !== null) {
      end('E_LIMIT', clock() + 1000);
      return false;
    }
    frameRate.take('');
    return true;
  };

  const end = (reason: ErrorName, retryAt?: number): void => {
    if (ending) return;
    ending = true;
    backlog.length = 0;
    context.metrics.ended(reason);
    context.log.debug('connection ended', { connection: incoming.id, reason });
    connection.outbox.frame(encodePush('bye', { name: reason, retryAt: retryAt ?? null }));
    outboxes.flush();
    const code =
      reason === 'E_BUSY'
        ? CLOSE_CODE.later
        : reason === 'E_OFFLINE'
          ? CLOSE_CODE.normal
          : CLOSE_CODE.policy;
    webSocket.resume();
    webSocket.close(code, reason);
    setTimeout(() => webSocket.terminate(), CLOSE_MS).unref();
  };

  const nonce = context.p.random(32);
  const time = clock();
  const connection: Connection = {
    id: incoming.id,
    address: incoming.address,
    origin: incoming.origin,
    session: { state: 'greeted', nonce, time, failures: 0 },
    outbox: outboxes.open(write),
    end,
  };

  webSocket.on('message', (data, isBinary) => {
    const bytes = bytesOf(data);
    if (!hear(bytes.length)) return;
    if (!isBinary) {
      end('E_FORMAT');
      return;
    }
    backlog.push(bytes);
    work();
  });
  // ws answers pings by itself: who sends them and reads no answer is dropped like everybody who does not read.
  webSocket.on('ping', (data) => {
    if (hear(data.length) && webSocket.bufferedAmount > limits.socketQueueBytes)
      end('E_BUSY', clock() + 1000);
  });
  webSocket.on('pong', (data) => {
    hear(data.length);
  });
  // ws reports broken and oversize frames here and closes by itself.
  webSocket.on('error', (error) => {
    context.log.debug('socket error', { connection: incoming.id, error: error.name });
    if (ending) return;
    ending = true;
    context.metrics.ended(brokenBy(error));
  });
  webSocket.on('close', () => {
    if (!ending) context.metrics.ended('left');
    ending = true;
    context.hub.leave(connection);
    closed();
  });

  connection.outbox.frame(
    encodePush('hello', {
      version: WIRE_VERSION,
      nonce,
      serverPk: context.signer.publicKey,
      time,
      origin: incoming.origin ?? context.origins()[0] ?? '',
    }),
  );

  return {
    connection,
    tick(at) {
      if (ending) return;
      if (connection.session.state === 'greeted') {
        const life = visiting ? Math.max(VISIT_MS, limits.handshakeMs) : limits.handshakeMs;
        if (at - born > life) end('E_TIMEOUT');
        return;
      }
      if (at - heard > limits.idleMs) end('E_TIMEOUT');
      else if (at - pinged >= limits.idleMs / PINGS_PER_IDLE) {
        pinged = at;
        webSocket.ping();
      }
    },
    deafen() {
      deaf = true;
    },
    queuedBytes: () => webSocket.bufferedAmount,
    cut: () => webSocket.terminate(),
  };
}
