/** Every decoder against damaged bytes. FUZZ=1000000 sets how many mutated inputs the last suite makes in total. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ascii,
  type Bytes,
  concat,
  equal,
  fromBase64url,
  fromHex,
  toBase64url,
  toHex,
  utf8,
} from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { decodeAction, encodeAction } from './action.ts';
import { type Card, decodeChain, encodeCardBody } from './card.ts';
import { decodeCheckpoint } from './checkpoint.ts';
import { decodeEntry, encodeEntryToSign } from './entry.ts';
import { decodeBody, decodeHeader, encodeHeader, encodeInner } from './envelope.ts';
import { ERROR_NAMES, fail, type Outcome } from './failure.ts';
import { readValue } from './field.ts';
import { type Hash, parseId } from './ids.ts';
import { decodeLinkText } from './link.ts';
import { pad1024, pad256, unpad1024, unpad256 } from './padding.ts';
import { decodeOpenedPreview, decodeSealedPreview, encodeOpenedPreview } from './preview.ts';
import { decodeServerFrame, encodePush, type PushName, type PushOf } from './push.ts';
import {
  decodeRequest,
  encodeRefusal,
  encodeReply,
  encodeRequest,
  readReply,
  type RequestArgs,
  type RequestName,
  type RequestReply,
} from './request.ts';
import {
  decodeAck,
  decodeMemberRecord,
  decodeNameRecord,
  decodeNames,
  decodeSealedText,
  encodeAckBody,
  encodeMemberRecord,
  encodeNameRecordBody,
  encodeNames,
  encodeSealedText,
} from './sealed.ts';
import { decodeVault, encodeVault } from './vault.ts';
import {
  ACTIONS,
  card,
  entryOf,
  header,
  LAYOUTS,
  NEWS,
  PAYLOADS,
  REPLIES,
  REQUEST_ARGS,
  taken,
  TEXTS,
} from './testing/samples.ts';
import {
  decodeIntro,
  decodePayload,
  decodePreview,
  decodeProfile,
  decodeStaffText,
  encodeIntro,
  encodePayload,
  encodePreview,
  encodeProfile,
  encodeStaffText,
} from './text.ts';

interface Decoder {
  readonly name: string;
  readonly sample: Bytes;
  readonly read: (bytes: Bytes) => Outcome<unknown>;
  /** Writes what `read` answered; the bytes must be those that were read, also where they were damaged. */
  readonly write: ((value: never) => Bytes) | null;
  /** Lengths of cut samples that are whole structures themselves. */
  readonly whole: (length: number) => boolean;
}

interface Shape<T> {
  readonly write?: (value: T) => Bytes;
  readonly whole?: (length: number) => boolean;
}

function decoder<T>(
  name: string,
  sample: Bytes | undefined,
  read: (bytes: Bytes) => Outcome<T>,
  { write, whole = () => false }: Shape<T> = {},
): Decoder {
  if (sample === undefined) throw new Error(`broken promise: ${name} has a sample`);
  return { name, sample, read, write: write ?? null, whole };
}

/** Readers that answer null where others answer a named failure. */
const orNull =
  <T>(read: (bytes: Bytes) => T | null) =>
  (bytes: Bytes): Outcome<T> => {
    const value = read(bytes);
    return value === null ? fail('E_FORMAT') : ok(value);
  };
const latin1 = (bytes: Bytes): string => String.fromCharCode(...bytes);

const writeCards = (cards: readonly Card[]): Bytes =>
  concat(...cards.flatMap((each) => [encodeCardBody(each), each.signature]));

