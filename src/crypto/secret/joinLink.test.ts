import { describe, expect, it } from 'vitest';
import { ascii, type Bytes } from '../../lib/bytes.ts';
import { requestToSign } from '../../protocol/auth.ts';
import { type Gid, idBytes } from '../../protocol/ids.ts';
import { encodePreview, type Preview } from '../../protocol/text.ts';
import { SIGN } from '../label.ts';
import { loadSodium } from '../sodium.ts';
import { verifySigned } from '../verify.ts';
import { createIdentity } from './identity.ts';
import {
  linkKeys,
  openIntro,
  openPreview,
  parseLink,
  printLink,
  sealIntro,
  sealPreview,
} from './joinLink.ts';
import { signLabelled } from './sign.ts';

const p = await loadSodium();
const fill = (value: number): Bytes => new Uint8Array(32).fill(value);
const gid = '1'.repeat(64) as Gid;
const otherGid = '2'.repeat(64) as Gid;
const secret = fill(7);
const identity = createIdentity(p, { root: fill(1), device: fill(2), sealing: fill(3) }, 1000);
const preview: Preview = {
  name: 'Climbers',
  about: 'Tuesdays',
  image: null,
  rules: '',
  size: '1-9',
  inviter: 'Alice',
  review: true,
  history: 'none',
  intake_pk: 'A'.repeat(43),
  made: 1000,
};

function json(): Bytes {
  const encoded = encodePreview(preview);
  if (!encoded.ok) throw new Error(encoded.error.name);
  return encoded.value;
}

describe('the link as text', () => {
  const text = printLink(p, gid, secret);

  it('is read back, alone or as an address', () => {
    for (const form of [text, `https://chat.example/join#${text}`, ` ${text}\n`])
      expect(parseLink(p, form)).toEqual({ ok: true, value: { gid, secret } });
  });

  it('P079: one character wrong, left out or added is E_LINK, wherever it stands', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
    const taken: string[] = [];
    for (let at = 0; at < text.length; at++) {
      const variants = [text.slice(0, at) + text.slice(at + 1)];
      for (const letter of letters) {
        if (letter !== text[at]) variants.push(text.slice(0, at) + letter + text.slice(at + 1));
      }
      for (const variant of variants) {
        const read = parseLink(p, variant);
        if (read.ok || read.error.name !== 'E_LINK') taken.push(variant);
      }
    }
    // 24 bits of check: one in 16 million wrong texts passes, and none of these 6000 does.
    expect(taken).toEqual([]);
  });

  it('P079: text that is no link at all is E_LINK', () => {
    for (const wrong of ['', 'j1', 'j1...', 'j2' + text.slice(2), `${text}.`, text.toUpperCase()])
      expect(parseLink(p, wrong)).toMatchObject({ ok: false, error: { name: 'E_LINK' } });
  });

  it('P078: the secret of one group with the id of another does not pass the check', () => {
    const [tag, , ls, check] = text.split('.');
    const [, foreign] = printLink(p, otherGid, secret).split('.');
    expect(parseLink(p, [tag, foreign, ls, check].join('.'))).toMatchObject({
      error: { name: 'E_LINK' },
    });
  });
});

describe('what follows from the secret', () => {
  const keys = linkKeys(p, secret);

  it('another secret is another link and another preview key', () => {
    const other = linkKeys(p, fill(8));
    expect(other.pk).not.toBe(keys.pk);
    expect(other.preview).not.toEqual(keys.preview);
    expect(keys.preview).not.toEqual(secret);
  });

  it('P078: a preview opens under its own group and link only', () => {
    const sealed = sealPreview(p, identity, gid, keys, json());
    expect(openPreview(p, gid, keys, sealed)).toMatchObject({ ok: true, value: { preview } });
    const wrong = { ok: false, error: { name: 'E_AEAD' } };
    expect(openPreview(p, otherGid, keys, sealed)).toMatchObject(wrong);
    expect(openPreview(p, gid, linkKeys(p, fill(8)), sealed)).toMatchObject(wrong);
  });

  it('P021: a preview with any byte changed or cut does not open', () => {
    const sealed = sealPreview(p, identity, gid, keys, json());
    for (let at = 0; at < sealed.length; at++) {
      const damaged = sealed.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(openPreview(p, gid, keys, damaged).ok).toBe(false);
      expect(openPreview(p, gid, keys, sealed.slice(0, at)).ok).toBe(false);
    }
  });

  it('P070, P078: a link signature holds for one group, person, card, time and intro', () => {
    const terms = ['1', '2', '3'].map((digit) => digit.repeat(64));
    const [me = '', card = '', intro = ''] = terms;
    const signed = requestToSign(gid, keys.pk, me, card, 5000, intro);
    const signature = signLabelled(p, SIGN.link, keys.signing.secretKey, signed);
    const holds = (data: Bytes): boolean =>
      verifySigned(p, SIGN.link, idBytes(keys.pk), data, signature);
    expect(holds(signed)).toBe(true);
    expect(holds(requestToSign(otherGid, keys.pk, me, card, 5000, intro))).toBe(false);
    expect(holds(requestToSign(gid, linkKeys(p, fill(8)).pk, me, card, 5000, intro))).toBe(false);
    expect(holds(requestToSign(gid, keys.pk, card, card, 5000, intro))).toBe(false);
    expect(holds(requestToSign(gid, keys.pk, me, me, 5000, intro))).toBe(false);
    expect(holds(requestToSign(gid, keys.pk, me, card, 5001, intro))).toBe(false);
    expect(holds(requestToSign(gid, keys.pk, me, card, 5000, me))).toBe(false);
  });
});

describe('intro', () => {
  const intake = p.boxKeys(fill(11));

  it('opens with the intake key and not with what follows from the link', () => {
    const sealed = sealIntro(p, intake.publicKey, ascii('hello'));
    expect(openIntro(p, intake, sealed)).toEqual(ascii('hello'));
    expect(openIntro(p, p.boxKeys(secret), sealed)).toBeNull();
    expect(openIntro(p, p.boxKeys(linkKeys(p, secret).preview), sealed)).toBeNull();
  });

  it('its size tells a block only', () => {
    const size = (letters: number): number =>
      sealIntro(p, intake.publicKey, ascii('x'.repeat(letters))).length;
    expect(new Set([0, 1, 100, 255].map(size)).size).toBe(1);
    expect(size(256)).toBe(size(0) + 256);
  });
});
