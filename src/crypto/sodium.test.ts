import { describe, expect, it } from 'vitest';
import { ascii, type Bytes, concat, toHex } from '../lib/bytes.ts';
import { K } from './hash.ts';
import { DERIVE } from './label.ts';
import { loadSodium } from './sodium.ts';

const p = await loadSodium();
const fill = (length: number, value = 1): Bytes => new Uint8Array(length).fill(value);
const key = fill(32, 3);
const nonce = fill(24, 4);
const data = ascii('what was said');
const signing = p.signKeys(fill(32, 5));
const boxing = p.boxKeys(fill(32, 6));

/** What a careless caller in JavaScript could hand over. */
const foreign = (value: unknown): Bytes => value as Bytes;
const NOT_BYTES: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['an empty string', ''],
  ['a string of 32 letters', 'k'.repeat(32)],
  ['a string of 24 letters', 'n'.repeat(24)],
  ['a string of 64 letters', 's'.repeat(64)],
  ['an array', Array.from({ length: 32 }, () => 1)],
  ['an ArrayBuffer', new ArrayBuffer(32)],
  ['a DataView', new DataView(new ArrayBuffer(32))],
];

describe('pitfalls 1 to 3: every argument is bytes', () => {
  it.each(NOT_BYTES)('no verb takes %s for bytes', (_, value) => {
    const bad = foreign(value);
    const verbs: Record<string, () => unknown> = {
      hash: () => p.hash(32, bad),
      'keyedHash key': () => p.keyedHash(32, bad, data),
      'keyedHash data': () => p.keyedHash(32, key, bad),
      signKeys: () => p.signKeys(bad),
      'sign key': () => p.sign(bad, data),
      'sign data': () => p.sign(signing.secretKey, bad),
      'verify key': () => p.verify(bad, data, fill(64)),
      'verify data': () => p.verify(signing.publicKey, bad, fill(64)),
      'verify signature': () => p.verify(signing.publicKey, data, bad),
      boxKeys: () => p.boxKeys(bad),
      usableBoxKey: () => p.usableBoxKey(bad),
      'agree secret': () => p.agree(bad, boxing.publicKey),
      'agree public': () => p.agree(boxing.secretKey, bad),
      'box data': () => p.box(bad, nonce, boxing.publicKey, boxing.secretKey),
      'box nonce': () => p.box(data, bad, boxing.publicKey, boxing.secretKey),
      'box public': () => p.box(data, nonce, bad, boxing.secretKey),
      'box secret': () => p.box(data, nonce, boxing.publicKey, bad),
      'sealTo data': () => p.sealTo(bad, boxing.publicKey),
      'sealTo key': () => p.sealTo(data, bad),
      openSealed: () => p.openSealed(bad, boxing),
      'openSealed public': () => p.openSealed(fill(60), { ...boxing, publicKey: bad }),
      'openSealed secret': () => p.openSealed(fill(60), { ...boxing, secretKey: bad }),
      'encrypt key': () => p.encrypt(bad, nonce, data, data),
      'encrypt nonce': () => p.encrypt(key, bad, data, data),
      'encrypt data': () => p.encrypt(key, nonce, bad, data),
      'encrypt bound': () => p.encrypt(key, nonce, data, bad),
      'decrypt key': () => p.decrypt(bad, nonce, fill(40), data),
      'decrypt nonce': () => p.decrypt(key, bad, fill(40), data),
      'decrypt sealed': () => p.decrypt(key, nonce, bad, data),
      'decrypt bound': () => p.decrypt(key, nonce, fill(40), bad),
      'hashing part': () => p.hashing(32).add(bad),
      'sealing key': () => p.sealing(bad),
      'sealing chunk': () => p.sealing(key).seal(bad, true),
      'opening key': () => p.opening(bad, fill(24)),
      'opening header': () => p.opening(key, bad),
      'opening chunk': () => p.opening(key, fill(24)).open(bad),
    };
    const silent = Object.entries(verbs).filter(([, run]) => {
      try {
        run();
        return true;
      } catch (error) {
        return !(error instanceof Error && error.message.startsWith('broken promise'));
      }
    });
    expect(silent.map(([name]) => name)).toEqual([]);
  });

  it('a wrong length of key, nonce or seed throws; a signature or a sealed box of a wrong length does not open', () => {
    for (const length of [0, 1, 16, 31, 33, 64]) {
      const bad = fill(length);
      expect(() => p.keyedHash(32, bad, data)).toThrow('broken promise');
      expect(() => K(p, bad, DERIVE.kc, data)).toThrow('broken promise');
      expect(() => p.signKeys(bad)).toThrow('broken promise');
      expect(() => p.boxKeys(bad)).toThrow('broken promise');
      expect(() => p.encrypt(bad, nonce, data, data)).toThrow('broken promise');
      expect(() => p.encrypt(key, bad, data, data)).toThrow('broken promise');
      expect(() => p.decrypt(key, bad, fill(40), data)).toThrow('broken promise');
      expect(() => p.sealTo(data, bad)).toThrow('broken promise');
      expect(() => p.sealing(bad)).toThrow('broken promise');
      expect(p.usableBoxKey(bad)).toBe(false);
      expect(p.verify(bad, data, fill(64))).toBe(false);
      expect(p.openSealed(bad.subarray(0, 47), boxing)).toBeNull();
    }
    for (const length of [0, 1, 63, 65, 128])
      expect(p.verify(signing.publicKey, data, fill(length))).toBe(false);
    for (let length = 0; length < 16; length++)
      expect(p.decrypt(key, nonce, fill(length), data)).toBeNull();
  });

  it('a hash has 16 to 64 bytes', () => {
    for (const length of [-1, 0, 15, 65, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => p.hash(length, data)).toThrow('broken promise');
      expect(() => p.keyedHash(length, key, data)).toThrow('broken promise');
    }
    expect([16, 24, 32, 60, 64].map((length) => p.hash(length, data).length)).toEqual([
      16, 24, 32, 60, 64,
    ]);
  });

  it('pitfall 1: the keyed hash is never the keyless one', () => {
    const keyless = toHex(p.hash(32, data));
    expect(toHex(p.keyedHash(32, key, data))).not.toBe(keyless);
    expect(toHex(p.keyedHash(32, fill(32, 0), data))).not.toBe(keyless);
  });

  it('pitfall 2: bound data is bound; empty is not other', () => {
    const sealed = p.encrypt(key, nonce, data, ascii('here'));
    expect(p.decrypt(key, nonce, sealed, ascii('here'))).toEqual(data);
    expect(p.decrypt(key, nonce, sealed, new Uint8Array())).toBeNull();
    expect(p.decrypt(key, nonce, sealed, ascii('there'))).toBeNull();
  });
});

