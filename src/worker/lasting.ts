/** The page's client over a worker that may end without a word: the next one takes over, and what waited is asked of it. */
import type { Client } from '../client/client.ts';
import { createBridge } from './bridge.ts';
import type { Port, PortEar, Tell } from './message.ts';
import { createRelay } from './relay.ts';

export interface StartedWorker {
  readonly port: Port;
  /** Resolves once it is gone, whoever ended it. */
  readonly ended: Promise<void>;
  readonly terminate: () => void;
}

export interface LastingClient {
  readonly client: Client;
  /** Ends the worker at once, with everything in its memory; calls that wait for it are rejected. */
  readonly end: () => void;
}

/** A worker that ends more often than this within a minute ends by its own fault: the next one would too. */
const ENDS_MAX = 5;
const MINUTE_MS = 60_000;
/** The relay's own questions, above all ids the bridge will ever come to. */
const OWN_IDS_FROM = 2 ** 40;
/** The bridge counts from 1. */
const CLOSE_ID = 0;

/** `start`: makes a worker; `broken` is for what another one would not mend, as a file that cannot be loaded. */
export function createLasting(
  start: (broken: (reason: string) => void) => StartedWorker,
  now: () => number = Date.now,
): LastingClient {
  const [page, door] = twoEnds();
  let current: StartedWorker | null = null;
  let ends: readonly number[] = [];
  let deaf: () => void = () => undefined;

  const relay = createRelay(door, close, now, { from: OWN_IDS_FROM, step: 1 });
  const client = createBridge(page);

  function stop(reason: string): void {
    current = null;
    deaf();
    relay.stop(reason);
  }

  function begin(): void {
    const worker = start((reason) => {
      if (current === worker) end(reason);
    });
    current = worker;
    deaf = worker.port.listen({
      message: (data) => {
        const tell = data as Tell;
        // The engine's own last word, which no other worker takes back.
        if (tell.kind === 'news' && tell.event.kind === 'stopped') stop(tell.event.reason);
      },
      broken: () => undefined,
    });
    relay.attach(worker.port);
    void worker.ended.then(() => {
      if (current === worker) again();
    });
  }

  function again(): void {
    deaf();
    relay.detach();
    ends = [...ends.filter((at) => at > now() - MINUTE_MS), now()];
    if (ends.length > ENDS_MAX) stop('the worker ended');
    else begin();
  }

  function end(reason: string): void {
    current?.terminate();
    stop(reason);
  }

  /** The page says farewell: the worker may do so too, and is not followed by another. */
  async function close(): Promise<void> {
    const worker = current;
    if (worker === null) return;
    current = null;
    const said = new Promise<void>((resolve) => {
      worker.port.listen({
        message: (data) => {
          const tell = data as Tell;
          if (tell.kind === 'answer' && tell.id === CLOSE_ID) resolve();
        },
        broken: () => undefined,
      });
    });
    worker.port.post({ kind: 'close', id: CLOSE_ID });
    await Promise.race([said, worker.ended]);
    worker.terminate();
  }

  begin();
  return { client, end: () => end('the worker ended') };
}

/** Two ports, each the other's other side, in one place. */
function twoEnds(): readonly [Port, Port] {
  const ears: (PortEar | null)[] = [null, null];
  const port = (mine: number, other: number): Port => ({
    post: (message) => ears[other]?.message(message),
    listen: (ear) => {
      ears[mine] = ear;
      return () => {
        ears[mine] = null;
      };
    },
  });
  return [port(0, 1), port(1, 0)];
}
