/** One tab's sealed line to the leader, as a port at either end. */
import { createSerial } from '../lib/serial.ts';
import type { Channel } from './channel.ts';
import { type LinkKeys, openMessage, sealMessage } from './linkKeys.ts';
import type { Port, PortEar } from './message.ts';

export interface Link {
  readonly port: Port;
  readonly close: () => void;
}

/** The lock that the asking tab holds for as long as its link lives: the leader sees by it that a tab is gone. */
export const linkLock = (link: string): string => `conclave-link-${link}`;

/**
 * Messages come out in the order they went in. A missing or a foreign one ends the link: `broken` is told and nothing more is
 * heard (a tab that was frozen may have missed some).
 */
export function createLink(
  channel: Channel,
  link: string,
  end: 'follower' | 'leader',
  keys: Promise<LinkKeys>,
): Link {
  const isUp = end === 'follower';
  const ears = new Set<PortEar>();
  const sealing = createSerial();
  const opening = createSerial();
  let sent = 0;
  let heard = 0;
  let closed = false;

  const close = (): void => {
    closed = true;
    unlisten();
    ears.clear();
  };
  const fail = (): void => {
    if (closed) return;
    const left = [...ears];
    close();
    for (const ear of left) ear.broken('a message between tabs is missing');
  };

  const unlisten = channel.listen((frame) => {
    if (frame.kind !== 'sealed' || frame.link !== link || frame.up === isUp) return;
    void opening(async () => {
      if (closed) return;
      if (frame.n !== heard) return fail();
      const { up, down } = await keys;
      const message = await openMessage(isUp ? down : up, frame.n, frame.bytes);
      if (message === null) return fail();
      heard += 1;
      for (const ear of ears) ear.message(message);
    }).catch(fail);
  });

  return {
    port: {
      post: (message) => {
        void sealing(async () => {
          if (closed) return;
          const { up, down } = await keys;
          const n = sent;
          sent += 1;
          const bytes = await sealMessage(isUp ? up : down, n, message);
          if (!closed) channel.post({ kind: 'sealed', link, up: isUp, n, bytes });
        }).catch(fail);
      },
      listen: (ear) => {
        ears.add(ear);
        return () => ears.delete(ear);
      },
    },
    close,
  };
}
