/** Join links somebody opened here, and this person's own requests; sealed in the store until decided or dismissed. */
import { type Bytes, fromUtf8, toBase64url, toHex, fromBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { neutralise } from '../client/shownName.ts';
import type { JoinState, JoinView, OwnRequestView } from '../client/view.ts';
import { requestCode } from '../crypto/code.ts';
import { entryHash, introHash, pidOf, previewHash } from '../crypto/hash.ts';
import { SIGN } from '../crypto/label.ts';
import { linkKeys, openPreview, parseLink, sealIntro } from '../crypto/secret/joinLink.ts';
import { signLabelled } from '../crypto/secret/sign.ts';
import { verifySigned } from '../crypto/verify.ts';
import { foldChain } from '../ledger/cards.ts';
import { replay } from '../ledger/replay.ts';
import { decodeAction } from '../protocol/action.ts';
import { requestToSign } from '../protocol/auth.ts';
import { decodeEntry } from '../protocol/entry.ts';
import { ERROR_NAMES, fail, type Outcome } from '../protocol/failure.ts';
import {
  array,
  bytes,
  type FieldType,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from '../protocol/field.ts';
import type { Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import { ENTRY_MAX } from '../protocol/item.ts';
import { CLIENT, SIZE } from '../protocol/limits.ts';
import { unpad256 } from '../protocol/padding.ts';
import { previewToSign } from '../protocol/preview.ts';
import type { LinkClaim } from '../protocol/request.ts';
import { decodePreview, encodeIntro, type Intro, type Preview } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { isPicture } from './image.ts';
import { warn } from './judge.ts';
import { signName } from './names.ts';
import { writeOffLog } from './plans.ts';
import { writesOf } from './replica.ts';

const requestField = record({
  bytes: bytes(ENTRY_MAX),
  intro: bytes(SIZE.introBytes),
  exp: uint,
  at: uint,
  state: oneOf('sending', 'waiting', 'admitted', 'rejected', 'expired', 'withdrawn'),
  note: nullable(text(4000)),
});

const joinField = record({
  joinId: text(32),
  gid: id<Gid>(),
  secret: bytes(32, true),
  /** JSON of the preview as it was signed by the inviter. */
  preview: nullable(bytes(SIZE.previewBytes)),
  previewHash: nullable(id<Hash>()),
  role: oneOf(0, 1),
  state: text(20),
  failure: nullable(oneOf(...ERROR_NAMES)),
  request: nullable(requestField),
});
export type Join = FieldType<typeof joinField>;
const JOINS_MAX = 1000;
const joinsField = array(joinField, JOINS_MAX);

const KEY = 'joins';
/** When a request is looked after again in a group the server does not know at present. */
const LOST_AGAIN_MS = 10_000;

/** The picture a link shows; whatever is none is not shown. */
function pictureOf({ image }: Preview): Bytes | null {
  const content = image === null ? null : fromBase64url(image);
  return content !== null && isPicture(content) ? content : null;
}

export interface Joins {
  readonly all: () => readonly Join[];
  readonly open: (link: string) => Promise<Outcome<JoinView>>;
  readonly view: (joinId: string) => Promise<Outcome<JoinView>>;
  readonly dismiss: (joinId: string) => Promise<void>;
  readonly request: (
    joinId: string,
    name: string,
    note: string,
  ) => Promise<Outcome<OwnRequestView>>;
  readonly withdraw: (gid: Gid) => Promise<Outcome<void>>;
  readonly views: () => readonly OwnRequestView[];
  /** Sends what could not be sent, and asks how the waiting ones stand. */
  readonly refresh: () => Promise<void>;
  /** Whether this account asked to join the group and still waits. */
  readonly waits: (gid: Gid) => boolean;
  readonly admitted: (gid: Gid) => Promise<void>;
}

export async function createJoins(ctx: Context, told: () => void): Promise<Joins> {
  const { p, records } = ctx;
  let joins: readonly Join[] = (await records.read(KEY, joinsField)) ?? [];

  const save = async (next: readonly Join[]): Promise<void> => {
    joins = next;
    await records.write([records.put(KEY, joinsField, next)]);
    told();
  };
  const put = (join: Join): Promise<void> =>
    save([...joins.filter((one) => one.joinId !== join.joinId), join].slice(-JOINS_MAX));
  const find = (joinId: string): Join | undefined => joins.find((one) => one.joinId === joinId);

  const standing = (join: Join): JoinState => {
    const replica = ctx.groups.get(join.gid);
    if (replica !== undefined && ['member', 'invited'].includes(replica.head.standing))
      return 'member';
    if (join.request !== null && ['sending', 'waiting'].includes(join.request.state))
      return 'asked';
    return join.state as JoinState;
  };

  const view = (join: Join): JoinView => {
    const preview = readPreview(join);
    return {
      joinId: join.joinId,
      gid: join.gid,
      state: standing(join),
      preview:
        preview === null
          ? null
          : {
              name: neutralise(preview.name) ?? '',
              about: preview.about,
              rules: preview.rules,
              image: pictureOf(preview),
              size: preview.size,
              inviter: neutralise(preview.inviter) ?? '',
              review: preview.review,
              history: preview.history,
              role: join.role,
            },
    };
  };

  /** Asks the server for the preview and checks everything that can be checked before anybody has an account. */
  const look = async (join: Join): Promise<Outcome<Join>> => {
    if (!(await greeted(ctx))) return fail('E_OFFLINE', 'no server');
    const keys = linkKeys(p, join.secret);
    const answer = await ctx.session.call('preview', { gid: join.gid, linkPk: keys.pk });
    if (!answer.ok) {
      if (answer.error.name === 'E_NOT_FOUND') return ok({ ...join, state: 'wrongServer' });
      if (answer.error.name === 'E_LINK') return ok({ ...join, state: 'badLink' });
      return { ok: false, error: answer.error };
    }
    const first = replay(p, null, answer.value.entry0);
    if (!first.ok || first.value.state.gid !== join.gid) return ok({ ...join, state: 'badLink' });
    const opened = openPreview(p, join.gid, keys, answer.value.preview);
    if (!opened.ok) return ok({ ...join, state: 'badLink' });
    if (!previewSigned(ctx, join.gid, keys.pk, opened.value.opened))
      return ok({ ...join, state: 'badLink' });
    const json = unpad256(opened.value.opened.padded);
    return ok({
      ...join,
      preview: json,
      previewHash: previewHash(p, answer.value.preview),
      role: answer.value.state.role,
      state: claimState(answer.value.state, answer.value.time),
      failure: null,
    });
  };

  const send = async (join: Join): Promise<Outcome<Join>> => {
    const { request } = join;
    if (request === null) return ok(join);
    const answer = await ctx.session.call('offer', { entry: request.bytes, intro: request.intro });
    if (!answer.ok) return { ok: false, error: answer.error };
    const next = { ...join, request: { ...request, state: 'waiting' as const } };
    await put(next);
    return ok(next);
  };

  const refreshOne = async (join: Join): Promise<void> => {
    const { request } = join;
    if (request === null || !['sending', 'waiting'].includes(request.state)) return;
    if (ctx.clock.now() + ctx.session.clockOffset() > request.exp) {
      await put({ ...join, request: { ...request, state: 'expired' } });
      return;
    }
    if (request.state === 'sending') {
      await send(join);
      return;
    }
    const answer = await ctx.session.call('ownRequest', { gid: join.gid });
    // The server lost the request, or the whole group: the same bytes are offered again.
    if (!answer.ok && answer.error.name === 'E_NOT_FOUND')
      ctx.clock.after(LOST_AGAIN_MS, () => ctx.tend(refreshLost(join.joinId)));
    if (answer.ok && answer.value.state === 'none') await send(join);
    if (!answer.ok || answer.value.request !== entryHash(p, request.bytes)) return;
    const { state, rejection } = answer.value;
    if (state === 'rejected')
      await put({
        ...join,
        request: {
          ...request,
          state,
          note: rejection === null ? null : rejectionNote(ctx, rejection, request.bytes),
        },
      });
    if (state === 'expired') await put({ ...join, request: { ...request, state } });
  };

  const refreshLost = async (joinId: string): Promise<void> => {
    const join = find(joinId);
    if (join !== undefined && ctx.session.state().kind === 'online') await refreshOne(join);
  };

  return {
    all: () => joins,
    async open(link) {
      const parsed = parseLink(p, link);
      if (!parsed.ok) return parsed;
      const held = joins.find(
        (one) => one.gid === parsed.value.gid && toHex(one.secret) === toHex(parsed.value.secret),
      );
      const fresh: Join = held ?? {
        joinId: toHex(p.random(8)),
        gid: parsed.value.gid,
        secret: parsed.value.secret,
        preview: null,
        previewHash: null,
        role: 1,
        state: 'open',
        failure: null,
        request: null,
      };
      await put(fresh);
      const looked = await look(fresh);
      if (!looked.ok) return looked;
      await put(looked.value);
      return ok(view(looked.value));
    },
    async view(joinId) {
      const join = find(joinId);
      if (join === undefined) return fail('E_NOT_FOUND', 'no such link here');
      const looked = await look(join);
      if (!looked.ok) return join.preview === null ? looked : ok(view(join));
      const now = { ...looked.value, request: find(joinId)?.request ?? null };
      await put(now);
      return ok(view(now));
    },
    async dismiss(joinId) {
      await save(joins.filter((one) => one.joinId !== joinId));
    },
    async request(joinId, name, note) {
      const join = find(joinId);
      if (join === undefined) return fail('E_NOT_FOUND', 'no such link here');
      if (standing(join) === 'asked') return ok(ownView(ctx, join));
      const looked = await look(join);
      if (!looked.ok) return looked;
      if (looked.value.state !== 'open')
        return fail('E_LINK', 'the link does not admit anybody now');
      const made = makeRequest(ctx, looked.value, name, note);
      if (!made.ok) return made;
      await put(made.value);
      const sent = await send(made.value);
      if (sent.ok) return ok(ownView(ctx, sent.value));
      if (sent.error.name === 'E_OFFLINE' || sent.error.name === 'E_TIMEOUT')
        return ok(ownView(ctx, made.value));
      await put({
        ...looked.value,
        request: null,
        state: sent.error.name === 'E_BANNED' ? 'banned' : looked.value.state,
      });
      return sent;
    },
    async withdraw(gid) {
      const join = joins.find((one) => one.gid === gid && one.request?.state === 'waiting');
      if (join?.request === undefined || join.request === null)
        return fail('E_REQ', 'nothing waits');
      const made = decodeEntry(join.request.bytes);
      const action = {
        kind: 'WithdrawRequest',
        request: entryHash(p, join.request.bytes),
      } as const;
      const entry = writeOffLog(ctx, gid, action, made.ok ? made.value.card : null);
      const answer = await ctx.session.call('offer', { entry, intro: null });
      if (!answer.ok) return { ok: false, error: answer.error };
      await put({ ...join, request: { ...join.request, state: 'withdrawn' } });
      return ok(undefined);
    },
    views: () => joins.filter((join) => join.request !== null).map((join) => ownView(ctx, join)),
    async refresh() {
      for (const join of joins) await refreshOne(join);
    },
    waits: (gid) =>
      joins.some(
        (join) =>
          join.gid === gid &&
          join.request !== null &&
          ['sending', 'waiting'].includes(join.request.state),
      ),
    async admitted(gid) {
      const join = joins.find(
        (one) =>
          one.gid === gid &&
          one.request !== null &&
          ['sending', 'waiting', 'rejected'].includes(one.request.state),
      );
      if (join?.request === undefined || join.request === null) return;
      await put({ ...join, request: { ...join.request, state: 'admitted' } });
      await comparePreview(ctx, join);
    },
  };
}

/** Once inside, the log says which previews its makers really signed for this link. */
async function comparePreview(ctx: Context, join: Join): Promise<void> {
  const replica = ctx.groups.get(join.gid);
  const { pk } = linkKeys(ctx.p, join.secret);
  const maker = replica?.state.links.get(pk)?.maker;
  if (replica === undefined || maker === undefined || join.previewHash === null) return;
  const named = replica.acts.some(
    ({ action }) =>
      action.kind === 'LinkOps' &&
      action.links.create.some(
        (terms) => terms.pk === pk && terms.previewHash === join.previewHash,
      ),
  );
  if (named) return;
  await replica.serial(async () => {
    replica.head = warn(replica.head, 'preview', maker);
    await ctx.records.write(writesOf(ctx.records, replica, {}));
    ctx.changed(replica, { group: true });
  });
}

function greeted(ctx: Context): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = ctx.clock.after(CLIENT.callTimeoutMs, () => resolve(false));
    void ctx.session.until('greeted').then((there) => {
      stop();
      resolve(there);
    });
  });
}

