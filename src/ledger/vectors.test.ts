/** The published vectors, reproduced bit for bit by our own writers and read by our own readers. */
import { describe, expect, it } from 'vitest';
import { groupCode, requestCode, requestCodeHash, safetyNumber } from '../crypto/code.ts';
import {
  boxesHash,
  cardHash,
  entryHash,
  firstT,
  linkId,
  nextT,
  profileCommit,
  rosterHash,
  sealedHash,
  staffCommit,
} from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import type { Primitives } from '../crypto/primitives.ts';
import {
  buildBoxes,
  keyCommitment,
  openBox,
  pickBox,
  type SessionKey,
} from '../crypto/secret/groupKey.ts';
import { createIdentity, type Identity, signEntry } from '../crypto/secret/identity.ts';
import { linkKeys, parseLink, printLink } from '../crypto/secret/joinLink.ts';
import {
  openMessage,
  openText,
  sealMessage,
  sealText,
  verifyMessage,
} from '../crypto/secret/seal.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { loadSodium } from '../crypto/sodium.ts';
import { verifyCheckpoint } from '../crypto/verify.ts';
import { roster, rosterLines } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import { present } from '../lib/assert.ts';
import { ascii, type Bytes, concat, fromHex, toHex } from '../lib/bytes.ts';
import { decodeAction, encodeAction } from '../protocol/action.ts';
import { encodeAuthClaim } from '../protocol/auth.ts';
import { decodeCheckpoint, encodeCheckpointBody } from '../protocol/checkpoint.ts';
import { u8, u32 } from '../protocol/codec.ts';
import { decodeEntry, encodeEntryToSign } from '../protocol/entry.ts';
import { decodeHeader, encodeHeader } from '../protocol/envelope.ts';
import type { Outcome } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { batchOf } from '../protocol/keyUpdate.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import { decodeSealedText, encodeSealedText } from '../protocol/sealed.ts';
import vectors from './data/vectors.json' with { type: 'json' };
import { replay } from './replay.ts';
import { verifyRequest } from './request.ts';

const p = await loadSodium();
const hex = (text: string): Bytes => present(fromHex(text), 'vectors are hex');
const fill = (value: number): Bytes => new Uint8Array(32).fill(value);
const gid = vectors.gid as Gid;

