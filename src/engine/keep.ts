/** Keeping an account: the vault and its recovery code, taking the account back, and ending other devices. */
import { type Bytes, concat } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import type { ReturnSecret } from '../client/secret.ts';
import type { DeviceOfferView, DeviceView, RecoveryView } from '../client/view.ts';
import { devOf } from '../crypto/hash.ts';
import { nextCard } from '../crypto/secret/identity.ts';
import {
  drawRecoveryCode,
  makeSlot,
  openSlot,
  openVault,
  readRecoveryCode,
  recoverySecret,
  type SlotSecret,
  vaultHash,
} from '../crypto/secret/vault.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Dev, Hash, Pid } from '../protocol/ids.ts';
import { REPLAY } from '../protocol/limits.ts';
import { decodeVault, type Vault, type VaultContent, type VaultSlot } from '../protocol/vault.ts';
import {
  type Account,
  type ChangeAccount,
  keepAccount,
  ownCard,
  type Stored,
  withMarks,
} from './account.ts';
import type { Context } from './context.ts';
import type { StoreWrite } from './ports.ts';
import { createPasses } from './passes.ts';
import type { Stretch } from './ports.ts';
import { createVaultStore } from './vaultStore.ts';
import { createWays, isProvedCode, locatorOf, returnSecret, type Ways } from './ways.ts';

export interface Keeping {
  readonly recovery: () => RecoveryView;
  readonly showCode: () => Promise<Outcome<string>>;
  readonly prove: (groups: readonly (readonly [number, string])[]) => Promise<Outcome<void>>;
  readonly restore: (code: string) => Promise<Outcome<Stored>>;
  readonly restoreBy: (secret: ReturnSecret) => Promise<Outcome<Stored>>;
  readonly ways: Pick<Ways, 'list' | 'add' | 'remove'>;
  readonly devices: () => readonly DeviceView[];
  readonly signOut: (dev: Dev) => Promise<Outcome<void>>;
  /** Keeps the account with this installation under a new device key, and `along` in the same write; the old one stands in no further card. */
  readonly newDevice: (along: () => readonly StoreWrite[]) => Promise<Outcome<void>>;
  /** The server has so many of the own cards. */
  readonly published: (count: number) => Promise<void>;
  /** A new sealing key for the same devices, where boxes for the present one do not open. */
  readonly renewSealing: () => Promise<Outcome<void>>;
  /** Marks somebody as compared, here and for the other devices. */
  readonly setVerified: (pid: Pid, on: boolean) => Promise<Outcome<void>>;
  /** Brings the vault up to what this device knows; nothing is done where there is no vault. */
  readonly save: () => Promise<Outcome<void>>;
  /** Another device changed the account: takes its cards and keys over. */
  readonly catchUp: () => Promise<Outcome<void>>;
  /** A code with which a further device enters; whoever has it within its short life has the account. */
  readonly offer: () => Promise<Outcome<DeviceOfferView>>;
  readonly withdrawOffer: () => Promise<Outcome<void>>;
  readonly enter: (typed: string) => Promise<Outcome<Stored>>;
}

/** What keeping reads and changes of the engine. */
export interface KeepingOutside {
  readonly account: () => Account | null;
  readonly replace: (account: Account) => void;
  /** Publishes cards the server does not have, and logs in anew. */
  readonly publish: () => Promise<Outcome<void>>;
  readonly dropped: () => boolean;
  readonly deviceName: () => string;
  readonly stretch: Stretch;
  readonly told: () => void;
}

/** Groups of the code as people see them: five signs each, the last has six. */
export function codeGroup(code: string, place: number): string {
  return place === 4 ? code.slice(20) : code.slice(5 * place, 5 * place + 5);
}

/** As many as a vault holds. */
const VERIFIED_MAX = 10_000;

/** A code that leads nowhere and one that opens nothing look the same to who types it. */
const WRONG: ReadonlySet<string> = new Set(['E_NOT_FOUND', 'E_AUTH']);

