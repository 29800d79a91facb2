/** The network: one HTTP server for the page, and sockets on /session. */
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { performance } from 'node:perf_hooks';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { present } from '../lib/assert.ts';
import type { ServerConfig } from './config.ts';
import type { Context } from './context.ts';
import type { createApp } from './http/app.ts';
import { rawResponse, securityHeaders } from './http/headers.ts';
import type { Gauges } from './metrics.ts';
import { createOutboxes } from './outbox.ts';
import { openSocket, type Socket } from './socket.ts';

export interface Listener {
  /** Rejects where the port cannot be had. */
  readonly listen: () => Promise<{ readonly port: number }>;
  /** Takes nothing new, waits for `drained`, says bye to everybody, and resolves when all sockets are gone. */
  readonly close: (drained: () => Promise<unknown>) => Promise<void>;
  readonly gauges: () => Gauges;
  /** 0 before it listens. */
  readonly port: () => number;
}

const PATH = '/session';
const BYE_RETRY_MS = 1000;
const CUT_AFTER_MS = 2000;
const SLOWEST_TICK_MS = 25_000;
/** How long a request for a file may take to arrive, and how often late ones are looked for. */
const REQUEST_MS = 30_000;
const CHECK_MS = 5000;

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function addressOf(request: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? request.headers['x-forwarded-for'] : undefined;
  const list = Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '');
  return list.split(',').at(-1)?.trim() || (request.socket.remoteAddress ?? '');
}

export function createListener(
  config: ServerConfig,
  context: Context,
  app: ReturnType<typeof createApp>,
): Listener {
  const sockets = new Set<Socket>();
  const byAddress = new Map<string, Set<Socket>>();
  const outboxes = createOutboxes(config.limits.frameBytes - 1024);
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: config.limits.frameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  let nextId = 1;
  let closing = false;
  let ticker: NodeJS.Timeout | undefined;

  const fetchApp = getRequestListener(app.fetch);
  const { handshakeMs, idleMs } = config.limits;
  const timing = {
    headersTimeout: handshakeMs,
    requestTimeout: Math.max(REQUEST_MS, handshakeMs),
    connectionsCheckingInterval: Math.min(CHECK_MS, handshakeMs),
  };
  const http = createHttpServer(timing, (request, response) => {
    for (const [name, value] of Object.entries(securityHeaders(pathOf(request))))
      response.setHeader(name, value);
    void fetchApp(request, response);
  });

  const refuse = (socket: Duplex, status: number, reason: string): void => {
    context.metrics.turnedAway(status);
    socket.end(rawResponse(status, reason));
  };
  /** Connections that have not logged in cost an attacker nothing: one address has so many. */
  const crowded = (address: string): boolean => {
    const here = byAddress.get(address);
    if (here === undefined || here.size < config.limits.waitingPerAddress) return false;
    const waiting = [...here].filter(({ connection }) => connection.session.state === 'greeted');
    return waiting.length >= config.limits.waitingPerAddress;
  };
  const add = (socket: Socket, address: string): void => {
    sockets.add(socket);
    byAddress.set(address, (byAddress.get(address) ?? new Set()).add(socket));
  };
  const remove = (socket: Socket, address: string): void => {
    sockets.delete(socket);
    const here = byAddress.get(address);
    here?.delete(socket);
    if (here?.size === 0) byAddress.delete(address);
  };
  http.on('clientError', (_, socket) => {
    if (socket.writable) refuse(socket, 400, 'Bad Request');
    else socket.destroy();
  });

  http.on('upgrade', (request, raw, head) => {
    raw.on('error', () => raw.destroy());
    const { origin } = request.headers;
    if (closing) return refuse(raw, 503, 'Service Unavailable');
    if (pathOf(request) !== PATH) return refuse(raw, 404, 'Not Found');
    if (request.method !== 'GET') return refuse(raw, 405, 'Method Not Allowed');
    if (origin !== undefined && !context.origins().includes(origin))
      return refuse(raw, 403, 'Forbidden');
    const address = addressOf(request, config.trustProxy);
    if (crowded(address)) return refuse(raw, 429, 'Too Many Requests');
    webSockets.handleUpgrade(request, raw, head, (webSocket) => {
      const incoming = {
        id: nextId++,
        webSocket,
        raw,
        address,
        origin: origin ?? null,
        now: () => performance.now(),
      };
      const socket: Socket = openSocket(context, outboxes, incoming, () => remove(socket, address));
      add(socket, address);
    });
    return undefined;
  });
  webSockets.on('wsClientError', (_, socket) => refuse(socket, 400, 'Bad Request'));

  const port = (): number => {
    const address = http.address();
    return address === null || typeof address === 'string' ? 0 : address.port;
  };

  return {
    port,
    gauges() {
      let signedIn = 0;
      let queuedBytes = 0;
      for (const socket of sockets) {
        if (socket.connection.session.state === 'signedIn') signedIn += 1;
        queuedBytes += socket.queuedBytes();
      }
      return { connections: sockets.size, signedIn, queuedBytes };
    },
    listen: () =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(config.port, config.host, () => {
          http.off('error', reject);
          const every = Math.min(SLOWEST_TICK_MS, idleMs / 3, handshakeMs / 2);
          ticker = setInterval(() => {
            for (const socket of [...sockets]) socket.tick(performance.now());
          }, every);
          ticker.unref();
          resolve({ port: present(port(), 'a listening server has a port') });
        });
      }),
    async close(drained) {
      closing = true;
      clearInterval(ticker);
      const gone = new Promise((resolve) => http.close(resolve));
      http.closeIdleConnections();
      for (const socket of sockets) socket.deafen();
      await drained();
      // Handlers whose commit just ended get to say so.
      await new Promise((resolve) => setImmediate(resolve));
      outboxes.flush();
      for (const socket of [...sockets])
        socket.connection.end('E_OFFLINE', context.clock() + BYE_RETRY_MS);
      const cutter = setTimeout(() => {
        for (const socket of [...sockets]) socket.cut();
        http.closeAllConnections();
      }, CUT_AFTER_MS);
      await gone;
      clearTimeout(cutter);
    },
  };
}