function value<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.name} ${outcome.error.note ?? ''}`);
  return outcome.value;
}

/** The same library, except that its next nonces are the given ones. */
function withNonce(...nonces: Bytes[]): Primitives {
  return {
    ...p,
    random(length) {
      const nonce = present(nonces.shift(), 'as many nonces as asked for');
      if (nonce.length !== length) throw new Error(`${length} random bytes asked for`);
      return nonce;
    },
  };
}

function identityOf(seedByte: number): Identity {
  const seed = (name: string): Bytes => p.keyedHash(32, fill(seedByte), ascii(name));
  const seeds = { root: seed('root'), device: seed('dev'), sealing: seed('seal') };
  return createIdentity(p, seeds, 1_700_000_000_000);
}

const people = new Map(
  vectors.accounts.map((account) => [account.seed_byte, identityOf(account.seed_byte)]),
);
const person = (seedByte: number): Identity => present(people.get(seedByte), 'an account');

const states: GroupState[] = [];
for (const entry of Object.values(vectors.log))
  states.push(value(replay(p, states.at(-1) ?? null, hex(entry))).state);
const stateAt = (seq: number): GroupState => present(states[seq], 'a state at every entry');

const secretOf = (generation: number, circle: Circle): Bytes =>
  fill((circle === CIRCLE.everyone ? 10 : 110) + generation);

function keyOf(generation: number, circle: Circle): SessionKey {
  const kc = present(vectors.kc[generation - 1]?.[circle], 'a commitment per generation') as Hash;
  return { gid, generation, circle, kc, secret: secretOf(generation, circle) };
}

const sealPks = (state: GroupState, circle: Circle): Bytes[] =>
  roster(state, circle).map((member) => present(state.cards.get(member.pid), 'pinned').sealPk);

describe('vectors: hashes', () => {
  const framed = (tag: string, ...parts: Bytes[]): Bytes =>
    concat(u8(tag.length), ascii(tag), ...parts.flatMap((part) => [u32(part.length), part]));

  it('H and K frame tag and parts as published', () => {
    expect(toHex(p.hash(32, framed('conclave1/test', hex('01'), hex('0203'))))).toBe(
      vectors.hashes['H(test, 01, 0203)'],
    );
    expect(toHex(p.keyedHash(32, fill(7), framed('conclave1/test', hex('01'))))).toBe(
      vectors.hashes['K(07x32, test, 01)'],
    );
  });
});

describe('vectors: accounts', () => {
  it.each(vectors.accounts.map((account) => [account.seed_byte, account] as const))(
    'account %i: card, pid, card hash, device and keys follow from the seeds',
    (seedByte, account) => {
      const identity = person(seedByte);
      expect({
        pid: identity.pid,
        card: toHex(identity.chain),
        card_hash: identity.cardHash,
        dev: identity.dev,
        device_pk: toHex(identity.device.publicKey),
        seal_pk: toHex(identity.sealing.publicKey),
        root_pk: toHex(p.signKeys(p.keyedHash(32, fill(seedByte), ascii('root'))).publicKey),
        seed_byte: seedByte,
      }).toEqual(account);
      expect(cardHash(p, hex(account.card))).toBe(account.card_hash);
    },
  );
});

describe('vectors: log', () => {
  const byDevice = new Map([...people.values()].map((identity) => [identity.dev, identity]));

  it.each(Object.entries(vectors.log))(
    'entry %s: header and body are written back byte for byte, and signed again alike',
    (_, text) => {
      const bytes = hex(text);
      const entry = value(decodeEntry(bytes));
      const action = value(decodeAction(entry.kind, entry.body));
      expect(toHex(encodeAction(action))).toBe(toHex(entry.body));
      expect(toHex(encodeEntryToSign(entry, entry.body))).toBe(toHex(entry.signed));
      const author = byDevice.get(entry.dev);
      const signed = author === undefined ? bytes : signEntry(p, author, entry, entry.body);
      expect(toHex(signed)).toBe(text);
    },
  );

  it('the hash of entry 0 is the gid, and each hash is the published head', () => {
    const heads = Object.values(vectors.log).map((entry) => entryHash(p, hex(entry)));
    expect(heads).toEqual(vectors.heads);
    expect(heads[0]).toBe(gid);
  });
});

describe('vectors: keys', () => {
  const cases = vectors.kc.flatMap((_, i) =>
    [CIRCLE.everyone, CIRCLE.staff].map((circle) => [i + 1, circle] as const),
  );
  const stateOf = (generation: number): GroupState =>
    present(
      states.find((state) => state.generation === generation),
      'every generation begins',
    );

  it.each(cases)(
    'generation %i, circle %i: kc pins key, roster and author, and stands in the entry',
    (generation, circle) => {
      const keys = present(stateOf(generation).keys, 'keys');
      const batch = batchOf(keys, circle);
      const at = { gid, generation, circle };
      expect(
        keyCommitment(p, secretOf(generation, circle), at, batch.rosterHash, keys.author),
      ).toBe(vectors.kc[generation - 1]?.[circle]);
      expect(batch.kc).toBe(vectors.kc[generation - 1]?.[circle]);
    },
  );

  it.each(cases)(
    'generation %i, circle %i: the boxes rebuilt from the key hash to what the entry names',
    (generation, circle) => {
      const state = stateOf(generation);
      const batch = batchOf(present(state.keys, 'keys'), circle);
      const at = { gid, generation, circle };
      const boxes = buildBoxes(p, secretOf(generation, circle), at, sealPks(state, circle));
      expect(boxesHash(p, boxes)).toBe(batch.boxesHash);
      expect(boxes).toHaveLength(32 + 48 * batch.boxes);
    },
  );

  it.each([
    ['everyone', CIRCLE.everyone, vectors.boxes.generation1_everyone],
    ['staff', CIRCLE.staff, vectors.boxes.generation1_staff],
  ] as const)(
    'generation 1, %s: the published boxes, opened by every member',
    (_, circle, text) => {
      const state = stateAt(1);
      const built = buildBoxes(
        p,
        secretOf(1, circle),
        { gid, generation: 1, circle },
        sealPks(state, circle),
      );
      expect(toHex(built)).toBe(text);
      const byPid = new Map([...people.values()].map((identity) => [identity.pid, identity]));
      for (const [i, member] of roster(state, circle).entries()) {
        const identity = present(byPid.get(member.pid), 'a known person');
        expect(openBox(p, pickBox(hex(text), i), identity.sealing)).toEqual(secretOf(1, circle));
      }
    },
  );
});

describe('vectors: sealed texts', () => {
  const state = stateAt(1);
  const author = present(state.keys, 'keys').author;

  it.each([
    ['profile', CIRCLE.everyone, vectors.sealed.generation1_profile, vectors.sealed.profile_padded],
    ['staff', CIRCLE.staff, vectors.sealed.generation1_staff, vectors.sealed.staff_padded],
  ] as const)(
    '%s: opens to the published text, and seals again to the same bytes',
    (_, circle, sealed, padded) => {
      const text = value(decodeSealedText(hex(sealed)));
      const key = keyOf(1, circle);
      expect(toHex(present(openText(p, key, 1, author, text), 'opens'))).toBe(padded);
      const again = sealText(withNonce(text.nonce), key, 1, author, hex(padded));
      expect(toHex(encodeSealedText(again))).toBe(sealed);
    },
  );

  it('the entry names the hash and the commitment of both texts', () => {
    expect(state.profile).toMatchObject({
      hash: sealedHash(p, hex(vectors.sealed.generation1_profile)),
      commit: profileCommit(p, hex(vectors.sealed.profile_padded)),
    });
    expect(state.staff).toMatchObject({
      hash: sealedHash(p, hex(vectors.sealed.generation1_staff)),
      commit: staffCommit(p, hex(vectors.sealed.staff_padded)),
    });
  });
});

describe('vectors: messages', () => {
  it.each(vectors.messages.map((message, i) => [i, message] as const))(
    'message %i: opens, verifies, and seals again to the same header and body',
    (_, message) => {
      const identity = person(message.author);
      const headerBytes = hex(message.header);
      const header = value(decodeHeader(headerBytes));
      expect(toHex(encodeHeader(header))).toBe(message.header);
      const key = keyOf(message.generation, header.circle);
      expect(header.circle).toBe(message.circle);
      const opened = value(openMessage(p, key, header, headerBytes, hex(message.ct)));
      expect(verifyMessage(p, key, identity.device.publicKey, headerBytes, opened)).toBe(true);
      const again = sealMessage(
        withNonce(header.nonce),
        identity,
        key,
        header.ctr,
        opened.inner,
        opened.payload,
      );
      expect({
        header: toHex(again.header),
        ct: toHex(again.body),
        item: again.item,
      }).toEqual({ header: message.header, ct: message.ct, item: message.item });
    },
  );

  it('a device chain: prev_own of message 2 is the item of message 1', () => {
    const [first, second] = vectors.messages;
    const header = hex(present(second, 'two messages').header);
    const opened = value(
      openMessage(
        p,
        keyOf(2, CIRCLE.everyone),
        value(decodeHeader(header)),
        header,
        hex(present(second, 'two messages').ct),
      ),
    );
    expect(opened.inner.prevOwn).toBe(first?.item);
  });
});

describe('vectors: timeline and checkpoint', () => {
  it('T runs from the gid over every item', () => {
    const run: Hash[] = [firstT(p, gid)];
    for (const [t, item] of vectors.timeline.items.entries())
      run.push(nextT(p, present(run[t], 'T so far'), t, item as Hash));
    expect(run).toEqual(vectors.timeline.T);
  });

  it('the checkpoint is read, written again, verified by the server key and by no other', () => {
    const checkpoint = value(decodeCheckpoint(hex(vectors.checkpoint.bytes)));
    expect(toHex(encodeCheckpointBody(checkpoint))).toBe(toHex(checkpoint.signed));
    expect(verifyCheckpoint(p, hex(vectors.checkpoint.server_pk), checkpoint)).toBe(true);
    expect(toHex(stateAt(0).serverPk)).toBe(vectors.checkpoint.server_pk);
    expect(verifyCheckpoint(p, person(1).device.publicKey, checkpoint)).toBe(false);
    expect(checkpoint).toMatchObject({ gid, seq: 3, head: vectors.heads[2], t: 4 });
    expect(checkpoint.T).toBe(vectors.timeline.T[checkpoint.t]);
  });
});

describe('vectors: auth', () => {
  it('the login signature is reproduced', () => {
    const identity = person(1);
    const claim = encodeAuthClaim({
      origin: ascii(vectors.auth.origin),
      serverNonce: hex(vectors.auth.server_nonce),
      clientNonce: hex(vectors.auth.client_nonce),
      pid: identity.pid,
      dev: identity.dev,
      cardHash: identity.cardHash,
      exp: vectors.auth.exp,
    });
    expect(toHex(signLabelled(p, SIGN.auth, identity.device.secretKey, claim))).toBe(
      vectors.auth.signature,
    );
  });
});

describe('vectors: link and request', () => {
  const secret = hex(vectors.link.ls);

  it('key, id and text of the link follow from its secret', () => {
    const keys = linkKeys(p, secret);
    expect(keys.pk).toBe(vectors.link.link_pk);
    expect(toHex(linkId(p, gid, keys.pk))).toBe(vectors.link.link_id);
    expect(printLink(p, gid, secret)).toBe(vectors.link.text);
    expect(value(parseLink(p, vectors.link.text))).toEqual({ gid, secret });
  });

  it('the request verifies against the state with the link, and gives its code', () => {
    const entry = value(decodeEntry(hex(vectors.link.request)));
    const request = value(verifyRequest(p, stateAt(2), entry));
    expect(request).toMatchObject({ pid: person(4).pid, link: vectors.link.link_pk });
    expect(toHex(signEntry(p, person(4), entry, entry.body))).toBe(vectors.link.request);
    expect(toHex(requestCodeHash(p, hex(vectors.link.request)))).toBe(
      vectors.link.request_code_hash,
    );
    expect(requestCode(p, hex(vectors.link.request)).split(' ')).toHaveLength(6);
  });
});

describe('vectors: codes people compare', () => {
  it('the safety number of two people, whoever computes it', () => {
    expect(safetyNumber(p, person(1).pid, person(2).pid)).toBe(vectors.safety_number_1_2);
    expect(safetyNumber(p, person(2).pid, person(1).pid)).toBe(vectors.safety_number_1_2);
  });

  it('the group code at the last head', () => {
    const last = stateAt(states.length - 1);
    const lines = rosterHash(p, gid, CIRCLE.everyone, rosterLines(last, CIRCLE.everyone));
    expect(groupCode(p, gid, last.seq, last.head, lines)).toBe(vectors.group_code_final);
  });
});