const layouts: readonly Decoder[] = [
  decoder('card', LAYOUTS['card'], decodeChain, { write: writeCards }),
  decoder('chain', LAYOUTS['chain'], decodeChain, {
    write: writeCards,
    whole: (length) => length === card.length,
  }),
  decoder('message header', LAYOUTS['header'], decodeHeader, { write: encodeHeader }),
  decoder('message body', LAYOUTS['body'], decodeBody, {
    write: (body) => concat(body.signature, encodeInner(body.inner), pad256(body.payload)),
  }),
  decoder('checkpoint', LAYOUTS['checkpoint'], decodeCheckpoint, {
    write: (value) => concat(value.signed, value.signature),
  }),
  decoder('sealed text', LAYOUTS['sealedText'], decodeSealedText, { write: encodeSealedText }),
  decoder('vault', LAYOUTS['vault'], decodeVault, { write: encodeVault }),
  decoder('member record', LAYOUTS['memberRecord'], decodeMemberRecord, {
    write: encodeMemberRecord,
  }),
  decoder('name record', LAYOUTS['nameRecord'], decodeNameRecord, {
    write: (value) => {
      const [name, avatar] = [utf8(value.name), utf8(value.avatar)];
      if (name === null || avatar === null) throw new Error('broken promise: text was UTF-8');
      return concat(encodeNameRecordBody({ ...value, name, avatar }), value.signature);
    },
  }),
  decoder('ack', LAYOUTS['ack'], decodeAck, {
    write: (value) =>
      concat(encodeAckBody({ ...value, checkpoint: value.checkpoint.bytes }), value.signature),
  }),
  decoder('names', LAYOUTS['names'], (bytes) => decodeNames(bytes, 10), { write: encodeNames }),
  decoder('sealed preview', LAYOUTS['sealedPreview'], decodeSealedPreview, {
    write: (value) => concat(value.nonce, value.sealed),
    whole: (length) => length >= 24,
  }),
  decoder('opened preview', LAYOUTS['openedPreview'], decodeOpenedPreview, {
    write: (value) => encodeOpenedPreview(value.signature, writeCards(value.chain), value.padded),
    whole: (length) => length >= 64 + 4 + card.length,
  }),
  decoder('padding to 256', LAYOUTS['padded256'], orNull(unpad256), { write: pad256 }),
  decoder('padding to 1024', LAYOUTS['padded1024'], orNull(unpad1024), { write: pad1024 }),
  decoder(
    'link text',
    LAYOUTS['linkText'],
    orNull((bytes) => decodeLinkText(latin1(bytes))),
  ),
  decoder(
    'id',
    ascii('0a'.repeat(32)),
    orNull((bytes) => parseId<Hash>(latin1(bytes))),
    {
      write: ascii,
    },
  ),
  decoder(
    'hex',
    ascii('0a1b2c3d'),
    orNull((bytes) => fromHex(latin1(bytes))),
    {
      write: (value) => ascii(toHex(value)),
      whole: (length) => length % 2 === 0,
    },
  ),
  decoder(
    'base64url',
    ascii('AAECAwQFBgc'),
    orNull((bytes) => fromBase64url(latin1(bytes))),
    {
      write: (value) => ascii(toBase64url(value)),
      whole: (length) => fromBase64url('AAECAwQFBgc'.slice(0, length)) !== null,
    },
  ),
];

const kinds = Object.values(ACTIONS);
const entries = kinds.map((action) =>
  decoder(`entry ${action.kind}`, entryOf(action), decodeEntry, {
    write: (entry) => concat(encodeEntryToSign(entry, entry.body), entry.signature),
  }),
);
const actions = kinds.map((action) => {
  // A cut after the first card of a chain at the end is not possible: every chain has its length in front.
  return decoder(
    `action ${action.kind}`,
    encodeAction(action),
    (bytes) => decodeAction(action.kind, bytes),
    { write: encodeAction },
  );
});

const texts: readonly Decoder[] = [
  decoder('profile', taken(encodeProfile(TEXTS.profile)), decodeProfile),
  decoder('staff text', taken(encodeStaffText(TEXTS.staffText)), decodeStaffText),
  decoder('preview', taken(encodePreview(TEXTS.preview)), decodePreview),
  decoder('intro', taken(encodeIntro(TEXTS.intro)), decodeIntro),
  ...Object.values(PAYLOADS).map((payload) =>
    decoder(`payload ${payload.type}`, taken(encodePayload(payload)), decodePayload),
  ),
];

const requestNames = Object.keys(REQUEST_ARGS) as RequestName[];
const pushNames = Object.keys(NEWS) as PushName[];

