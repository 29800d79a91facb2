/** JSON inside encrypted payloads: closed schemas, well-formed UTF-8, nothing unknown. */
import * as v from 'valibot';
import { type Bytes, fromBase64url, fromUtf8, utf8 } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { fail, type Outcome } from './failure.ts';
import { SIZE } from './limits.ts';

const wellFormed = (max: number) =>
  v.pipe(
    v.string(),
    v.maxLength(max),
    v.check((text) => text.isWellFormed(), 'well-formed text'),
  );
const id32 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const base64url = (bytes: number) =>
  v.pipe(
    v.string(),
    v.check((text) => fromBase64url(text)?.length === bytes, 'canonical base64url'),
  );
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** A file as messages and profiles name it: hash of the stored bytes, its key, hash of the content. */
const blobRef = v.strictObject({ blob: id32, key: base64url(32), hash: id32 });

const profile = v.strictObject({
  salt: wellFormed(64),
  group_name: wellFormed(200),
  about: wellFormed(2000),
  img: v.nullable(blobRef),
  rules: wellFormed(4000),
});
/** What a group is called and says of itself; sealed for everyone in it. */
export type Profile = v.InferOutput<typeof profile>;

const staffText = v.strictObject({
  salt: wellFormed(64),
  links: v.pipe(
    v.array(
      v.strictObject({
        pk: id32,
        secret: base64url(32),
        intake_secrets: v.pipe(v.array(base64url(32)), v.maxLength(SIZE.intakeSecrets)),
        label: wellFormed(SIZE.linkLabelBytes),
      }),
    ),
    v.maxLength(512),
  ),
});
/** What staff shares: link secrets and labels; sealed for owner and moderators. */
export type StaffText = v.InferOutput<typeof staffText>;

const preview = v.strictObject({
  name: wellFormed(200),
  about: wellFormed(2000),
  image: v.nullable(wellFormed(24_000)),
  rules: wellFormed(4000),
  size: v.picklist(['1-9', '10-49', '50-199', '200+']),
  inviter: wellFormed(200),
  review: v.boolean(),
  history: v.picklist(['none', 'shared']),
  intake_pk: base64url(32),
  made: count,
});
/** What a link shows before anybody has an account. */
export type Preview = v.InferOutput<typeof preview>;

const intro = v.strictObject({
  gid: id32,
  pid: id32,
  name: wellFormed(1000),
  note: wellFormed(1000),
  answers: v.pipe(v.array(wellFormed(500)), v.maxLength(8)),
});
/** What an applicant tells the staff; `name` is a NameRecord in base64url. */
export type Intro = v.InferOutput<typeof intro>;

const report = v.strictObject({
  about: id32,
  item: v.nullable(id32),
  quote: wellFormed(SIZE.reportQuoteChars),
  text: wellFormed(SIZE.reportTextChars),
});
/** What a member tells owner and moderators about somebody; `quote` is what the message said, as the reporter has it. */
export type Report = v.InferOutput<typeof report>;

const payload = v.variant('type', [
  v.strictObject({
    type: v.literal('text'),
    text: v.pipe(wellFormed(SIZE.payloadBytes), v.minLength(1)),
    reply: v.optional(id32),
    mentions: v.optional(v.pipe(v.array(id32), v.maxLength(20))),
  }),
  v.strictObject({
    type: v.literal('edit'),
    of: id32,
    text: v.pipe(wellFormed(SIZE.payloadBytes), v.minLength(1)),
    mentions: v.optional(v.pipe(v.array(id32), v.maxLength(20))),
  }),
  v.strictObject({ type: v.literal('delete'), of: id32 }),
  v.strictObject({ type: v.literal('hide'), of: id32, undo: v.boolean(), reason: wellFormed(500) }),
  v.strictObject({
    type: v.literal('reaction'),
    of: id32,
    emoji: v.pipe(wellFormed(40), v.minLength(1)),
    undo: v.boolean(),
  }),
  v.strictObject({
    type: v.literal('file'),
    blob: id32,
    key: base64url(32),
    hash: id32,
    name: wellFormed(300),
    media: wellFormed(100),
    bytes: count,
    width: v.optional(count),
    height: v.optional(count),
    preview: v.optional(wellFormed(24_000)),
    text: wellFormed(8000),
  }),
  v.strictObject({
    type: v.literal('names'),
    blob: id32,
    key: base64url(32),
    hash: id32,
    bytes: count,
  }),
  v.strictObject({ type: v.literal('pin'), of: id32, undo: v.boolean() }),
  v.strictObject({
    type: v.literal('note'),
    about: v.optional(id32),
    request: v.optional(id32),
    verdict: v.optional(v.picklist(['rejected', 'reopened'])),
    /** A report that was seen to. */
    report: v.optional(id32),
    text: wellFormed(4000),
  }),
  v.strictObject({
    type: v.literal('wrap'),
    generation: count,
    circle: v.picklist([0, 1]),
    key: base64url(32),
  }),
  v.strictObject({
    type: v.literal('handover'),
    to: id32,
    epoch: count,
    exp: count,
    dev: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))),
    sig: v.optional(base64url(64)),
  }),
  v.strictObject({ type: v.literal('ping'), nonce: wellFormed(64) }),
  v.strictObject({ type: v.literal('pong'), nonce: wellFormed(64), checkpoint: base64url(180) }),
]);
/** What a message says. */
export type Payload = v.InferOutput<typeof payload>;

