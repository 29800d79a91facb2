/** The engine's end of the door: serves any Client to a port. */
import type { Client } from '../client/client.ts';
import { isCallName } from './calls.ts';
import type { Port, Tell } from './message.ts';

/**
 * Called by worker/leader.ts for its own page and for every other tab. Asks that arrive while the client is still opening wait
 * for it. The pages are our own code, yet only names of the table are called. Answers how to end it: from then on nothing is told
 * any more, not even the answers of calls that are under way. That the client stopped is for the leader to tell.
 */
export function serve(port: Port, opening: Promise<Client>): () => void {
  let ended = false;
  let unhear: () => void = () => undefined;
  const tell = (message: Tell): void => {
    if (!ended) port.post(message);
  };

  const unlisten = port.listen({
    message: (data) => {
      void hear(data);
    },
    broken: () => end(),
  });

  const end = (): void => {
    ended = true;
    unlisten();
    unhear();
  };

  opening.then(
    (client) => {
      if (ended) return;
      unhear = client.listen((event) => {
        if (event.kind !== 'stopped') tell({ kind: 'news', event });
      });
    },
    () => undefined,
  );

  async function hear(data: unknown): Promise<void> {
    const { kind, id, name, args } = data as Readonly<Record<string, unknown>>;
    if (typeof id !== 'number') return;
    const client = await opening.catch(() => null);
    if (client === null || ended) return;
    if (kind !== 'call' || !isCallName(name) || !Array.isArray(args)) {
      tell({ kind: 'broken', id, reason: 'this cannot be called' });
      return;
    }
    try {
      // The bridge sends the arguments of the call with this very name.
      const call = client[name] as (...args: readonly unknown[]) => Promise<unknown>;
      tell({ kind: 'answer', id, value: await call(...(args as readonly unknown[])) });
    } catch (cause) {
      tell({ kind: 'broken', id, reason: cause instanceof Error ? cause.message : 'unknown' });
    }
  }

  return end;
}
