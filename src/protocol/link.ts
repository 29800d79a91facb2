/** Join links in the log, and the link as text: j1.<gid>.<secret>.<check>. */
import { type Bytes, concat, fromBase64url, toBase64url, toHex } from '../lib/bytes.ts';
import { id, malformed, type Reader, sorted, u16, u64, u8 } from './codec.ts';
import { type Gid, type Hash, idBytes, idOf, type LinkPk } from './ids.ts';
import { REPLAY } from './limits.ts';
import type { Role } from './role.ts';

export interface LinkTerms {
  readonly pk: LinkPk;
  /** ms since 1970; 0 = never. */
  readonly expires: number;
  /** 0 = no cap. */
  readonly maxUses: number;
  /** Role on entry: observer or member. */
  readonly role: Extract<Role, 0 | 1>;
  /** Admit without review. */
  readonly auto: boolean;
  /** The server takes no new request. */
  readonly paused: boolean;
  readonly previewHash: Hash;
}

export interface LinkOps {
  readonly create: readonly LinkTerms[];
  readonly revoke: readonly LinkPk[];
  readonly staffHash: Hash;
  readonly staffCommit: Hash;
}

const AUTO = 1;
const PAUSED = 2;

export function encodeLinkOps(ops: LinkOps): Bytes {
  return concat(
    sorted(
      ops.create,
      (link) => link.pk,
      (link) =>
        concat(
          id(link.pk),
          u64(link.expires),
          u16(link.maxUses),
          u8(link.role),
          u8((link.auto ? AUTO : 0) | (link.paused ? PAUSED : 0)),
          id(link.previewHash),
        ),
    ),
    sorted(ops.revoke, (pk) => pk, id),
    id(ops.staffHash),
    id(ops.staffCommit),
  );
}

export function readLinkOps(r: Reader): LinkOps {
  const create = r.sorted(
    REPLAY.opsPerList,
    () => {
      const pk = r.id<LinkPk>();
      const expires = r.u64();
      const maxUses = r.u16();
      const role = r.u8();
      if (role !== 0 && role !== 1) malformed('role of a link');
      const flags = r.u8();
      if ((flags & ~(AUTO | PAUSED)) !== 0) malformed('link flags');
      const previewHash = r.id<Hash>();
      return {
        pk,
        expires,
        maxUses,
        role,
        auto: (flags & AUTO) !== 0,
        paused: (flags & PAUSED) !== 0,
        previewHash,
      };
    },
    (link) => link.pk,
  ) as LinkTerms[];
  const revoke = r.sorted(
    REPLAY.opsPerList,
    () => r.id<LinkPk>(),
    (pk) => pk,
  );
  return { create, revoke, staffHash: r.id<Hash>(), staffCommit: r.id<Hash>() };
}

export interface LinkText {
  readonly gid: Gid;
  readonly secret: Bytes;
  readonly check: Bytes;
}

export function encodeLinkText(link: LinkText): string {
  return `j1.${toBase64url(idBytes(link.gid))}.${toBase64url(link.secret)}.${toBase64url(link.check)}`;
}

/** Takes a whole address or the bare link text; null where it is not of the form. The check is compared by the caller. */
export function decodeLinkText(text: string): LinkText | null {
  const trimmed = text.trim();
  const bare = trimmed.slice(trimmed.lastIndexOf('#') + 1);
  const [tag, gidText = '', secretText = '', checkText = '', ...rest] = bare.split('.');
  if (tag !== 'j1' || rest.length > 0) return null;
  const gid = fromBase64url(gidText);
  const secret = fromBase64url(secretText);
  const check = fromBase64url(checkText);
  if (gid?.length !== 32 || secret?.length !== 32 || check?.length !== 3) return null;
  return { gid: idOf<Gid>(gid), secret, check };
}

/** A key for maps over link keys held as bytes. */
export function linkPkOf(bytes: Uint8Array): LinkPk {
  return toHex(bytes) as LinkPk;
}
