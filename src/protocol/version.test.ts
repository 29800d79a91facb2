/** The wire, pinned: a change of any layout, label, shape, name or limit shows here and has to be meant. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DERIVE, HASH, SIGN } from '../crypto/label.ts';
import { ascii, toHex } from '../lib/bytes.ts';
import { encodeAction, ROTATE_REASON } from './action.ts';
import { CHECKPOINT_BYTES } from './checkpoint.ts';
import { isOffLog, KIND } from './entry.ts';
import { HEADER_BOUND, HEADER_BYTES } from './envelope.ts';
import { ERROR_NAMES } from './failure.ts';
import { ITEM, wireItem } from './item.ts';
import { REPLAY, SIZE } from './limits.ts';
import { POLICY, POLICY_DEFAULT, POLICY_MASK } from './policy.ts';
import { encodePush, PUSHES } from './push.ts';
import { encodeRefusal, encodeReply, encodeRequest, REQUESTS } from './request.ts';
import { CIRCLE, ROLE } from './role.ts';
import { RECORD } from './sealed.ts';
import {
  ACTIONS,
  entryOf,
  header,
  LAYOUTS,
  NEWS,
  PAYLOADS,
  REPLIES,
  REQUEST_ARGS,
  TEXTS,
} from './testing/samples.ts';
import { SUITE, WIRE_FINGERPRINT, WIRE_VERSION } from './version.ts';

const mapped = <T>(
  table: Readonly<Record<string, T>>,
  describeIt: (value: T) => unknown,
): unknown => Object.entries(table).map(([name, value]) => [name, describeIt(value)]);

/** Everything two programs must agree on, as data in a fixed order. */
const WIRE: Readonly<Record<string, unknown>> = {
  version: [WIRE_VERSION, SUITE],
  labels: [SIGN, HASH, DERIVE],
  kinds: mapped(KIND, (kind) => kind),
  offLog: Object.keys(ACTIONS).filter((kind) => isOffLog(kind as keyof typeof KIND)),
  values: [ROLE, CIRCLE, ROTATE_REASON, RECORD, ITEM],
  policy: [POLICY, POLICY_MASK, POLICY_DEFAULT],
  errors: ERROR_NAMES,
  replayLimits: REPLAY,
  sizes: [SIZE, HEADER_BOUND, HEADER_BYTES, CHECKPOINT_BYTES],
  layouts: mapped(LAYOUTS, toHex),
  acts: mapped(ACTIONS, (action) => toHex(encodeAction(action))),
  entries: mapped(ACTIONS, (action) => toHex(entryOf(action))),
  texts: [TEXTS, PAYLOADS],
  item: wireItem.shape,
  requests: mapped(REQUESTS, ({ args, reply }) => [args.shape, reply.shape]),
  pushes: mapped(PUSHES, (push) => push.shape),
  frames: [
    encodeRequest(1, 'log', REQUEST_ARGS.log),
    encodeReply(1, 'subscribe', REPLIES.subscribe),
    encodeRefusal(1, { name: 'E_REPLAY', note: 'a', retryAt: 2 }, header),
    encodeRefusal(1, { name: 'E_GAP' }, 3),
    encodePush('hello', NEWS.hello),
  ].map(toHex),
};

const sha256 = (value: unknown): string =>
  createHash('sha256')
    .update(ascii(JSON.stringify(value)))
    .digest('hex');

describe(`version ${WIRE_VERSION} of the wire`, () => {
  it('each part is what it was; a part that changes here needs a line in the history of version.ts', () => {
    const parts = Object.fromEntries(
      Object.entries(WIRE).map(([name, part]) => [name, sha256(part).slice(0, 16)]),
    );
    expect(parts).toMatchInlineSnapshot(`
      {
        "acts": "bf329c0d58546a73",
        "entries": "5cf68080adb12523",
        "errors": "20b16c9d76fdbfab",
        "frames": "bffef877efe28195",
        "item": "9e6b6ef3b4730e73",
        "kinds": "99f0258fabd61c69",
        "labels": "a80888dd02705bb9",
        "layouts": "0193fb24265db599",
        "offLog": "b1889938ade30c62",
        "policy": "23fd7a9a6d5c5f3d",
        "pushes": "31ab5bc98de21a19",
        "replayLimits": "ba3f181a2e737558",
        "requests": "c354f03c608109aa",
        "sizes": "e5b29a49a337ef4e",
        "texts": "6852030f9f8371d8",
        "values": "81553497cdb307ec",
        "version": "e61b9f584dbe2774",
      }
    `);
  });

  it('the fingerprint of the whole is the one version.ts names', () => {
    expect(sha256(WIRE)).toBe(WIRE_FINGERPRINT);
  });

  it('docs/PROTOCOL.md describes this version and no other', () => {
    const page = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');
    expect(page).toContain(WIRE_FINGERPRINT);
    for (const name of Object.keys(REQUESTS)) expect(page).toContain(`\`${name}\``);
    for (const name of Object.keys(PUSHES)) expect(page).toContain(`\`${name}\``);
    const labels = [SIGN, HASH, DERIVE].flatMap((table) => Object.values(table));
    // The page leaves out the prefix that all of them share.
    for (const label of labels) expect(page).toContain(label.replace('conclave1/', ''));
  });
});
