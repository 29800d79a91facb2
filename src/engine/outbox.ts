/** The durable outbox of a group: sealed in order, sent in order, resent as the same bytes, sealed anew only under a verified newer key. */
import { never } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { type Bytes, toHex } from '../lib/bytes.ts';
import { sealMessage } from '../crypto/secret/seal.ts';
import { refusal } from '../group/can.ts';
import { deviceKey } from '../group/select.ts';
import { fail, type ErrorName, type Failure, type Outcome } from '../protocol/failure.ts';
import { CLIENT } from '../protocol/limits.ts';
import { hasPolicy } from '../protocol/policy.ts';
import { CIRCLE, type Circle } from '../protocol/role.ts';
import type { Hash } from '../protocol/ids.ts';
import { decodePayload, encodePayload, type Payload } from '../protocol/text.ts';
import { until } from './append.ts';
import { isHeld } from './changedIdentity.ts';
import { type Context, signingTime } from './context.ts';
import { judge, warn } from './judge.ts';
import { keyOf, OUTBOX_MAX, type Outgoing, type Replica, writesOf } from './replica.ts';
import { answeredForTwin } from './twin.ts';

/** Puts a payload into the outbox; it is durable when this resolves. */
export async function enqueue(
  ctx: Context,
  replica: Replica,
  payload: Payload,
  circle: Circle = CIRCLE.everyone,
  quiet = false,
  file: Outgoing['file'] = null,
): Promise<Outcome<string>> {
  const bytes = encodePayload(payload);
  if (!bytes.ok) return bytes;
  const localId = toHex(ctx.p.random(16));
  return replica.serial(async () => {
    const why = sendRefusal(ctx, replica, circle);
    if (why !== null) return { ok: false, error: why };
    if (replica.outbox.length >= OUTBOX_MAX) return fail('E_LIMIT', 'messages waiting to be sent');
    const out: Outgoing = {
      localId,
      at: ctx.clock.now(),
      payload: bytes.value,
      circle,
      sealed: null,
      failed: null,
      quiet,
      file,
    };
    await store(ctx, replica, [...replica.outbox, out]);
    return ok(localId);
  });
}

/** Why this account cannot send here at all, or null. Passing states (rotation due, offline) are no refusal: the outbox waits. */
export function sendRefusal(ctx: Context, replica: Replica, circle: Circle): Failure | null {
  if (replica.head.halted !== null) return { name: replica.head.halted };
  if (ctx.twin.known()) return { name: 'E_DEVICE' };
  if (replica.state.closed !== null) return { name: 'E_CLOSED' };
  const me = replica.state.members.get(ctx.identity().pid);
  if (me === undefined) return { name: 'E_NOT_MEMBER' };
  return refusal({ role: me.role, policy: replica.state.policy }, { kind: 'send', circle });
}

async function store(ctx: Context, replica: Replica, outbox: readonly Outgoing[]): Promise<void> {
  replica.outbox = outbox;
  await ctx.records.write(writesOf(ctx.records, replica, { outbox: true }));
  ctx.changed(replica, { outbox: true });
}

export async function retry(
  ctx: Context,
  replica: Replica,
  localId: string,
): Promise<Outcome<void>> {
  return replica.serial(async () => {
    const out = replica.outbox.find((candidate) => candidate.localId === localId);
    if (out === undefined) return fail('E_NOT_FOUND', 'no such message');
    // What the server may have stored is sent again as it is; anything else is sealed anew, last in the row.
    const again = { ...out, failed: null };
    const others = replica.outbox.filter((other) => other !== out);
    const outbox =
      out.failed === 'E_WITHHELD'
        ? replica.outbox.map((other) => (other === out ? again : other))
        : [...others, { ...again, sealed: null }];
    await store(ctx, replica, outbox);
    return ok(undefined);
  });
}

export async function discard(
  ctx: Context,
  replica: Replica,
  localId: string,
): Promise<Outcome<void>> {
  return replica.serial(async () => {
    const out = replica.outbox.find((candidate) => candidate.localId === localId);
    if (out === undefined) return fail('E_NOT_FOUND', 'no such message');
    if (out.sealed !== null) return fail('E_BUSY', 'already on its way');
    replica.outbox = replica.outbox.filter((other) => other !== out);
    await ctx.records.write(writesOf(ctx.records, replica, { outbox: true }));
    ctx.changed(replica, { outbox: true, gone: [localId] });
    return ok(undefined);
  });
}

