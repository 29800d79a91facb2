/**
 * A hostile server. Every door is a port of its own before a real server: frames and pages pass through it over real
 * sockets, and what passes can be forged, swapped, withheld, repeated, delayed or answered in the server's place, for whoever
 * comes through that door. Without a script a door is honest. Engines and browsers can be pointed at it alike.
 */
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as askHttp,
  type ServerResponse,
} from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import type { Bytes } from '../lib/bytes.ts';
import type { Failure } from '../protocol/failure.ts';
import {
  decodeServerFrame,
  encodePush,
  type Push,
  type PushName,
  type PushOf,
} from '../protocol/push.ts';
import {
  decodeRequest,
  encodeRefusal,
  encodeReply,
  readReply,
  type Request,
  type RequestArgs,
  type RequestName,
  type RequestReply,
} from '../protocol/request.ts';

/** What a lying server says to a request: a reply of that name, a refusal, or nothing at all. */
export type Said<N extends RequestName> =
  | { readonly value: RequestReply<N> }
  | { readonly refuse: Failure }
  | 'silence';
/** Null: as the real server would have it. A promise holds this frame back while others pass it. */
type Now<T> = T | null | Promise<T | null>;

export interface Script {
  /** Answers in the server's place: the request never reaches it. */
  readonly instead?: {
    readonly [N in RequestName]?: (args: RequestArgs<N>) => Now<Said<N>>;
  };
  /** Changes what the real server answered. */
  readonly after?: {
    readonly [N in RequestName]?: (value: RequestReply<N>, args: RequestArgs<N>) => Now<Said<N>>;
  };
  /** Changes what the real server tells unasked: none, another, or several. */
  readonly push?: (push: Push) => Now<readonly Push[]>;
  /** Changes bytes on their way, before anybody reads them. */
  readonly bytes?: {
    readonly up?: (frame: Bytes) => Bytes;
    readonly down?: (frame: Bytes) => Bytes;
  };
}

