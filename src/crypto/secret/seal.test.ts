import { describe, expect, it } from 'vitest';
import { ascii, type Bytes, concat } from '../../lib/bytes.ts';
import { decodeHeader, type MessageInner } from '../../protocol/envelope.ts';
import { type Gid, type Hash, ZERO_HASH } from '../../protocol/ids.ts';
import { pad1024 } from '../../protocol/padding.ts';
import { RECORD } from '../../protocol/sealed.ts';
import { loadSodium } from '../sodium.ts';
import { openFile, sealFile } from './file.ts';
import { keyCommitment, type SessionKey } from './groupKey.ts';
import { createIdentity, type Identity } from './identity.ts';
import {
  openLeaveNote,
  openMessage,
  openRecord,
  openText,
  sealLeaveNote,
  sealMessage,
  sealRecord,
  sealText,
  verifyMessage,
} from './seal.ts';

const p = await loadSodium();
const fill = (value: number, length = 32): Bytes => new Uint8Array(length).fill(value);
const gid = '9'.repeat(64) as Gid;
const person = (seed: number): Identity =>
  createIdentity(p, { root: fill(seed), device: fill(seed + 1), sealing: fill(seed + 2) }, 1000);
const [alice, mallory] = [person(1), person(11)];

function keyOf(
  generation: number,
  circle: SessionKey['circle'] = 0,
  secret = fill(21),
): SessionKey {
  const at = { gid, generation, circle };
  return { ...at, secret, kc: keyCommitment(p, secret, at, ZERO_HASH, alice.pid) };
}

const key = keyOf(1);
const inner: MessageInner = {
  prevOwn: ZERO_HASH,
  logSeq: 3,
  logHead: 'a'.repeat(64) as Hash,
  view: { t: 4, T: 'b'.repeat(64) as Hash },
  time: 1000,
};
const message = sealMessage(p, alice, key, 1, inner, ascii('{"type":"ping","nonce":"x"}'));

/** What a receiver finds out about a header and a body. */
function receive(header: Bytes, body: Bytes, under: SessionKey = key, device = alice): string {
  const read = decodeHeader(header);
  if (!read.ok) return read.error.name;
  const opened = openMessage(p, under, read.value, header, body);
  if (!opened.ok) return opened.error.name;
  return verifyMessage(p, under, device.device.publicKey, header, opened.value) ? 'ok' : 'E_SIG';
}

describe('messages', () => {
  it('open and verify under the key and the device they were written with', () => {
    expect(receive(message.header, message.body)).toBe('ok');
    expect(receive(message.header, message.body, key, mallory)).toBe('E_SIG');
    expect(receive(message.header, message.body, keyOf(2))).toBe('E_AEAD');
    expect(receive(message.header, message.body, keyOf(1, 1))).toBe('E_AEAD');
  });

  it('a key of the right bytes with another commitment verifies nothing (P047)', () => {
    expect(receive(message.header, message.body, { ...key, kc: ZERO_HASH })).toBe('E_SIG');
  });

  it('P030: who holds the group key cannot write under another name', () => {
    const forged = sealMessage(
      p,
      { ...mallory, pid: alice.pid, dev: alice.dev },
      key,
      1,
      inner,
      ascii('x'),
    );
    expect(receive(forged.header, forged.body)).toBe('E_SIG');
  });

  it('P031: a ciphertext under another header does not open', () => {
    const own = sealMessage(p, mallory, key, 1, inner, ascii('x'));
    expect(receive(own.header, message.body, key, mallory)).toBe('E_AEAD');
  });

  it('a header with any bound byte changed opens nothing; the body hash is the server check', () => {
    for (let at = 0; at < 123; at++) {
      const header = message.header.slice();
      header[at] = (header[at] ?? 0) ^ 1;
      expect(receive(header, message.body)).toMatch(/^E_(AEAD|FORMAT)$/);
    }
  });

  it('a body with any byte changed, cut or added does not open', () => {
    for (let at = 0; at < message.body.length; at++) {
      const body = message.body.slice();
      body[at] = (body[at] ?? 0) ^ 0x80;
      expect(receive(message.header, body)).toBe('E_AEAD');
      expect(receive(message.header, message.body.slice(0, at))).toBe('E_AEAD');
    }
    expect(receive(message.header, concat(message.body, fill(0, 1)))).toBe('E_AEAD');
  });
});

describe('sealed texts', () => {
  const text = sealText(p, key, 5, alice.pid, pad1024(ascii('words')));

  it('open for the entry, author, group, generation and circle they were sealed for', () => {
    expect(openText(p, key, 5, alice.pid, text)).toEqual(pad1024(ascii('words')));
    expect(openText(p, key, 6, alice.pid, text)).toBeNull();
    expect(openText(p, key, 5, mallory.pid, text)).toBeNull();
    expect(openText(p, keyOf(2), 5, alice.pid, text)).toBeNull();
    expect(openText(p, keyOf(1, 1), 5, alice.pid, text)).toBeNull();
    expect(openText(p, { ...key, gid: ZERO_HASH as string as Gid }, 5, alice.pid, text)).toBeNull();
  });
});

describe('member records', () => {
  const record = sealRecord(p, key, alice.pid, RECORD.name, ascii('a name'));

  it('P042: open for the member they belong to, as what they are', () => {
    expect(openRecord(p, key, alice.pid, record)).toEqual(ascii('a name'));
    expect(openRecord(p, key, mallory.pid, record)).toBeNull();
    expect(openRecord(p, key, alice.pid, { ...record, which: RECORD.ack })).toBeNull();
    expect(openRecord(p, keyOf(2), alice.pid, record)).toBeNull();
  });
});

describe('farewell notes', () => {
  const note = sealLeaveNote(p, key, 7, alice.pid, ascii('bye'));

  it('open for the leave they belong to, under the key of everyone only', () => {
    expect(openLeaveNote(p, key, 7, alice.pid, note)).toEqual(ascii('bye'));
    expect(openLeaveNote(p, key, 8, alice.pid, note)).toBeNull();
    expect(openLeaveNote(p, key, 7, mallory.pid, note)).toBeNull();
    expect(openLeaveNote(p, keyOf(1, 1), 7, alice.pid, note)).toBeNull();
  });
});

describe('files', () => {
  it.each([0, 1, 255, 256, 4096, 65_535, 65_536, 65_537, 200_000])(
    '%i bytes come back, in a size that tells a step only',
    (length) => {
      const content = fill(5, length);
      const file = sealFile(p, content);
      expect(openFile(p, file)).toEqual(content);
      expect(sealFile(p, content).bytes).not.toEqual(file.bytes);
    },
  );

  it('P040: a wrong hash, a wrong key, a cut or a changed file is refused', () => {
    const file = sealFile(p, fill(5, 100_000));
    expect(openFile(p, { ...file, hash: ZERO_HASH })).toBeNull();
    expect(openFile(p, { ...file, key: fill(1) })).toBeNull();
    for (const length of [0, 23, 24, 25, 24 + 65_553, file.bytes.length - 1])
      expect(openFile(p, { ...file, bytes: file.bytes.slice(0, length) })).toBeNull();
    for (const at of [0, 23, 24, 70_000, file.bytes.length - 1]) {
      const bytes = file.bytes.slice();
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(openFile(p, { ...file, bytes })).toBeNull();
    }
  });
});