/** Whether the next message could be sealed now, or what it waits for. */
export function sealable(ctx: Context, replica: Replica): 'ready' | 'securing' | 'held' {
  const { pid, dev } = ctx.identity();
  // A device the group does not know yet speaks once its card is in the log.
  if (deviceKey(replica.state, pid, dev) === null) return 'securing';
  if (replica.state.generation === 0 || replica.head.resuming) return 'securing';
  if (replica.state.generation <= replica.head.freshAfter) return 'securing';
  if (replica.state.pending !== null && hasPolicy(replica.state.policy, 'strictPending'))
    return 'securing';
  if (keyOf(replica, replica.state.generation, CIRCLE.everyone) === null) return 'securing';
  return isHeld(ctx, replica) ? 'held' : 'ready';
}

/** How long an acknowledged message may take to come back, and once more after asking for it. */
const SHOWN_MS = 5000;

/** Messages to be sent, oldest first; failed ones wait for the person, others overtake a file that is not uploaded yet. */
const open = (replica: Replica): readonly Outgoing[] =>
  replica.outbox.filter((out) => out.failed === null && out.file?.uploaded !== false);

/** The file of a waiting message is at the server, or is not there any more. */
export async function noteUploaded(
  ctx: Context,
  replica: Replica,
  localId: string,
  uploaded: boolean,
): Promise<void> {
  await replica.serial(() => {
    const outbox = replica.outbox.map((out) =>
      out.localId === localId && out.file !== null
        ? { ...out, file: { ...out.file, uploaded } }
        : out,
    );
    return store(ctx, replica, outbox);
  });
}

/**
 * The file cannot be uploaded. A message that was sealed already may have used up its counter: it goes as it is, named
 * without a file, so that what follows it can go too; readers are told that its file is not there.
 */
export async function failUpload(
  ctx: Context,
  replica: Replica,
  localId: string,
  name: ErrorName,
): Promise<void> {
  await replica.serial(() => {
    const outbox = replica.outbox.map((out) => {
      if (out.localId !== localId) return out;
      return out.sealed === null ? { ...out, failed: name } : { ...out, file: null };
    });
    return store(ctx, replica, outbox);
  });
}

/** The blob a waiting message names, which the server keeps for as long as the body. */
function blobIn(out: Outgoing): Hash | null {
  const payload = decodePayload(out.payload);
  const { value } = payload.ok ? payload : { value: null };
  return value?.type === 'file' || value?.type === 'names' ? (value.blob as Hash) : null;
}

/** Seals what is not sealed yet, up to the window, and stores it before anything is sent: a counter is never used twice. */
async function sealNext(ctx: Context, replica: Replica): Promise<readonly Outgoing[]> {
  if (sealable(ctx, replica) !== 'ready') return [];
  const sealed = replica.outbox.map((out) => out.sealed).filter((one) => one !== null);
  const last = [...sealed].sort((a, b) => a.ctr - b.ctr).at(-1);
  let ctr = last?.ctr ?? replica.head.ownCtr;
  let prevOwn = last?.item ?? replica.head.ownItem;
  let changed = false;
  const window = open(replica).slice(0, CLIENT.sendWindow);
  const outbox = replica.outbox.map((out) => {
    if (out.sealed !== null || !window.includes(out)) return out;
    const key = keyOf(replica, replica.state.generation, out.circle);
    if (key === null) return out;
    ctr += 1;
    const inner = {
      prevOwn,
      logSeq: replica.state.seq,
      logHead: replica.state.head,
      view: { t: replica.timeline.end(), T: replica.timeline.T() },
      time: signingTime(ctx, 0),
    };
    const message = sealMessage(ctx.p, ctx.identity(), key, ctr, inner, out.payload);
    prevOwn = message.item;
    changed = true;
    return { ...out, sealed: { ...message, ctr, generation: replica.state.generation } };
  });
  if (changed) await store(ctx, replica, outbox);
  return open(replica)
    .filter((out) => out.sealed !== null)
    .sort((a, b) => (a.sealed?.ctr ?? 0) - (b.sealed?.ctr ?? 0));
}

/** Takes back the sealing of this message and all after it: nothing the server refused has used up a counter. */
async function unseal(
  ctx: Context,
  replica: Replica,
  from: number,
  failed: ErrorName | null,
): Promise<void> {
  const outbox = replica.outbox.map((out) => {
    if (out.sealed === null || out.sealed.ctr < from) return out;
    return { ...out, sealed: null, failed: out.sealed.ctr === from ? failed : out.failed };
  });
  await store(ctx, replica, outbox);
}

