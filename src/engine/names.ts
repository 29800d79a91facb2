/** Member records: names people give themselves, and what each member has opened. */
import { ascii, type Bytes, concat, fromBase64url, toBase64url, utf8 } from '../lib/bytes.ts';
import { SIGN } from '../crypto/label.ts';
import { openFile, sealFile } from '../crypto/secret/file.ts';
import { openRecord, sealRecord } from '../crypto/secret/seal.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { verifyCheckpoint, verifySigned } from '../crypto/verify.ts';
import { deviceKey } from '../group/select.ts';
import type { GroupState } from '../group/state.ts';
import type { Gid, Hash, Pid } from '../protocol/ids.ts';
import { CLIENT, REPLAY } from '../protocol/limits.ts';
import { CIRCLE } from '../protocol/role.ts';
import {
  decodeAck,
  decodeMemberRecord,
  decodeNameRecord,
  decodeNames,
  encodeAckBody,
  encodeMemberRecord,
  encodeNameRecordBody,
  encodeNames,
  type NameRecord,
  RECORD,
} from '../protocol/sealed.ts';
import type { Payload } from '../protocol/text.ts';
import { beyond, confirmedBy } from './confirm.ts';
import { type Context, signingTime } from './context.ts';
import { checkpointContradicts } from './judge.ts';
import { download, upload } from './blobs.ts';
import { enqueue } from './outbox.ts';
import { newsOfOpened } from './news.ts';
import { type Head, keyOf, type Replica, writesOf } from './replica.ts';

/** At most 60 bytes of UTF-8 text as a display name, cut at a code point. */
export function nameBytes(name: string): Bytes {
  let cut = name.trim();
  let bytes = utf8(cut.toWellFormed()) ?? ascii('');
  while (bytes.length > 200) {
    cut = [...cut].slice(0, -1).join('');
    bytes = utf8(cut.toWellFormed()) ?? ascii('');
  }
  return bytes;
}

/** Signs a name record for one group. */
export function signName(ctx: Context, gid: Gid, name: string, version: number): Bytes {
  const { pid, dev, device } = ctx.identity();
  const body = encodeNameRecordBody({
    gid,
    pid,
    dev,
    version,
    name: nameBytes(name),
    avatar: ascii(''),
  });
  return concat(body, signLabelled(ctx.p, SIGN.name, device.secretKey, body));
}

/** A name record counts if a device of the pid's pinned card signed it for this group. */
export function readName(ctx: Context, state: GroupState, bytes: Bytes): NameRecord | null {
  const record = decodeNameRecord(bytes);
  if (!record.ok || record.value.gid !== state.gid) return null;
  const key = deviceKey(state, record.value.pid, record.value.dev);
  const signed =
    key !== null &&
    verifySigned(ctx.p, SIGN.name, key, record.value.signed, record.value.signature);
  return signed ? record.value : null;
}

function holdName(head: Head, record: NameRecord): Head {
  const old = head.names.find((one) => one.pid === record.pid);
  const before = old === undefined ? null : decodeNameRecord(old.record);
  if (before?.ok === true && before.value.version >= record.version) return head;
  return {
    ...head,
    names: [...head.names.filter((one) => one !== old), { pid: record.pid, record: record.bytes }],
  };
}

/** Takes member records as the server holds them; what does not open or verify is passed over. */
export async function takeRecords(
  ctx: Context,
  replica: Replica,
  records: readonly { readonly pid: Pid; readonly record: Bytes }[],
): Promise<void> {
  await replica.serial(async () => {
    let head = replica.head;
    for (const { pid, record } of records) head = takeRecord(ctx, replica, head, pid, record);
    await hold(ctx, replica, head);
  });
}

/** Lines told again when a name becomes known; older ones are drawn with it when they are next read. */
const RETOLD = 200;

async function hold(ctx: Context, replica: Replica, head: Head): Promise<void> {
  if (head === replica.head) return;
  const renamed = head.names !== replica.head.names;
  const news = newsOfOpened(ctx, replica, head);
  replica.head = head;
  await ctx.records.write(writesOf(ctx.records, replica, {}));
  const end = replica.timeline.end();
  const recent = replica.timeline.range(end - RETOLD, end).map((item) => item.t);
  ctx.changed(replica, {
    group: true,
    news,
    ...(renamed ? { items: recent } : {}),
  });
}

