/** Entry of the throw-away worker: one passphrase in, 32 bytes out, then it is ended by who started it. */
import { argon2id } from '../../crypto/argon.ts';
import type { Bytes } from '../../lib/bytes.ts';

const hear = async (event: MessageEvent<unknown>): Promise<void> => {
  const { passphrase, salt } = event.data as { readonly passphrase: Bytes; readonly salt: Bytes };
  const key = await argon2id(passphrase, salt).catch(() => null);
  passphrase.fill(0);
  self.postMessage(key, key === null ? [] : [key.buffer]);
};

self.addEventListener('message', (event: MessageEvent<unknown>) => void hear(event));