type Sent =
  | { readonly kind: 'stored' | 'again' | 'gap' }
  | { readonly kind: 'stale'; readonly ctr: number; readonly generation: number }
  | { readonly kind: 'pending'; readonly generation: number }
  | { readonly kind: 'later'; readonly ms: number }
  /** Its file is not at the server any more. */
  | { readonly kind: 'fileless'; readonly localId: string }
  | { readonly kind: 'failed'; readonly ctr: number; readonly name: ErrorName };

function verdict(ctx: Context, out: Outgoing, error: Failure): Sent {
  const ctr = out.sealed?.ctr ?? 0;
  const generation = out.sealed?.generation ?? 0;
  switch (error.name) {
    case 'E_STALE_GEN':
      return { kind: 'stale', ctr, generation };
    case 'E_PENDING':
      return { kind: 'pending', generation };
    case 'E_GAP':
      return { kind: 'gap' };
    case 'E_OFFLINE':
    case 'E_TIMEOUT':
      return { kind: 'again' };
    case 'E_LIMIT':
    case 'E_BUSY':
    case 'E_STORAGE':
      return {
        kind: 'later',
        ms: Math.min(
          Math.max((error.retryAt ?? 0) - ctx.clock.now() - ctx.session.clockOffset(), 500),
          30_000,
        ),
      };
    default:
      return { kind: 'failed', ctr, name: error.name };
  }
}

async function sendAll(ctx: Context, replica: Replica, batch: readonly Outgoing[]): Promise<Sent> {
  let checkpoint: Bytes | null = null;
  const answers = await Promise.all(
    batch.map(async (out): Promise<Sent> => {
      const bytes = out.sealed;
      if (bytes === null) return { kind: 'again' };
      const file = blobIn(out);
      const { header, body } = bytes;
      let answer = await ctx.session.call('send', { header, body, file });
      if (!answer.ok && answer.error.name === 'E_NOT_FOUND' && file !== null) {
        if (out.file !== null) return { kind: 'fileless', localId: out.localId };
        // Names of a while ago, which others know too, or a file that cannot be brought again: the row goes on.
        answer = await ctx.session.call('send', { header, body, file: null });
      }
      if (!answer.ok && answer.error.name === 'E_REPLAY' && answeredForTwin(out, answer.detail)) {
        await ctx.twin.notice();
        return { kind: 'again' };
      }
      if (!answer.ok) return verdict(ctx, out, answer.error);
      ({ checkpoint } = answer.value);
      return { kind: 'stored' };
    }),
  );
  const signed = checkpoint as Bytes | null;
  if (signed !== null) await replica.serial(() => judge(ctx, replica, signed));
  // The first refusal decides; what follows it was refused because of it.
  return answers.find((answer) => answer.kind !== 'stored') ?? { kind: 'stored' };
}

/** Sends until nothing is left or nothing can go on; one at a time per group. */
export function createPump(ctx: Context, replica: Replica): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    do {
      again = false;
      while (await round(ctx, replica)) again = false;
    } while (again as boolean);
  };
  return () => {
    again = true;
    if (running) return;
    running = true;
    const done = run().finally(() => {
      running = false;
    });
    ctx.tend(done);
  };
}

/** One round; true when another should follow at once. */
async function round(ctx: Context, replica: Replica): Promise<boolean> {
  if (ctx.session.state().kind !== 'online' || replica.head.halted !== null) return false;
  if (ctx.twin.known()) return false;
  // A server that has less than is held here takes nothing new before it has that.
  if (replica.behind !== null) return false;
  const batch = await replica.serial(() => sealNext(ctx, replica));
  if (batch.length === 0) return false;
  const sent = await sendAll(ctx, replica, batch);
  switch (sent.kind) {
    case 'stored':
      return shown(ctx, replica, batch);
    case 'again':
      await until(ctx, replica, () => ctx.session.state().kind === 'online', CLIENT.callTimeoutMs);
      return ctx.session.state().kind === 'online';
    case 'gap':
      // What was taken for stored is not: it goes out again, the same bytes, before what follows it.
      await replica.serial(() => markWithheld(ctx, replica, () => false));
      await until(ctx, replica, () => ctx.session.state().kind !== 'online', 1000);
      return true;
    case 'later':
      await until(ctx, replica, () => ctx.session.state().kind !== 'online', sent.ms);
      return true;
    case 'stale':
      return freshKey(ctx, replica, sent.ctr, sent.generation);
    case 'pending':
      // The same bytes again; once there is a newer key the server says E_STALE_GEN.
      await newerKey(ctx, replica, sent.generation);
      return true;
    case 'fileless':
      await noteUploaded(ctx, replica, sent.localId, false);
      return open(replica).length > 0;
    case 'failed':
      return refusedFor(ctx, replica, sent.ctr, sent.name);
    default:
      return never(sent);
  }
}

