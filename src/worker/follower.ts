/** The time in which another tab runs the engine and this worker asks it. */
import type { Channel } from './channel.ts';
import { createLink, linkLock } from './link.ts';
import { drawKeys } from './linkKeys.ts';
import type { Locks } from './locks.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Port } from './message.ts';

export interface Following {
  readonly term: string;
  readonly link: string;
  readonly port: Port;
  readonly close: () => void;
}

/** Joins the leader of this term. `broken` is told where the link cannot go on. */
export function follow(
  channel: Channel,
  locks: Locks,
  leader: { readonly term: string; readonly key: Bytes },
  broken: () => void,
): Following {
  const link = crypto.randomUUID();
  const keys = drawKeys();
  const { port, close } = createLink(
    channel,
    link,
    'follower',
    keys.then((own) => own.agree(leader.key, link)),
  );
  let closed = false;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  /** Held before the leader can ask for it: until then nothing is posted, for the keys of both come first. */
  const joined = new Promise<void>((resolve) => {
    const hold = async (): Promise<void> => {
      const { publicKey } = await keys;
      if (!closed) channel.post({ kind: 'join', term: leader.term, link, key: publicKey });
      resolve();
      await held;
    };
    locks.request(linkLock(link), { steal: false }, hold).catch(() => undefined);
  });
  port.listen({ message: () => undefined, broken });
  return {
    term: leader.term,
    link,
    port: {
      post: (message) => {
        void joined.then(() => port.post(message));
      },
      listen: port.listen,
    },
    close: () => {
      closed = true;
      close();
      letGo();
    },
  };
}
