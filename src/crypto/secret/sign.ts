/** Signing under a label. */
import type { Bytes } from '../../lib/bytes.ts';
import type { SignLabel } from '../label.ts';
import type { Primitives } from '../primitives.ts';
import { labelled } from '../verify.ts';

export function signLabelled(
  p: Primitives,
  label: SignLabel,
  secretKey: Uint8Array,
  data: Uint8Array,
): Bytes {
  return p.sign(secretKey, labelled(label, data));
}