/** "Sent" is said only once the message came back in the timeline; until then it stays in the outbox. */
async function shown(ctx: Context, replica: Replica, batch: readonly Outgoing[]): Promise<boolean> {
  const gone = (): boolean =>
    !replica.outbox.some((out) => batch.some((sent) => sent.localId === out.localId));
  if (await until(ctx, replica, gone, SHOWN_MS)) return open(replica).length > 0;
  ctx.catchUp(replica.gid);
  if (await until(ctx, replica, gone, SHOWN_MS)) return open(replica).length > 0;
  // Acknowledged and not shown: the person is told. The bytes stay as they are, and it goes once it comes after all.
  const ids = new Set(batch.map((sent) => sent.localId));
  await replica.serial(() => markWithheld(ctx, replica, (out) => ids.has(out.localId)));
  return open(replica).length > 0;
}

/** Marks sealed messages as acknowledged and not shown, or takes the mark back. */
async function markWithheld(
  ctx: Context,
  replica: Replica,
  withheld: (out: Outgoing) => boolean,
): Promise<void> {
  const outbox = replica.outbox.map((out): Outgoing => {
    if (out.sealed === null || (out.failed !== null && out.failed !== 'E_WITHHELD')) return out;
    return { ...out, failed: withheld(out) ? 'E_WITHHELD' : null };
  });
  await store(ctx, replica, outbox);
}

/**
 * Sealed anew only after this client has itself verified the newer entry. A server that shows none is named,
 * and gets the same bytes again: another message under a used counter would look like two tongues.
 */
async function freshKey(
  ctx: Context,
  replica: Replica,
  ctr: number,
  generation: number,
): Promise<boolean> {
  const verified = await newerKey(ctx, replica, generation);
  if (verified) await replica.serial(() => unseal(ctx, replica, ctr, null));
  else if (ctx.session.state().kind === 'online') await replica.serial(() => doubt(ctx, replica));
  return true;
}

/**
 * A refusal that is final gives the counter back only where the own log shows the reason. Without it the server may
 * have kept the message: the person is told, and it goes out again as the same bytes or not at all.
 */
async function refusedFor(
  ctx: Context,
  replica: Replica,
  ctr: number,
  name: ErrorName,
): Promise<boolean> {
  const out = replica.outbox.find((one) => one.sealed?.ctr === ctr);
  const shown = (): boolean => refusalInLog(ctx, replica, out?.circle ?? CIRCLE.everyone) === name;
  const over = (): boolean => shown() || ctx.session.state().kind !== 'online';
  if (!shown()) ctx.catchUp(replica.gid);
  await until(ctx, replica, over, SHOWN_MS);
  if (shown()) {
    await replica.serial(() => unseal(ctx, replica, ctr, name));
  } else if (ctx.session.state().kind === 'online') {
    await replica.serial(async () => {
      await markWithheld(ctx, replica, (one) => (one.sealed?.ctr ?? 0) >= ctr);
      await doubt(ctx, replica);
    });
  }
  return open(replica).length > 0;
}

/** Why the log as it is held lets this device send nothing to that circle, or null. */
function refusalInLog(ctx: Context, replica: Replica, circle: Circle): ErrorName | null {
  const { pid, dev } = ctx.identity();
  const why = sendRefusal(ctx, replica, circle);
  if (why !== null) return why.name;
  return deviceKey(replica.state, pid, dev) === null ? 'E_DEVICE' : null;
}

/** Waits for a generation newer than that one in the own log; false where none came, or the connection went. */
async function newerKey(ctx: Context, replica: Replica, generation: number): Promise<boolean> {
  const newer = (): boolean => replica.state.generation > generation;
  const over = (): boolean => newer() || ctx.session.state().kind !== 'online';
  if (!newer()) ctx.catchUp(replica.gid);
  await until(ctx, replica, over, CLIENT.callTimeoutMs);
  return newer();
}

async function doubt(ctx: Context, replica: Replica): Promise<void> {
  const head = warn(replica.head, 'withheld', null);
  if (head === replica.head) return;
  replica.head = head;
  await ctx.records.write(writesOf(ctx.records, replica, {}));
  ctx.changed(replica, { group: true });
}