export function createKeeping(ctx: Context, outside: KeepingOutside): Keeping {
  const { p, records, session, clock } = ctx;

  const need = (): Account => {
    const account = outside.account();
    if (account === null) throw new Error('broken promise: an account exists');
    return account;
  };

  const oneByOne = createSerial();
  /** Changes build on each other: each sees what the one before it stored, however many are under way. */
  const keep: ChangeAccount = (change, along = () => []) =>
    oneByOne(async () => {
      const account = need();
      const next = { ...account.stored, ...change(account) };
      outside.replace(await keepAccount(p, records, next, along()));
      outside.told();
    });

  const vault = createVaultStore(ctx, { account: need, keep, dropped: outside.dropped });
  const ways = createWays(ctx, {
    account: need,
    vault,
    stretch: outside.stretch,
    removedCode: () => keep(() => ({ recovery: 'none', code: null })),
  });
  const pass = createPasses(ctx, {
    account: need,
    vault,
    withNewDevice: (...all) => withNewDevice(...all),
  });

  const showCode = async (): Promise<Outcome<string>> => {
    const { stored, identity } = need();
    if (stored.recovery === 'unproved' && stored.code !== null) return ok(stored.code);
    const code = drawRecoveryCode(p);
    const opened = await vault.key();
    if (!opened.ok) return opened;
    const vaultKey = opened.value;
    const slot = makeSlot(p, identity.pid, recoverySecret(p, code), vaultKey, {
      kind: 'recoveryCode',
      made: Math.round(clock.now()),
      proved: false,
    });
    // Every way that was proved goes on working until the new one was typed back: no moment without a way in.
    const done = await vault.put({
      key: vaultKey,
      slots: (held) => ok([...held.filter(ways.isProved), slot]),
    });
    if (!done.ok) return done;
    await keep(() => ({ recovery: 'unproved', code, vaultKey }));
    return ok(code);
  };

  const prove = async (groups: readonly (readonly [number, string])[]): Promise<Outcome<void>> => {
    const { stored, identity } = need();
    const { code } = stored;
    if (code === null) return fail('E_NOT_FOUND', 'no code was shown');
    const right =
      groups.length >= 2 &&
      groups.every(([place, typed]) => tidy(typed) === codeGroup(code, place));
    if (!right) return fail('E_AUTH', 'a group is wrong');
    const secret = recoverySecret(p, code);
    const made = Math.round(clock.now());
    const slotFor = (key: Bytes): VaultSlot =>
      makeSlot(p, identity.pid, secret, key, { kind: 'recoveryCode', made, proved: true });
    const opened = await vault.key();
    if (!opened.ok) return opened;
    const listed = await ways.held();
    if (!listed.ok) return listed;
    const others = listed.value.filter(ways.isProved);
    // Beside a passphrase or a passkey the first code is one more way. Where it takes the place of a code, or stands alone, the
    // key is fresh: what anything earlier opened is worth nothing from now on.
    const joins = others.length > 0 && others.every((slot) => slot.kind !== 'recoveryCode');
    const vaultKey = joins ? opened.value : p.random(32);
    const done = await vault.put(
      joins
        ? { key: vaultKey, slots: (held) => ok([...held.filter(ways.isProved), slotFor(vaultKey)]) }
        : { key: vaultKey, fresh: true, slots: () => ok([slotFor(vaultKey)]) },
    );
    if (!done.ok) return done;
    await keep(() => ({ recovery: 'proved', code: null, vaultKey }));
    return ok(undefined);
  };

  const restore = async (typed: string): Promise<Outcome<Stored>> => {
    const code = readRecoveryCode(typed);
    if (code === null) return fail('E_FORMAT', 'cannot be a recovery code');
    const secret = recoverySecret(p, code);
    return fromVault(secret.locator, () => Promise.resolve(ok(secret)));
  };

  const restoreBy = async (secret: ReturnSecret): Promise<Outcome<Stored>> => {
    const locator = locatorOf(secret);
    return locator === null
      ? fail('E_FORMAT', 'cannot be an address')
      : fromVault(locator, (held) => returnSecret(p, outside.stretch, held, locator, secret));
  };

  /** The account whose vault lies there, where the secret opens it. */
  const fromVault = async (
    locator: Hash,
    secretFor: (vault: Vault) => Promise<Outcome<SlotSecret>>,
  ): Promise<Outcome<Stored>> => {
    const answer = await session.call('getVault', { locator });
    if (!answer.ok)
      return WRONG.has(answer.error.name)
        ? fail('E_AUTH', 'nothing is opened by it here')
        : { ok: false, error: answer.error };
    const held = decodeVault(answer.value.vault);
    if (!held.ok) return held;
    const secret = await secretFor(held.value);
    if (!secret.ok) return secret;
    const vaultKey = openSlot(p, held.value, secret.value);
    if (!vaultKey.ok) return vaultKey;
    const content = openVault(p, held.value, vaultKey.value);
    if (!content.ok) return content;
    const byCode = held.value.slots.some(
      (slot) => slot.locator === locator && slot.kind === 'recoveryCode',
    );
    return withNewDevice(held.value, content.value, {
      recovery: byCode || held.value.slots.some(isProvedCode) ? 'proved' : 'none',
      vaultKey: vaultKey.value,
      vaultN: held.value.n,
      vaultHash: vaultHash(p, answer.value.vault),
      locator,
    });
  };

  /** The account of the vault with this installation as a further device. Nothing of the old devices is copied but the shared keys. */
  const withNewDevice = (
    { pid }: Vault,
    content: VaultContent,
    known: Pick<Stored, 'recovery' | 'vaultKey' | 'vaultN' | 'vaultHash' | 'locator'>,
  ): Outcome<Stored> => {
    const before = ownCard(p, content.chain, pid);
    if (before.devices.length >= REPLAY.devicesPerCard)
      return fail('E_LIMIT', 'devices of an account');
    const device = p.random(32);
    const signPk = p.signKeys(device).publicKey;
    const dev = devOf(p, signPk);
    const time = Math.round(clock.now());
    const devices = [...before.devices, { dev, signPk }];
    const card = nextCard(p, content.root, before, { devices, sealPk: before.sealPk }, time);
    return ok({
      pid,
      root: content.root,
      device,
      sealing: content.sealing,
      chain: concat(content.chain, card),
      published: before.n + 1,
      name: content.name,
      devices: [...content.devices, { dev, name: outside.deviceName(), since: time }],
      code: null,
      verified: content.verified,
      verifying: [],
      lastSeen: content.groups.map(({ gid, seq, head }) => ({ gid, seq, head })),
      ...known,
    });
  };

  const signOut = async (dev: Dev): Promise<Outcome<void>> => {
    const { identity, card } = need();
    if (dev === identity.dev) return fail('E_ROLE', 'this is the own device');
    if (!card.devices.some((one) => one.dev === dev)) return fail('E_DEVICE', 'no such device');
    return renewSealing(dev);
  };

  /** A card with a new sealing key, and without that device: kept, told to the other devices through the vault, published. */
  const renewSealing = async (without: Dev | null): Promise<Outcome<void>> => {
    const seed = p.random(32);
    const sealPk = p.boxKeys(seed).publicKey;
    // Kept before anything leaves: the new sealing key must never be known only to the server's directory.
    await keep(({ stored, card }) => {
      const change = { devices: card.devices.filter((one) => one.dev !== without), sealPk };
      const next = nextCard(p, stored.root, card, change, Math.round(clock.now()));
      return { chain: concat(stored.chain, next), sealing: [...stored.sealing, seed] };
    });
    if (need().stored.vaultKey !== null) {
      const saved = await vault.put({});
      if (!saved.ok) return saved;
    }
    return outside.publish();
  };

  const setVerified = async (pid: Pid, on: boolean): Promise<Outcome<void>> => {
    const { stored, identity } = need();
    if (pid === identity.pid) return fail('E_ROLE', 'this is the own account');
    if (stored.verified.includes(pid) === on) return ok(undefined);
    if (on && stored.verified.length >= VERIFIED_MAX) return fail('E_LIMIT', 'people compared');
    const mark = { pid, on };
    await keep(({ stored: now }) => ({
      verified: withMarks(now.verified, [mark]),
      verifying: [...now.verifying.filter((one) => one.pid !== pid), mark],
    }));
    // Without a connection it stands here, and goes into the vault with the next version.
    if (stored.vaultKey !== null) await vault.put({});
    return ok(undefined);
  };

  const devices = (): DeviceView[] => {
    const account = outside.account();
    if (account === null) return [];
    const { card, identity, stored } = account;
    const label = (dev: Dev): { name: string; since: number } =>
      stored.devices.find((one) => one.dev === dev) ?? { name: '', since: card.time };
    const present = card.devices.map((one): DeviceView => ({
      dev: one.dev,
      ...pick(label(one.dev)),
      me: one.dev === identity.dev,
      unconfirmed: 0,
      signedOut: false,
    }));
    const gone = [...card.pastDevices].map((dev): DeviceView => ({
      dev,
      ...pick(label(dev)),
      me: false,
      unconfirmed: groupsThatKnow(ctx, identity.pid, dev),
      signedOut: true,
    }));
    return [...present.toSorted((a, b) => a.since - b.since), ...gone];
  };

  return {
    recovery: () => ({ state: outside.account()?.stored.recovery ?? 'none' }),
    showCode,
    prove,
    restore,
    restoreBy,
    ways,
    devices,
    signOut,
    setVerified,
    async newDevice(along) {
      // Where there is a vault, the other devices find the card that follows, and the copy learns that it is out.
      const saved = await vault.put({});
      if (!saved.ok) return saved;
      const device = p.random(32);
      const signPk = p.signKeys(device).publicKey;
      const dev = devOf(p, signPk);
      const since = Math.round(clock.now());
      const seed = p.random(32);
      const sealPk = p.boxKeys(seed).publicKey;
      await keep(({ stored, card, identity }) => {
        const others = card.devices.filter((one) => one.dev !== identity.dev);
        const change = { devices: [...others, { dev, signPk }], sealPk };
        return {
          device,
          chain: concat(stored.chain, nextCard(p, stored.root, card, change, since)),
          sealing: [...stored.sealing, seed],
          devices: [...stored.devices, { dev, name: outside.deviceName(), since }],
        };
      }, along);
      return ok(undefined);
    },
    published: (count) => keep(({ stored }) => ({ published: Math.max(stored.published, count) })),
    renewSealing: () => renewSealing(null),
    async save() {
      const account = outside.account();
      if (account === null || account.stored.vaultKey === null) return ok(undefined);
      return vault.put({});
    },
    catchUp: vault.catchUp,
    offer: pass.offer,
    enter: pass.enter,
    withdrawOffer: pass.withdraw,
  };
}

const pick = ({ name, since }: { readonly name: string; readonly since: number }) => ({
  name,
  since,
});

/** A typed group, tidied like a whole code. */
function tidy(typed: string): string {
  return typed.toUpperCase().replace(/[\s-]/gu, '').replaceAll('O', '0').replace(/[IL]/gu, '1');
}

/** Groups whose log still pins a card with this device. */
function groupsThatKnow(ctx: Context, pid: Account['identity']['pid'], dev: Dev): number {
  return [...ctx.groups.values()].filter(
    ({ state }) =>
      state.members.has(pid) &&
      state.cards.get(pid)?.devices.some((one) => one.dev === dev) === true,
  ).length;
}