function takeRecord(ctx: Context, replica: Replica, head: Head, pid: Pid, bytes: Bytes): Head {
  const record = decodeMemberRecord(bytes);
  if (!record.ok) return head;
  const key = keyOf(replica, record.value.generation, CIRCLE.everyone);
  if (key === null) return beyond(replica, head, record.value.generation);
  const plain = openRecord(ctx.p, key, pid, record.value);
  if (plain === null) return head;
  if (record.value.which === RECORD.name) {
    const name = readName(ctx, replica.state, plain);
    return name === null || name.pid !== pid ? head : holdName(head, name);
  }
  return takeAck(ctx, replica, head, pid, plain);
}

function takeAck(ctx: Context, replica: Replica, head: Head, pid: Pid, plain: Bytes): Head {
  const ack = decodeAck(plain);
  if (!ack.ok || ack.value.gid !== replica.gid || ack.value.pid !== pid) return head;
  // The server signs for every group with one key: what it says of another group contradicts nothing here.
  if (ack.value.checkpoint.gid !== replica.gid) return head;
  const key = deviceKey(replica.state, pid, ack.value.dev);
  if (key === null || !verifySigned(ctx.p, SIGN.ack, key, ack.value.signed, ack.value.signature))
    return head;
  const genuine = verifyCheckpoint(ctx.p, replica.state.serverPk, ack.value.checkpoint);
  if (genuine && checkpointContradicts(replica, ack.value.checkpoint)) {
    return {
      ...head,
      halted: 'E_FORK',
      evidence: [
        ack.value.checkpoint.bytes,
        ...(head.checkpoint === null ? [] : [head.checkpoint]),
      ],
    };
  }
  if (genuine && pid !== ctx.identity().pid)
    return acked(confirmedBy(replica, head, ack.value.checkpoint), pid, ack.value.generation);
  return acked(head, pid, ack.value.generation);
}

function acked(head: Head, pid: Pid, generation: number): Head {
  const before = head.opened.find((one) => one.pid === pid);
  if (before !== undefined && before.generation >= generation) return head;
  return {
    ...head,
    opened: [...head.opened.filter((one) => one !== before), { pid, generation }],
  };
}

/** The server holds less of this account than was told already, or an older record: it is told again. */
export async function forgetTold(
  ctx: Context,
  replica: Replica,
  records: readonly { readonly pid: Pid; readonly record: Bytes }[],
): Promise<void> {
  const { pid } = ctx.identity();
  const own = records.filter((one) => one.pid === pid).map((one) => decodeMemberRecord(one.record));
  const plainOf = (which: number): Bytes | null => {
    const record = own.find((one) => one.ok && one.value.which === which);
    const key =
      record?.ok === true ? keyOf(replica, record.value.generation, CIRCLE.everyone) : null;
    return record?.ok === true && key !== null ? openRecord(ctx.p, key, pid, record.value) : null;
  };
  const name = plainOf(RECORD.name);
  const told = name === null ? null : decodeNameRecord(name);
  const ack = plainOf(RECORD.ack);
  const acked = ack === null ? null : decodeAck(ack);
  const { namedVersion, ackedGeneration } = replica.head;
  const nameLost = namedVersion > (told?.ok === true ? told.value.version : 0);
  const ackLost = ackedGeneration > (acked?.ok === true ? acked.value.generation : 0);
  if (!nameLost && !ackLost) return;
  await replica.serial(() => {
    replica.head = {
      ...replica.head,
      ...(nameLost ? { namedAs: '' } : {}),
      ...(ackLost ? { ackedGeneration: 0, ackedAt: 0 } : {}),
    };
    return ctx.records.write(writesOf(ctx.records, replica, {}));
  });
}

/** Whether the own name record was signed by a device that still is in the card. */
function signedByPresentDevice(ctx: Context, replica: Replica): boolean {
  const { pid } = ctx.identity();
  const held = replica.head.names.find((one) => one.pid === pid);
  return held !== undefined && readName(ctx, replica.state, held.record) !== null;
}

/** Writes the own name where it is not known in this group yet, or changed. */
export async function tellName(ctx: Context, replica: Replica, name: string): Promise<void> {
  if (!replica.state.members.has(ctx.identity().pid)) return;
  if (replica.head.namedAs === name && signedByPresentDevice(ctx, replica)) return;
  const key = keyOf(replica, replica.state.generation, CIRCLE.everyone);
  if (key === null) return;
  const version = Math.max(replica.head.namedVersion + 1, Math.floor(signingTime(ctx, 0) / 1000));
  const bytes = signName(ctx, replica.gid, name, version);
  const record = encodeMemberRecord(sealRecord(ctx.p, key, ctx.identity().pid, RECORD.name, bytes));
  const answer = await ctx.session.call('putRecord', { gid: replica.gid, record });
  if (!answer.ok) return;
  await replica.serial(async () => {
    const own = readName(ctx, replica.state, bytes);
    const head = { ...replica.head, namedAs: name, namedVersion: version };
    await hold(ctx, replica, own === null ? head : holdName(head, own));
  });
}