const requests = requestNames.map((name) =>
  decoder(
    `request ${name}`,
    encodeRequest<RequestName>(5, name, REQUEST_ARGS[name]),
    decodeRequest,
    {
      write: (value) =>
        encodeRequest<RequestName>(value.id, value.name, value.args as RequestArgs<RequestName>),
    },
  ),
);
const answers = requestNames.map((name) =>
  decoder(
    `answer to ${name}`,
    encodeReply<RequestName>(5, name, REPLIES[name]),
    (bytes) => {
      const frame = decodeServerFrame(bytes);
      if (!frame.ok || frame.value.kind !== 'answer') return frame.ok ? fail('E_FORMAT') : frame;
      const { id } = frame.value;
      const reply = readValue(frame.value.value, (value) => readReply(name, value));
      return reply.ok ? ok({ id, value: reply.value }) : reply;
    },
    {
      write: ({ id, value }) =>
        encodeReply<RequestName>(id, name, value as RequestReply<RequestName>),
    },
  ),
);
const pushes = pushNames.map((name) =>
  decoder(
    `push ${name}`,
    encodePush<PushName>(name, NEWS[name]),
    (bytes) => {
      const frame = decodeServerFrame(bytes);
      if (!frame.ok || frame.value.kind === 'push') return frame.ok ? ok(frame.value) : frame;
      return fail('E_FORMAT');
    },
    {
      write: (frame) =>
        frame.kind === 'push'
          ? encodePush<PushName>(frame.push.name, frame.push.news as PushOf<PushName>)
          : new Uint8Array(),
    },
  ),
);
const refusals = [
  decoder(
    'refusal with a header',
    encodeRefusal(5, { name: 'E_REPLAY' }, header),
    decodeServerFrame,
  ),
  decoder(
    'refusal with a time',
    encodeRefusal(5, { name: 'E_LIMIT', note: 'slow down', retryAt: 7 }, 3),
    decodeServerFrame,
  ),
];

const DECODERS = [
  ...layouts,
  ...entries,
  ...actions,
  ...texts,
  ...requests,
  ...answers,
  ...pushes,
  ...refusals,
];
const named = DECODERS.map((each) => [each.name, each] as const);
const NAMES: readonly string[] = ERROR_NAMES;

/** What is wrong with how a decoder took these bytes; null where it answered a value it writes back alike, or a named error. */
function complaint({ read, write }: Decoder, bytes: Bytes): string | null {
  let outcome: Outcome<unknown>;
  try {
    outcome = read(bytes);
  } catch (error) {
    return `threw ${String(error)} at ${toHex(bytes)}`;
  }
  if (!outcome.ok)
    return NAMES.includes(outcome.error.name) ? null : `unnamed error ${outcome.error.name}`;
  if (write === null || equal(write(outcome.value as never), bytes)) return null;
  return `two forms of one value: ${toHex(bytes)}`;
}

const errorOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'taken' : outcome.error.name);