export interface Door {
  readonly port: number;
  /** What a client behind it takes for the server's address. */
  readonly address: string;
  /** Holds from the next frame on; `{}` is honest. */
  script: Script;
  /** Every request that came, oldest first, answered or not. */
  readonly heard: readonly Request[];
  /** Every frame as it came, from the client and from the server. */
  readonly seen: { readonly up: readonly Bytes[]; readonly down: readonly Bytes[] };
  /** Another real server, or another state of the same, from the next connection on; cuts the present ones. */
  readonly lead: (port: number) => void;
  /** Tells whoever is connected something no server said. */
  readonly tell: <N extends PushName>(name: N, news: PushOf<N>) => void;
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

/** `behind`: the port of the real server, asked for at every connection. */
export async function openDoor(behind: () => number, host = '127.0.0.1'): Promise<Door> {
  let led: number | null = null;
  const upstream = (): number => led ?? behind();
  const lines = new Set<{ readonly client: WebSocket; readonly server: WebSocket }>();
  const heard: Request[] = [];
  const seen = { up: [] as Bytes[], down: [] as Bytes[] };

  const http = createServer((request, response) => forward(request, response, upstream()));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  http.on('upgrade', (request, raw, head) => {
    raw.on('error', () => raw.destroy());
    sockets.handleUpgrade(request, raw, head, (client) => {
      const { origin } = request.headers;
      const server = new WebSocket(`ws://127.0.0.1:${String(upstream())}/session`, {
        perMessageDeflate: false,
        ...(origin === undefined ? {} : { origin }),
      });
      join(client, server);
    });
  });

  const join = (client: WebSocket, server: WebSocket): void => {
    const line = { client, server };
    lines.add(line);
    const asked = new Map<number, Request>();
    const early: Bytes[] = [];
    const up = (frame: Bytes): void => {
      if (server.readyState === WebSocket.CONNECTING) early.push(frame);
      else if (server.readyState === WebSocket.OPEN) server.send(frame);
    };
    const down = (frame: Bytes): void => {
      if (client.readyState === WebSocket.OPEN) client.send(frame);
    };
    const end = (): void => {
      lines.delete(line);
      client.terminate();
      server.terminate();
    };
    server.on('open', () => early.splice(0).forEach((frame) => server.send(frame)));
    for (const socket of [client, server]) {
      socket.on('close', end);
      socket.on('error', end);
    }
    client.on('message', (data: Buffer) => {
      const whole = Uint8Array.from(data);
      seen.up.push(whole);
      const frame = door.script.bytes?.up?.(whole) ?? whole;
      const request = decodeRequest(frame);
      if (!request.ok) return up(frame);
      heard.push(request.value);
      asked.set(request.value.id, request.value);
      return said(insteadOf(door.script, request.value), (answer) => {
        if (answer === null) up(frame);
        else if (answer !== 'silence') down(answer);
      });
    });
    server.on('message', (data: Buffer) => {
      const whole = Uint8Array.from(data);
      seen.down.push(whole);
      const frame = door.script.bytes?.down?.(whole) ?? whole;
      const read = decodeServerFrame(frame);
      if (!read.ok) return down(frame);
      if (read.value.kind === 'push') {
        return said(door.script.push?.(read.value.push) ?? null, (pushes) => {
          if (pushes === null) down(frame);
          else for (const push of pushes) down(frameOf(push));
        });
      }
      const request = asked.get(read.value.id);
      asked.delete(read.value.id);
      const { value } = read;
      if (request === undefined || value.kind !== 'answer') return down(frame);
      return said(afterThat(door.script, request, value.value), (answer) => {
        if (answer === null) down(frame);
        else if (answer !== 'silence') down(answer);
      });
    });
  };

  const cut = (): void => {
    for (const { client, server } of [...lines]) {
      client.terminate();
      server.terminate();
    }
  };

  http.listen(0, host);
  await once(http, 'listening');
  const place = http.address();
  if (place === null || typeof place === 'string') throw new Error('a door has a port');
  const door: Door = {
    port: place.port,
    address: `http://${host}:${String(place.port)}`,
    script: {},
    heard,
    seen,
    lead(port) {
      led = port;
      cut();
    },
    tell(name, news) {
      for (const { client } of lines) client.send(encodePush(name, news));
    },
    cut,
    async close() {
      cut();
      const gone = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await gone;
    },
  };
  return door;
}

/** The page and its files, as the real server has them. */
function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url, headers } = request;
  const asked = askHttp({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
}

/** Goes on at once where nothing has to be waited for, so that honest frames keep their order. */
function said<T>(now: Now<T>, then: (what: T | null) => void): void {
  if (now instanceof Promise) void now.then(then);
  else then(now);
}

function frameOf({ name, news }: Push): Bytes {
  return encodePush(name, news as PushOf<typeof name>);
}

type Frame = Bytes | 'silence';

function written<N extends RequestName>(id: number, name: N, now: Now<Said<N>>): Now<Frame> {
  const write = (what: Said<N> | null): Frame | null => {
    if (what === null || what === 'silence') return what;
    return 'value' in what ? encodeReply(id, name, what.value) : encodeRefusal(id, what.refuse);
  };
  return now instanceof Promise ? now.then(write) : write(now);
}

function insteadOf<N extends RequestName>(
  script: Script,
  { id, name, args }: { readonly id: number; readonly name: N; readonly args: RequestArgs<N> },
): Now<Frame> {
  const tell = script.instead?.[name];
  return tell === undefined ? null : written(id, name, tell(args));
}

function afterThat<N extends RequestName>(
  script: Script,
  { id, name, args }: { readonly id: number; readonly name: N; readonly args: RequestArgs<N> },
  value: unknown,
): Now<Frame> {
  const tell = script.after?.[name];
  return tell === undefined ? null : written(id, name, tell(readReply(name, value), args));
}