/** Tells the others which generation was opened and what was seen; at most once a minute. */
export async function tellOpened(ctx: Context, replica: Replica): Promise<void> {
  const { head, state } = replica;
  const now = ctx.clock.now();
  // Also where the clock was turned back since.
  const due =
    head.ackedGeneration < state.generation && Math.abs(now - head.ackedAt) >= CLIENT.ackEveryMs;
  const first = head.ackedAt === 0;
  const key = keyOf(replica, state.generation, CIRCLE.everyone);
  if (
    (!due && !first) ||
    key === null ||
    head.checkpoint === null ||
    head.ackedGeneration === state.generation
  )
    return;
  const { pid, dev, device } = ctx.identity();
  const body = encodeAckBody({
    gid: replica.gid,
    pid,
    dev,
    generation: state.generation,
    checkpoint: head.checkpoint,
  });
  const ack = concat(body, signLabelled(ctx.p, SIGN.ack, device.secretKey, body));
  const record = encodeMemberRecord(sealRecord(ctx.p, key, pid, RECORD.ack, ack));
  const answer = await ctx.session.call('putRecord', { gid: replica.gid, record });
  if (!answer.ok) return;
  await replica.serial(async () => {
    const opened = [
      ...replica.head.opened.filter((one) => one.pid !== pid),
      { pid, generation: state.generation },
    ];
    await hold(ctx, replica, {
      ...replica.head,
      opened,
      ackedGeneration: state.generation,
      ackedAt: now,
    });
  });
}

/** Seals all names this client knows into a file and points newcomers to it. */
export async function postNames(ctx: Context, replica: Replica): Promise<boolean> {
  const records = replica.head.names.flatMap((one) => {
    const record = decodeNameRecord(one.record);
    return record.ok && replica.state.members.has(one.pid) ? [record.value] : [];
  });
  const addition = replica.head.lastAddition;
  const file = sealFile(ctx.p, encodeNames(records));
  if (!(await upload(ctx, replica.gid, file.blob, file.bytes))) return false;
  const payload: Payload = {
    type: 'names',
    blob: file.blob,
    key: toBase64url(file.key),
    hash: file.hash,
    bytes: file.bytes.length,
  };
  const queued = await enqueue(ctx, replica, payload, CIRCLE.everyone, true);
  if (queued.ok) await notePosted(ctx, replica, addition);
  return queued.ok;
}

async function notePosted(ctx: Context, replica: Replica, addition: number): Promise<void> {
  await replica.serial(async () => {
    if (replica.head.namesPosted >= addition) return;
    await hold(ctx, replica, { ...replica.head, namesPosted: addition });
  });
}

/** More than the padded and sealed names of a full group: a larger file is not fetched. */
const NAMES_FILE_BYTES = 4 * 1024 * 1024;

/** A `names` message came: newcomers fetch the file; for everybody it means that this addition is served. */
export async function takeNames(
  ctx: Context,
  replica: Replica,
  payload: Extract<Payload, { type: 'names' }>,
): Promise<void> {
  await notePosted(ctx, replica, replica.head.lastAddition);
  const missing = [...replica.state.members.keys()].some(
    (pid) => !replica.head.names.some((one) => one.pid === pid),
  );
  if (!missing || payload.bytes > NAMES_FILE_BYTES) return;
  const bytes = await download(
    ctx,
    replica.gid,
    payload.blob as Hash,
    (total) => total === payload.bytes,
  );
  const key = fromBase64url(payload.key);
  if (bytes === null || key === null) return;
  const content = openFile(ctx.p, { key, hash: payload.hash as Hash, bytes });
  const names = content === null ? null : decodeNames(content, REPLAY.members);
  if (names === null || !names.ok) return;
  await replica.serial(async () => {
    let head = replica.head;
    for (const record of names.value)
      if (readName(ctx, replica.state, record.bytes) !== null) head = holdName(head, record);
    await hold(ctx, replica, head);
  });
}
