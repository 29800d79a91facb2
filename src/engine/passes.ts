/** Device passes: how a further device enters with a code that the first one shows. */
import { ok } from '../lib/result.ts';
import type { DeviceOfferView } from '../client/view.ts';
import { openPass, passSecret, printPass, readPassCode, sealPass } from '../crypto/secret/pass.ts';
import { drawRecoveryCode, openVault, vaultHash } from '../crypto/secret/vault.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { decodeVault, type Vault, type VaultContent } from '../protocol/vault.ts';
import type { Account, Stored } from './account.ts';
import type { Context } from './context.ts';
import type { VaultStore } from './vaultStore.ts';

export type VaultKnown = Pick<Stored, 'recovery' | 'vaultKey' | 'vaultN' | 'vaultHash' | 'locator'>;

export interface PassesOutside {
  readonly account: () => Account;
  readonly vault: VaultStore;
  readonly withNewDevice: (
    vault: Vault,
    content: VaultContent,
    known: VaultKnown,
  ) => Outcome<Stored>;
}

export interface Passes {
  readonly offer: () => Promise<Outcome<DeviceOfferView>>;
  readonly withdraw: () => Promise<Outcome<void>>;
  readonly enter: (typed: string) => Promise<Outcome<Stored>>;
}

/** A code that leads nowhere, was used, or is over: all look the same to who types it. */
const WRONG: ReadonlySet<string> = new Set(['E_NOT_FOUND', 'E_AEAD', 'E_FORMAT']);

export function createPasses(ctx: Context, outside: PassesOutside): Passes {
  const { p, session } = ctx;

  const offer = async (): Promise<Outcome<DeviceOfferView>> => {
    // The pass names the vault, so there is one from now on; without a code only devices of this account open it.
    const saved = await outside.vault.put({});
    if (!saved.ok) return saved;
    const { stored } = outside.account();
    const { locator, vaultKey } = stored;
    if (locator === null || vaultKey === null) return fail('E_NOT_FOUND', 'no vault');
    const code = drawRecoveryCode(p);
    const secret = passSecret(p, code);
    const pass = sealPass(p, secret, {
      pid: stored.pid,
      locator,
      vaultKey,
      vaultN: stored.vaultN,
      vaultHash: stored.vaultHash,
      // A code that was not typed back yet is known to the first device only.
      recovery: stored.recovery === 'proved' ? 'proved' : 'none',
    });
    const answer = await session.call('putPass', { locator: secret.locator, pass });
    if (!answer.ok) return { ok: false, error: answer.error };
    const exp = Math.round(answer.value.exp - session.clockOffset());
    return ok({ code, link: `${ctx.origin}/device#${printPass(code)}`, exp });
  };

  const enter = async (typed: string): Promise<Outcome<Stored>> => {
    const code = readPassCode(typed);
    if (code === null) return fail('E_FORMAT', 'cannot be a device code');
    const secret = passSecret(p, code);
    const answer = await session.call('takePass', { locator: secret.locator });
    if (!answer.ok)
      return WRONG.has(answer.error.name)
        ? fail('E_AUTH', 'the code opens nothing here')
        : { ok: false, error: answer.error };
    const content = openPass(p, secret, answer.value.pass);
    if (!content.ok) return fail('E_AUTH', 'the code opens nothing here');
    const { pid, locator, vaultKey, vaultN, recovery } = content.value;
    const found = await session.call('getVault', { locator });
    if (!found.ok) return { ok: false, error: found.error };
    const vault = decodeVault(found.value.vault);
    if (!vault.ok) return vault;
    const hash = vaultHash(p, found.value.vault);
    const older = vault.value.n < vaultN;
    const other = vault.value.n === vaultN && hash !== content.value.vaultHash;
    if (vault.value.pid !== pid || older || other)
      return fail('E_FORK', 'another vault than the first device knows');
    const opened = openVault(p, vault.value, vaultKey);
    if (!opened.ok) return opened;
    const known = { recovery, vaultKey, vaultN: vault.value.n, vaultHash: hash, locator };
    return outside.withNewDevice(vault.value, opened.value, known);
  };

  return {
    offer,
    async withdraw() {
      const answer = await session.call('dropPass', {});
      return answer.ok ? ok(undefined) : { ok: false, error: answer.error };
    },
    enter,
  };
}
