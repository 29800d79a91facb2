/** What follows from a link secret: the link key pair, the preview key; and the sealed preview and intro. */
import { type Bytes, concat, equal } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import { type Gid, idBytes, type LinkPk } from '../../protocol/ids.ts';
import { decodeLinkText, encodeLinkText, linkPkOf } from '../../protocol/link.ts';
import { pad256, unpad256 } from '../../protocol/padding.ts';
import {
  decodeOpenedPreview,
  decodeSealedPreview,
  encodeOpenedPreview,
  type OpenedPreview,
  previewToSign,
} from '../../protocol/preview.ts';
import { decodePreview, type Preview } from '../../protocol/text.ts';
import { H, K, linkId } from '../hash.ts';
import { DERIVE, HASH, SIGN } from '../label.ts';
import type { KeyPair, Primitives } from '../primitives.ts';
import type { Identity } from './identity.ts';
import { signLabelled } from './sign.ts';

export interface LinkKeys {
  readonly pk: LinkPk;
  readonly signing: KeyPair;
  readonly preview: Bytes;
}

export function linkKeys(p: Primitives, secret: Uint8Array): LinkKeys {
  const signing = p.signKeys(K(p, secret, DERIVE.linkSign));
  return { pk: linkPkOf(signing.publicKey), signing, preview: K(p, secret, DERIVE.preview) };
}

function linkCheck(p: Primitives, gid: Gid, secret: Uint8Array): Bytes {
  return H(p, HASH.linkCheck, idBytes(gid), secret).slice(0, 3);
}

/** The link as text, for the fragment of an address. */
export function printLink(p: Primitives, gid: Gid, secret: Bytes): string {
  return encodeLinkText({ gid, secret, check: linkCheck(p, gid, secret) });
}

/** Reads a link; a wrong character is noticed here, before anything is sent. */
export function parseLink(p: Primitives, text: string): Outcome<{ gid: Gid; secret: Bytes }> {
  const link = decodeLinkText(text);
  if (link === null || !equal(link.check, linkCheck(p, link.gid, link.secret)))
    return fail('E_LINK', 'not a join link');
  return ok({ gid: link.gid, secret: link.secret });
}

export function sealPreview(
  p: Primitives,
  identity: Identity,
  gid: Gid,
  keys: LinkKeys,
  json: Bytes,
): Bytes {
  const padded = pad256(json);
  const signature = signLabelled(
    p,
    SIGN.preview,
    identity.device.secretKey,
    previewToSign(gid, keys.pk, padded),
  );
  const nonce = p.random(24);
  const plain = encodeOpenedPreview(signature, identity.chain, padded);
  return concat(nonce, p.encrypt(keys.preview, nonce, plain, linkId(p, gid, keys.pk)));
}

/** Opens a preview; the inviter's chain and signature are checked by the caller. */
export function openPreview(
  p: Primitives,
  gid: Gid,
  keys: LinkKeys,
  bytes: Bytes,
): Outcome<{ preview: Preview; opened: OpenedPreview }> {
  const sealed = decodeSealedPreview(bytes);
  if (!sealed.ok) return sealed;
  const plain = p.decrypt(
    keys.preview,
    sealed.value.nonce,
    sealed.value.sealed,
    linkId(p, gid, keys.pk),
  );
  if (plain === null) return fail('E_AEAD', 'preview');
  const opened = decodeOpenedPreview(plain);
  if (!opened.ok) return opened;
  const json = unpad256(opened.value.padded);
  if (json === null) return fail('E_FORMAT', 'padding');
  const preview = decodePreview(json);
  return preview.ok ? ok({ preview: preview.value, opened: opened.value }) : preview;
}

/** Seals what an applicant tells the staff. */
export function sealIntro(p: Primitives, intakePk: Uint8Array, json: Bytes): Bytes {
  return p.sealTo(pad256(json), intakePk);
}

export function openIntro(p: Primitives, intake: KeyPair, sealed: Uint8Array): Bytes | null {
  const padded = p.openSealed(sealed, intake);
  return padded === null ? null : unpad256(padded);
}