function encodeJson(value: unknown): Bytes {
  const bytes = utf8(JSON.stringify(value));
  if (bytes === null) throw new Error('broken promise: text was checked to be well-formed');
  return bytes;
}

function decodeJson<S extends v.GenericSchema>(
  schema: S,
  bytes: Uint8Array,
  max: number,
): Outcome<v.InferOutput<S>> {
  if (bytes.length > max) return fail('E_LIMIT', 'text over the limit');
  const text = fromUtf8(bytes);
  if (text === null) return fail('E_FORMAT', 'text is not UTF-8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('E_FORMAT', 'not JSON');
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success ? ok(parsed.output) : fail('E_FORMAT', 'not of the schema');
}

/** Checks a value our own caller gives (a form, a bot) against the schema and size, then encodes it. */
function encodeChecked<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  max: number,
): Outcome<Bytes> {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) return fail('E_FORMAT', 'not of the schema');
  const bytes = encodeJson(parsed.output);
  return bytes.length > max ? fail('E_LIMIT', 'text over the limit') : ok(bytes);
}

export const encodeProfile = (value: Profile): Outcome<Bytes> =>
  encodeChecked(profile, value, SIZE.profileBytes - 1);
export const decodeProfile = (bytes: Uint8Array): Outcome<Profile> =>
  decodeJson(profile, bytes, SIZE.profileBytes);
export const encodeStaffText = (value: StaffText): Outcome<Bytes> =>
  encodeChecked(staffText, value, SIZE.staffTextBytes - 1);
export const decodeStaffText = (bytes: Uint8Array): Outcome<StaffText> =>
  decodeJson(staffText, bytes, SIZE.staffTextBytes);
export const encodePreview = (value: Preview): Outcome<Bytes> =>
  encodeChecked(preview, value, SIZE.previewBytes);
export const decodePreview = (bytes: Uint8Array): Outcome<Preview> =>
  decodeJson(preview, bytes, SIZE.previewBytes);
/** What fits into a sealed intro of 2 KiB once it is padded and sealed. */
const INTRO_JSON_BYTES = 1791;
export const encodeIntro = (value: Intro): Outcome<Bytes> =>
  encodeChecked(intro, value, INTRO_JSON_BYTES);
export const decodeIntro = (bytes: Uint8Array): Outcome<Intro> =>
  decodeJson(intro, bytes, SIZE.introBytes);
export const encodeReport = (value: Report): Outcome<Bytes> =>
  encodeChecked(report, value, SIZE.reportBytes);
export const decodeReport = (bytes: Uint8Array): Outcome<Report> =>
  decodeJson(report, bytes, SIZE.reportBytes);
export const encodePayload = (value: Payload): Outcome<Bytes> =>
  encodeChecked(payload, value, SIZE.payloadBytes);

/** The payload of a message; an unknown type of well-formed JSON is E_VERSION, so that it can be shown as a neutral line. */
export function decodePayload(bytes: Uint8Array): Outcome<Payload> {
  const known = decodeJson(payload, bytes, SIZE.payloadBytes);
  if (known.ok) return known;
  const typed = decodeJson(v.looseObject({ type: wellFormed(40) }), bytes, SIZE.payloadBytes);
  const names = payload.options.map((option): string => option.entries.type.literal);
  if (typed.ok && !names.includes(typed.value.type))
    return fail('E_VERSION', 'payload of a later version');
  return known;
}