function readPreview(join: Join): Preview | null {
  const preview = join.preview === null ? null : decodePreview(join.preview);
  return preview?.ok === true ? preview.value : null;
}

/** The preview is signed by a device of the chain it carries; that the inviter is staff shows only after admission. */
function previewSigned(
  ctx: Context,
  gid: Gid,
  linkPk: LinkPk,
  opened: {
    readonly signature: Bytes;
    readonly chain: Parameters<typeof foldChain>[1];
    readonly padded: Bytes;
  },
): boolean {
  const first = opened.chain[0];
  if (first === undefined) return false;
  const pid = pidOfChain(ctx, opened.chain);
  const card = pid === null ? null : foldChain(ctx.p, opened.chain, pid);
  if (card === null || !card.ok) return false;
  const data = previewToSign(gid, linkPk, opened.padded);
  return card.value.devices.some((device) =>
    verifySigned(ctx.p, SIGN.preview, device.signPk, data, opened.signature),
  );
}

function pidOfChain(ctx: Context, chain: Parameters<typeof foldChain>[1]): Pid | null {
  const first = chain[0];
  return first === undefined ? null : pidOf(ctx.p, first.signed);
}

function claimState(claim: LinkClaim, time: number): JoinState {
  if (claim.closed) return 'closed';
  if (claim.revoked) return 'revoked';
  if (claim.maxUses !== 0 && claim.uses >= claim.maxUses) return 'usedUp';
  if (claim.expires !== 0 && time > claim.expires) return 'expired';
  if (claim.full) return 'full';
  return claim.paused ? 'paused' : 'open';
}

