/** Two workers agree on keys over a channel others can listen to. Listening teaches nothing; a script that takes part is not kept out. */
import { ascii, type Bytes } from '../lib/bytes.ts';
import { pack, unpack } from './parcel.ts';

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const;

export interface LinkKeys {
  /** From the asking tab to the leader, and back. */
  readonly up: CryptoKey;
  readonly down: CryptoKey;
}

export interface OwnKeys {
  readonly publicKey: Bytes;
  /** Rejects where the other key is no point of the curve. */
  readonly agree: (theirs: Bytes, link: string) => Promise<LinkKeys>;
}

/** Fresh keys that cannot be read out. */
export async function drawKeys(): Promise<OwnKeys> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ['deriveBits']);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  return {
    publicKey,
    async agree(theirs, link) {
      const other = await crypto.subtle.importKey('raw', theirs, CURVE, false, []);
      const bits = await crypto.subtle.deriveBits(
        { name: 'ECDH', public: other },
        pair.privateKey,
        256,
      );
      const secret = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
      const derive = (direction: string): Promise<CryptoKey> =>
        crypto.subtle.deriveKey(
          {
            name: 'HKDF',
            hash: 'SHA-256',
            salt: ascii(link),
            info: ascii(`conclave tabs ${direction}`),
          },
          secret,
          { name: 'AES-GCM', length: 256 },
          false,
          ['encrypt', 'decrypt'],
        );
      const [up, down] = await Promise.all([derive('up'), derive('down')]);
      return { up, down };
    },
  };
}

/** Each number seals one message under a key; it is the nonce. */
function nonce(n: number): Bytes {
  const bytes = new Uint8Array(12);
  new DataView(bytes.buffer).setBigUint64(4, BigInt(n));
  return bytes;
}

export async function sealMessage(key: CryptoKey, n: number, message: unknown): Promise<Bytes> {
  const plain = pack(message);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce(n) }, key, plain);
  plain.fill(0);
  return new Uint8Array(sealed);
}

/** The message, or null where it was not sealed with this key and number. */
export async function openMessage(key: CryptoKey, n: number, bytes: Bytes): Promise<unknown> {
  try {
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce(n) }, key, bytes);
    return unpack(new Uint8Array(plain));
  } catch {
    return null;
  }
}
