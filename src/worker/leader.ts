/** The time in which this worker runs the engine: for its own page and, over sealed links, for every other tab. */
import type { Client } from '../client/client.ts';
import type { Channel, Frame } from './channel.ts';
import { serve } from './host.ts';
import { createLink, linkLock } from './link.ts';
import { drawKeys } from './linkKeys.ts';
import type { Locks } from './locks.ts';
import type { Port, PortEar } from './message.ts';

export type Ending =
  /** Somebody else runs the engine now; this tab goes on as one of the others. */
  | { readonly why: 'taken' }
  /** The engine cannot go on here. */
  | { readonly why: 'stopped'; readonly reason: string }
  /** This device is locked: the engine ended for it, or could not be opened. */
  | { readonly why: 'locked' }
  /** The page said farewell. */
  | { readonly why: 'left' };

export interface Term {
  readonly port: Port;
  readonly end: (ending: Ending) => void;
  /** Whether the engine had opened: then others may show something of it. */
  readonly opened: () => boolean;
  /** Resolves once the engine is closed. */
  readonly over: Promise<Ending>;
}

export interface Office {
  /** The build of this tab. */
  readonly build: string;
  readonly channel: Channel;
  readonly locks: Locks;
  /** Opens the engine on the store. */
  readonly open: () => Promise<Client>;
  /** Whether an engine stopped because another one has taken its store. */
  readonly wasTaken: (reason: string) => boolean;
  /** Whether an engine ended, or did not open, because this device is locked. */
  readonly isLocked: (reason: string) => boolean;
}

/** Starts the engine and announces it. Whoever calls must hold the lock. */
export function startTerm({ build, channel, locks, open, wasTaken, isLocked }: Office): Term {
  const term = crypto.randomUUID();
  const keys = drawKeys();
  const opening = open();
  const links = new Map<string, () => void>();
  const [near, far] = portPair();
  const unserve = serve(far, opening);
  let ended = false;
  let opened = false;
  let finish: (ending: Ending) => void = () => undefined;
  const over = new Promise<Ending>((resolve) => {
    finish = resolve;
  });

  const end = (ending: Ending): void => {
    if (ended) return;
    ended = true;
    unserve();
    unlisten();
    for (const drop of [...links.values()]) drop();
    channel.post({ kind: 'end', term });
    const close = opening.then((client) => client.close());
    void close.catch(() => undefined).then(() => finish(ending));
  };
  const stop = (reason: string): void => {
    if (isLocked(reason)) end({ why: 'locked' });
    else end(wasTaken(reason) ? { why: 'taken' } : { why: 'stopped', reason });
  };

  const announce = async (): Promise<void> => {
    const { publicKey } = await keys;
    if (!ended) channel.post({ kind: 'lead', term, key: publicKey, build });
  };

  const admit = ({ link, key }: Frame & { readonly kind: 'join' }): void => {
    if (links.has(link)) return;
    const line = createLink(
      channel,
      link,
      'leader',
      keys.then((own) => own.agree(key, link)),
    );
    const unserveLink = serve(line.port, opening);
    const drop = (): void => {
      links.delete(link);
      unserveLink();
      line.close();
    };
    links.set(link, drop);
    line.port.listen({ message: () => undefined, broken: drop });
    // The tab holds this lock while it lives.
    const gone = locks.request(linkLock(link), { steal: false }, () => Promise.resolve());
    void gone.then(drop, drop);
  };

  const unlisten = channel.listen((frame) => {
    if (frame.kind === 'seek') void announce();
    else if (frame.kind === 'join' && frame.term === term) admit(frame);
    else if (frame.kind === 'ping' && links.has(frame.link))
      channel.post({ kind: 'pong', link: frame.link });
  });

  opening.then(
    (client) => {
      opened = true;
      client.listen((event) => {
        if (event.kind === 'stopped') stop(event.reason);
      });
    },
    (cause: unknown) => stop(cause instanceof Error ? cause.message : 'unknown'),
  );
  void announce();
  return { port: near, end, opened: () => opened, over };
}

/** Two ends of one line within this worker. */
export function portPair(): readonly [Port, Port] {
  const ears = [new Set<PortEar>(), new Set<PortEar>()] as const;
  const end = (own: Set<PortEar>, other: Set<PortEar>): Port => ({
    post: (message) => {
      for (const ear of [...other]) ear.message(message);
    },
    listen: (ear) => {
      own.add(ear);
      return () => own.delete(ear);
    },
  });
  return [end(ears[0], ears[1]), end(ears[1], ears[0])];
}