describe('what opens and what does not', () => {
  it('a ciphertext with one bit flipped does not open, wherever the bit is', () => {
    const sealed = p.encrypt(key, nonce, data, data);
    for (let bit = 0; bit < 8 * sealed.length; bit++) {
      const damaged = sealed.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(p.decrypt(key, nonce, damaged, data)).toBeNull();
    }
  });

  it('a signature with one bit flipped is not valid, wherever the bit is', () => {
    const signature = p.sign(signing.secretKey, data);
    expect(p.verify(signing.publicKey, data, signature)).toBe(true);
    for (let bit = 0; bit < 512; bit++) {
      const damaged = signature.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(p.verify(signing.publicKey, data, damaged)).toBe(false);
    }
  });

  it('pitfall 5: small-order keys verify nothing and are not sealed to', () => {
    const order1 = concat(fill(1, 1), fill(31, 0));
    const order2 = concat(fill(1, 0xec), fill(30, 0xff), fill(1, 0x7f));
    const order4 = fill(32, 0);
    for (const small of [order1, order2, order4]) {
      expect(p.verify(small, data, concat(order1, fill(32, 0)))).toBe(false);
      expect(p.verify(small, data, concat(small, fill(32, 0)))).toBe(false);
    }
    for (const small of [fill(32, 0), order1, order2]) {
      expect(p.usableBoxKey(small)).toBe(false);
      expect(p.agree(boxing.secretKey, small)).toBeNull();
      expect(() => p.sealTo(data, small)).toThrow(Error);
    }
    expect(p.usableBoxKey(boxing.publicKey)).toBe(true);
  });

  it('a sealed box opens with its key only', () => {
    const other = p.boxKeys(fill(32, 7));
    const sealed = p.sealTo(data, boxing.publicKey);
    expect(p.openSealed(sealed, boxing)).toEqual(data);
    expect(p.openSealed(sealed, other)).toBeNull();
    expect(p.openSealed(sealed.slice(1), boxing)).toBeNull();
    expect(p.sealTo(data, boxing.publicKey)).not.toEqual(sealed);
  });

  it('two parties agree on one point', () => {
    const other = p.boxKeys(fill(32, 7));
    expect(p.agree(boxing.secretKey, other.publicKey)).toEqual(
      p.agree(other.secretKey, boxing.publicKey),
    );
  });

  it('wipe leaves zeros', () => {
    const secret = fill(32, 9);
    p.wipe(secret);
    expect(secret).toEqual(fill(32, 0));
  });
});

