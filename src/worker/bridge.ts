/** The page's end of the door: a Client whose every call is asked of the worker. */
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { never } from '../lib/assert.ts';
import { createEmitter } from '../lib/emitter.ts';
import type { Answer, Arguments, CallName } from './calls.ts';
import { CALL_NAMES } from './calls.ts';
import type { Ask, Port, Tell } from './message.ts';
import { buffersIn } from './parcel.ts';

interface Waiting {
  readonly settle: (value: unknown) => void;
  readonly refuse: (cause: Error) => void;
}

type Calls = { readonly [Name in CallName]: Client[Name] };

/**
 * Called once by web/client.ts. A refused act is an answer with its reason; a promise is rejected only when the door itself is
 * gone: then every waiting and every later call is rejected and the listeners hear `stopped`, once. News that comes before
 * anybody listens waits for those who listen first.
 */
export function createBridge(port: Port): Client {
  const news = createEmitter<ClientEvent>();
  /** What was told before anybody listened; null once somebody does. */
  let early: ClientEvent[] | null = [];
  const waiting = new Map<number, Waiting>();
  let ended: string | null = null;
  let lastId = 0;

  const unlisten = port.listen({
    message: (data) => hear(data as Tell),
    broken: (reason) => end(reason, true),
  });

  function end(reason: string, tell: boolean): void {
    if (ended !== null) return;
    ended = reason;
    unlisten();
    const left = [...waiting.values()];
    waiting.clear();
    for (const call of left) call.refuse(new Error(reason));
    if (tell) bring({ kind: 'stopped', reason });
  }

  function bring(event: ClientEvent): void {
    if (early === null) news.emit(event);
    else early.push(event);
  }

  function listen(listener: (event: ClientEvent) => void): () => void {
    // In a turn of its own, so that whoever begins to listen together hears the same.
    if (early !== null) queueMicrotask(release);
    return news.listen(listener);
  }

  function release(): void {
    try {
      // One by one: what is told meanwhile comes after what was told before.
      for (let next = early?.shift(); next !== undefined; next = early?.shift()) news.emit(next);
    } finally {
      if (early?.length === 0) early = null;
      else if (early !== null) queueMicrotask(release);
    }
  }

  function hear(tell: Tell): void {
    switch (tell.kind) {
      case 'news':
        if (tell.event.kind === 'stopped') return end(tell.event.reason, true);
        return bring(tell.event);
      case 'answer':
        waiting.get(tell.id)?.settle(tell.value);
        waiting.delete(tell.id);
        return undefined;
      case 'broken':
        waiting.get(tell.id)?.refuse(new Error(tell.reason));
        waiting.delete(tell.id);
        return undefined;
      default:
        return never(tell);
    }
  }

  function ask<T>(make: (id: number) => Ask): Promise<T> {
    if (ended !== null) return Promise.reject(new Error(ended));
    lastId += 1;
    const id = lastId;
    return new Promise<T>((resolve, reject) => {
      // The host answers a call with what the same call of Client answers.
      waiting.set(id, { settle: (value) => resolve(value as T), refuse: reject });
      const asked = make(id);
      port.post(asked, asked.kind === 'call' ? buffersIn(asked.args) : []);
    });
  }

  function caller<Name extends CallName>(name: Name) {
    return (...args: Arguments<Name>): Promise<Answer<Name>> =>
      ask((id) => ({ kind: 'call', id, name, args }));
  }

  // Each entry is caller(name) for its own name, which the type of fromEntries cannot say.
  const calls = Object.fromEntries(
    CALL_NAMES.map((name) => [name, caller(name)]),
  ) as unknown as Calls;

  return {
    ...calls,
    listen,
    close: async () => {
      if (ended !== null) return;
      const closed = ask<void>((id) => ({ kind: 'close', id }));
      try {
        await closed;
      } finally {
        end('Conclave was closed', false);
      }
    },
  };
}
