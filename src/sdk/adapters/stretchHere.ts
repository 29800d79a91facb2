/** Argon2id in this process: for Node, where no page shares the memory. The large build is loaded when it is first needed. */
import type { Stretch } from '../../engine/ports.ts';
import { ok } from '../../lib/result.ts';
import { fail } from '../../protocol/failure.ts';

export const stretchHere: Stretch = async (passphrase, salt) => {
  try {
    const { argon2id } = await import('../../crypto/argon.ts');
    return ok(await argon2id(passphrase, salt));
  } catch {
    return fail('E_LIMIT', 'not enough memory for a passphrase');
  } finally {
    passphrase.fill(0);
  }
};