describe('chance', () => {
  it('no nonce comes twice in 10,000 draws, nor do the halves of keys', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 10_000; i++) seen.add(toHex(p.random(24)));
    expect(seen.size).toBe(10_000);
    for (let i = 0; i < 1000; i++) {
      const drawn = p.random(32);
      seen.add(toHex(drawn.subarray(0, 16))).add(toHex(drawn.subarray(16)));
    }
    expect(seen.size).toBe(12_000);
  });

  it('draws have the length asked for, never share memory, and are not zero', () => {
    for (const length of [1, 3, 24, 32, 63, 64, 65, 8191, 8192, 8193]) {
      const drawn = p.random(length);
      expect(drawn).toHaveLength(length);
      expect(drawn.buffer.byteLength).toBe(length);
    }
    for (let i = 0; i < 1000; i++) expect(p.random(24).some((byte) => byte !== 0)).toBe(true);
  });
});

describe('P040: a stream of chunks', () => {
  const sealStream = (under: Bytes, parts: readonly Bytes[]): Bytes[] => {
    const stream = p.sealing(under);
    return [stream.header, ...parts.map((part, i) => stream.seal(part, i === parts.length - 1))];
  };
  const openStream = (under: Bytes, [header, ...parts]: readonly Bytes[]): Bytes[] | null => {
    if (header?.length !== 24 || parts.length === 0) return null;
    const stream = p.opening(under, header);
    const opened = parts.map((part) => stream.open(part));
    const whole = opened.every((one, i) => one?.last === (i === parts.length - 1));
    return whole ? opened.flatMap((one) => one?.chunk ?? []) : null;
  };
  const chunks = [ascii('one'), ascii('two'), new Uint8Array(), ascii('three')];
  const sealed = sealStream(key, chunks);
  const at = (...order: number[]): Bytes[] => order.flatMap((i) => sealed[i] ?? []);

  it('comes back whole', () => {
    expect(openStream(key, sealed)).toEqual(chunks);
    expect(openStream(key, sealStream(key, [new Uint8Array()]))).toEqual([new Uint8Array()]);
  });

  it.each([
    ['cut after each chunk', at(0, 1)],
    ['without its last chunk', at(0, 1, 2, 3)],
    ['with the header only', at(0)],
    ['of nothing', []],
    ['reordered', at(0, 2, 1, 3, 4)],
    ['with a chunk twice', at(0, 1, 1, 2, 3, 4)],
    ['with a chunk left out', at(0, 1, 3, 4)],
    ['with its end twice', at(0, 1, 2, 3, 4, 4)],
    ['under the header of another', [...sealStream(key, chunks).slice(0, 1), ...at(1, 2, 3, 4)]],
    ['continued by another', [...at(0, 1, 2), ...sealStream(key, chunks).slice(3)]],
    ['with a short header', [new Uint8Array(23), ...at(1, 2, 3, 4)]],
  ])('is refused %s', (_, parts) => {
    expect(openStream(key, parts)).toBeNull();
  });

  it('is refused with any bit flipped or under another key', () => {
    expect(openStream(fill(32, 8), sealed)).toBeNull();
    for (const [i, part] of sealed.entries())
      for (let bit = 0; bit < 8 * part.length; bit++) {
        const damaged = part.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openStream(key, sealed.with(i, damaged))).toBeNull();
      }
  });
});