describe('every decoder', () => {
  it('there is one for every kind of act, payload, request and push', () => {
    expect(entries).toHaveLength(15);
    expect(actions).toHaveLength(15);
    expect(new Set(DECODERS.map((each) => each.name)).size).toBe(DECODERS.length);
  });

  it.each(named)('%s: a round trip gives the same bytes', (_, each) => {
    expect(each.read(each.sample)).toMatchObject({ ok: true });
    expect(complaint(each, each.sample)).toBeNull();
  });

  it.each(named)('P114 %s: cut at every length is E_FORMAT or E_LIMIT', (_, each) => {
    const wrong: string[] = [];
    for (let length = 0; length < each.sample.length; length++) {
      const said = errorOf(each.read(each.sample.slice(0, length)));
      const right = each.whole(length) ? said === 'taken' : /^E_(FORMAT|LIMIT)$/.test(said);
      if (!right) wrong.push(`${length}: ${said}`);
    }
    expect(wrong).toEqual([]);
  });

  it.each(named.filter(([, each]) => !each.whole(each.sample.length)))(
    'P115 %s: one byte more is E_FORMAT',
    (_, each) => {
      for (const byte of [0x00, 0x41, 0x80, 0xff])
        expect(errorOf(each.read(concat(each.sample, new Uint8Array([byte]))))).toBe('E_FORMAT');
    },
  );

  it.each(named)('%s: one bit flipped is another value or a named error', (_, each) => {
    const wrong: string[] = [];
    const all = each.sample.length <= 300;
    for (let bit = 0; bit < 8 * each.sample.length; bit++) {
      const at = bit >> 3;
      if (!all && (bit & 7) !== at % 8) continue;
      const damaged = each.sample.slice();
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7));
      const said = complaint(each, damaged);
      if (said !== null) wrong.push(said);
    }
    expect(wrong).toEqual([]);
  });

  it.each(named)('P116 %s: 0xFFFF and 0xFFFFFFFF wherever a length could stand', (_, each) => {
    const wrong: string[] = [];
    for (const width of [2, 4])
      for (let at = 0; at + width <= each.sample.length; at++) {
        const damaged = each.sample.slice();
        damaged.fill(0xff, at, at + width);
        const said = complaint(each, damaged);
        if (said !== null) wrong.push(said);
      }
    expect(wrong).toEqual([]);
  });
});

/** One step of damage; `where` and `what` are read modulo what there is. */
const step = fc.record({
  how: fc.constantFrom('set', 'flip', 'cut', 'insert', 'remove', 'repeat', 'number', 'splice'),
  where: fc.nat(),
  what: fc.nat(),
});
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

function damage(
  bytes: Bytes,
  { how, where, what }: { how: string; where: number; what: number },
): Bytes {
  const at = bytes.length === 0 ? 0 : where % bytes.length;
  const out = bytes.slice();
  switch (how) {
    case 'set':
      out.fill(what & 0xff, at, at + 1);
      return out;
    case 'flip':
      out.fill((bytes[at] ?? 0) ^ (1 << (what & 7)), at, at + 1);
      return out;
    case 'cut':
      return bytes.slice(0, at);
    case 'insert':
      return concat(
        bytes.slice(0, at),
        new Uint8Array(1 + (what % 9)).fill(what >> 4),
        bytes.slice(at),
      );
    case 'remove':
      return concat(bytes.slice(0, at), bytes.slice(at + 1 + (what % 40)));
    case 'repeat':
      return concat(bytes.slice(0, at), bytes.slice(Math.max(0, at - (what % 80))));
    case 'number': {
      const value = NUMBERS[what % NUMBERS.length] ?? 0;
      const width = [1, 2, 4, 8][(what >> 8) % 4] ?? 1;
      for (let i = 0; i < width && at + i < out.length; i++)
        out[at + i] = Math.floor(value / 256 ** (width - 1 - i)) & 0xff;
      return out;
    }
    default: {
      const other = DECODERS[what % DECODERS.length]?.sample ?? bytes;
      const from = where % (other.length + 1);
      return concat(bytes.slice(0, at), other.slice(from, from + (what % 200)));
    }
  }
}

const TOTAL = Number(process.env['FUZZ'] ?? 20_000);
const RUNS = Math.ceil(TOTAL / DECODERS.length);

describe(`P113: ${RUNS * DECODERS.length} mutated and random inputs`, () => {
  const timeout = Math.max(20_000, TOTAL * 2);

  it.each(named)(
    '%s: nothing but values and named errors',
    (_, each) => {
      const mutated = fc
        .array(step, { minLength: 1, maxLength: 4 })
        .map((steps) => steps.reduce(damage, each.sample));
      const random = fc.uint8Array({ maxLength: 400 }).map((bytes) => new Uint8Array(bytes));
      fc.assert(
        fc.property(
          fc.oneof({ weight: 5, arbitrary: mutated }, { weight: 1, arbitrary: random }),
          (bytes) => {
            const said = complaint(each, bytes);
            if (said !== null) throw new Error(said);
          },
        ),
        { numRuns: RUNS },
      );
    },
    timeout,
  );
});