/** The intro with as much of the note as fits; scripts with long characters fill it sooner. */
function fitIntro(rest: Omit<Intro, 'note'>, note: string): Outcome<Bytes> {
  let letters = [...note.trim().toWellFormed()].slice(0, 500);
  for (;;) {
    const json = encodeIntro({ ...rest, note: letters.join('') });
    if (json.ok || json.error.name !== 'E_LIMIT' || letters.length === 0) return json;
    letters = letters.slice(0, Math.floor(letters.length * 0.9));
  }
}

/** Signs a request with the device key and the link key; the note goes to the staff only. */
function makeRequest(ctx: Context, join: Join, name: string, note: string): Outcome<Join> {
  const { p } = ctx;
  const preview = readPreview(join);
  const intakePk = preview === null ? null : fromBase64url(preview.intake_pk);
  if (intakePk === null || !p.usableBoxKey(intakePk))
    return fail('E_LINK', 'preview without an intake key');
  const identity = ctx.identity();
  const now = Math.round(ctx.clock.now() + ctx.session.clockOffset());
  const named = toBase64url(signName(ctx, join.gid, name, Math.floor(now / 1000)));
  const json = fitIntro({ gid: join.gid, pid: identity.pid, name: named, answers: [] }, note);
  if (!json.ok) return json;
  const intro = sealIntro(p, intakePk, json.value);
  const keys = linkKeys(p, join.secret);
  const exp = now + CLIENT.requestLifeMs;
  const hash = introHash(p, intro);
  const bound = requestToSign(join.gid, keys.pk, identity.pid, identity.cardHash, exp, hash);
  const entry = writeOffLog(ctx, join.gid, {
    kind: 'RequestToJoin',
    linkPk: keys.pk,
    exp,
    chain: [],
    chainBytes: identity.chain,
    introHash: hash,
    linkSig: signLabelled(p, SIGN.link, keys.signing.secretKey, bound),
  });
  return ok({
    ...join,
    request: { bytes: entry, intro, exp, at: now, state: 'sending', note: null },
  });
}

function ownView(ctx: Context, join: Join): OwnRequestView {
  const preview = readPreview(join);
  const { request } = join;
  if (request === null) throw new Error('broken promise: a request view has a request');
  return {
    gid: join.gid,
    joinId: join.joinId,
    name: preview === null ? '' : (neutralise(preview.name) ?? ''),
    code: requestCode(ctx.p, request.bytes),
    askedAt: request.at,
    expires: request.exp,
    state: request.state,
    note: request.note,
  };
}

/** The note a rejection carries for the applicant. Who wrote it cannot be proven to somebody outside the group. */
function rejectionNote(ctx: Context, rejection: Bytes, request: Bytes): string | null {
  const entry = decodeEntry(rejection);
  const action = entry.ok ? decodeAction(entry.value.kind, entry.value.body) : null;
  if (
    action === null ||
    !action.ok ||
    action.value.kind !== 'RejectRequest' ||
    action.value.note === null
  )
    return null;
  if (action.value.request !== entryHash(ctx.p, request)) return null;
  const padded = ctx.p.openSealed(action.value.note, ctx.identity().sealing);
  const plain = padded === null ? null : unpad256(padded);
  return plain === null ? null : fromUtf8(plain);
}
