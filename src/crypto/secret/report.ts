/** Reports: a member's word to the staff of one generation, sealed under a key of its own. */
import type { Bytes } from '../../lib/bytes.ts';
import { concat } from '../../lib/bytes.ts';
import { type Gid, idBytes, type Pid } from '../../protocol/ids.ts';
import { pad256, unpad256 } from '../../protocol/padding.ts';
import { H } from '../hash.ts';
import { HASH } from '../label.ts';
import type { KeyPair, Primitives } from '../primitives.ts';

export interface SealedReport {
  /** nonce24 | ciphertext. */
  readonly sealed: Bytes;
  /** The report's key, sealed to each of the staff in roster order, 80 bytes each. */
  readonly keys: readonly Bytes[];
}

function bound(p: Primitives, gid: Gid, author: Pid): Bytes {
  return H(p, HASH.aadReport, idBytes(gid), idBytes(author));
}

/** `json` is at most 16 KiB; `sealPks` are those of the staff in roster order. */
export function sealReport(
  p: Primitives,
  gid: Gid,
  author: Pid,
  json: Bytes,
  sealPks: readonly Bytes[],
): SealedReport {
  const key = p.random(32);
  const nonce = p.random(24);
  const sealed = concat(nonce, p.encrypt(key, nonce, pad256(json), bound(p, gid, author)));
  const keys = sealPks.map((pk) => p.sealTo(key, pk));
  p.wipe(key);
  return { sealed, keys };
}

/** The report, with the own place among the staff; null where it does not open. */
export function openReport(
  p: Primitives,
  gid: Gid,
  author: Pid,
  report: SealedReport,
  place: number,
  sealing: KeyPair,
): Bytes | null {
  const key = p.openSealed(report.keys[place] ?? new Uint8Array(), sealing);
  if (key?.length !== 32) return null;
  const { sealed } = report;
  const nonce = sealed.subarray(0, 24);
  if (nonce.length !== 24) return null;
  const padded = p.decrypt(key, nonce, sealed.subarray(24), bound(p, gid, author));
  return padded === null ? null : unpad256(padded);
}
