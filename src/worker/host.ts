/** The worker's end of the door: serves any Client to a port. */
import type { Client } from '../client/client.ts';
import { isCallName } from './calls.ts';
import type { Port, Tell } from './message.ts';

/**
 * Called once by worker/main.ts. Asks that arrive while the client is still opening wait for it; when it cannot be opened, the
 * page hears `stopped`. The page is our own code, yet only names of the table are called. Answers how to end it from here: the
 * client is closed, then the page is told why.
 */
export function serve(port: Port, opening: Promise<Client>): (reason: string) => Promise<void> {
  const tell = (message: Tell): void => port.post(message);

  port.listen({
    message: (data) => {
      void hear(data);
    },
    broken: () => {
      void opening.then(
        (client) => client.close(),
        () => undefined,
      );
    },
  });

  opening.then(
    (client) => client.listen((event) => tell({ kind: 'news', event })),
    (cause: unknown) => tell({ kind: 'news', event: { kind: 'stopped', reason: reasonOf(cause) } }),
  );

  async function hear(data: unknown): Promise<void> {
    const { kind, id, name, args } = data as Readonly<Record<string, unknown>>;
    if (typeof id !== 'number') return;
    try {
      const client = await opening;
      if (kind === 'close') {
        await client.close();
        tell({ kind: 'answer', id, value: undefined });
        return;
      }
      if (kind !== 'call' || !isCallName(name) || !Array.isArray(args)) {
        tell({ kind: 'broken', id, reason: 'this cannot be called' });
        return;
      }
      // The bridge sends the arguments of the call with this very name.
      const call = client[name] as (...args: readonly unknown[]) => Promise<unknown>;
      tell({ kind: 'answer', id, value: await call(...(args as readonly unknown[])) });
    } catch (cause) {
      tell({ kind: 'broken', id, reason: reasonOf(cause) });
    }
  }

  return async (reason) => {
    try {
      const client = await opening;
      await client.close();
    } finally {
      tell({ kind: 'news', event: { kind: 'stopped', reason } });
    }
  };
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'unknown';
}
