/** The account's vault on the server as this device reads and writes it: never older than known, never over what it cannot open. */
import { type Bytes, concat, equal } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { nextCard } from '../crypto/secret/identity.ts';
import {
  devicesSecret,
  makeSlot,
  openSlot,
  openVault,
  sealVault,
  vaultHash,
} from '../crypto/secret/vault.ts';
import type { PinnedCard } from '../group/state.ts';
import { type Card, decodeChain } from '../protocol/card.ts';
import { foldChain } from '../ledger/cards.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { ZERO_HASH } from '../protocol/ids.ts';
import {
  decodeVault,
  encodeVault,
  type Vault,
  type VaultContent,
  type VaultSlot,
} from '../protocol/vault.ts';
import {
  type Account,
  type ChangeAccount,
  isPublished,
  keepVault,
  readVault,
  type Stored,
  withMarks,
} from './account.ts';
import type { Context } from './context.ts';
import type { Answer } from './session.ts';

export interface VaultChange {
  /** The key of the next version; the present one where none is named. */
  readonly key?: Bytes;
  /** Nobody who knew an earlier key shall open it: only the newest sealing seed gets a slot. */
  readonly fresh?: boolean;
  /** Slots of the person in the next version, from those in the stored one, which stay where nothing is said. */
  readonly slots?: (held: readonly VaultSlot[], key: Bytes) => Outcome<readonly VaultSlot[]>;
}

export interface VaultStore {
  /** The key of the stored vault, or a fresh one where there is none. */
  readonly key: () => Promise<Outcome<Bytes>>;
  /** Puts the next version; where another device was faster, its version is taken in and the next tried. */
  readonly put: (change: VaultChange) => Promise<Outcome<void>>;
  /** The newest version: the server's, or a later one this device knows and the server lost. */
  readonly newest: () => Promise<Outcome<Vault | null>>;
  /** Takes over what other devices changed: published cards, names and sealing seeds. Needs no login. */
  readonly catchUp: () => Promise<Outcome<void>>;
}

export interface VaultOutside {
  readonly account: () => Account;
  readonly keep: ChangeAccount;
  /** The account is being dropped: a version put now would outlive it. */
  readonly dropped: () => boolean;
}

/** Sealing seeds of the past whose devices still find the vault: one that was away during as many sign-outs catches up. */
const SEEDS_WITH_SLOT = 4;

export function withoutDevices(slots: readonly VaultSlot[]): readonly VaultSlot[] {
  return slots.filter((slot) => slot.kind !== 'devices');
}

interface Opened {
  readonly vault: Vault;
  readonly key: Bytes;
  readonly content: VaultContent;
}

export function createVaultStore(ctx: Context, outside: VaultOutside): VaultStore {
  const { p, session } = ctx;

  const contentOf = ({ stored }: Account): VaultContent => ({
    chain: stored.chain,
    root: stored.root,
    sealing: stored.sealing,
    name: stored.name,
    devices: stored.devices,
    groups: [...ctx.groups.values()].map((replica) => ({
      gid: replica.gid,
      seq: replica.state.seq,
      head: replica.state.head,
      t: replica.timeline.end(),
      T: replica.timeline.T(),
    })),
    verified: stored.verified,
  });

  /** Opens a version with the key this device knows, or the one in the slot of the devices. */
  const open = (bytes: Bytes): Outcome<Opened> => {
    const { stored } = outside.account();
    const vault = decodeVault(bytes);
    if (!vault.ok) return vault;
    const { n, pid } = vault.value;
    const other = n === stored.vaultN && vaultHash(p, bytes) !== stored.vaultHash;
    if (pid !== stored.pid || n < stored.vaultN || other)
      return fail('E_FORK', 'another vault than this device knows');
    const keys = stored.sealing.toReversed().flatMap((seed) => {
      const key = openSlot(p, vault.value, devicesSecret(p, seed));
      return key.ok ? [key.value] : [];
    });
    for (const key of [...keys, ...(stored.vaultKey === null ? [] : [stored.vaultKey])]) {
      const content = openVault(p, vault.value, key);
      if (content.ok) return ok({ vault: vault.value, key, content: content.value });
    }
    return fail('E_CARD', 'the vault has another key now');
  };

  /** Whether a chain of own cards goes on where the other ends. */
  const follows = (longer: Bytes, shorter: Bytes): boolean =>
    longer.length > shorter.length && equal(longer.subarray(0, shorter.length), shorter);

  const takeIn = async (opened: Opened, bytes: Bytes): Promise<void> => {
    const { content, vault } = opened;
    await keepVault(ctx.records, bytes);
    await outside.keep(({ stored }) => {
      const newer = follows(content.chain, stored.chain);
      const seeds = content.sealing.filter(
        (seed) => !stored.sealing.some((one) => equal(one, seed)),
      );
      const names = content.devices.filter((one) => !stored.devices.some((d) => d.dev === one.dev));
      const known = {
        vaultN: vault.n,
        vaultHash: vaultHash(p, bytes),
        vaultKey: opened.key,
        locator: vault.slots[0]?.locator ?? stored.locator,
      };
      return {
        // One that was put meanwhile is newer.
        ...(vault.n >= stored.vaultN ? known : {}),
        ...(newer ? { chain: content.chain } : {}),
        // The newest seed is the one of the newest card.
        sealing: newer ? [...stored.sealing, ...seeds] : [...seeds, ...stored.sealing],
        devices: [...stored.devices, ...names],
        // Another device may have marked people meanwhile; what this one did since stands over it.
        verified: withMarks(content.verified, stored.verifying),
      };
    });
  };

  /** The version to go on from. A server that was restored from a backup may hold an older one, or none: then the one kept here. */
  const read = async (): Promise<Outcome<Bytes | null>> => {
    // A page may be opened with this question: the server answers it to nobody before the login.
    await session.entering();
    const answer = await session.call('ownVault', {});
    if (!answer.ok) return { ok: false, error: answer.error };
    const shown = answer.value.vault === null ? null : decodeVault(answer.value.vault);
    if (shown !== null && !shown.ok) return shown;
    if ((shown?.value.n ?? 0) >= outside.account().stored.vaultN) return ok(answer.value.vault);
    const kept = await readVault(ctx.records);
    return kept === null ? fail('E_FORK', 'the vault is gone from the server') : ok(kept);
  };

  const put = async (change: VaultChange): Promise<Outcome<void>> => {
    for (let attempt = 0; attempt < 4; attempt++) {
      const before = await read();
      if (!before.ok) return before;
      const opened = before.value === null ? null : open(before.value);
      if (opened !== null && !opened.ok) return opened;
      if (opened !== null && before.value !== null) await takeIn(opened.value, before.value);
      const account = outside.account();
      const key = change.key ?? opened?.value.key ?? p.random(32);
      const seeds = account.stored.sealing.slice(change.fresh === true ? -1 : -SEEDS_WITH_SLOT);
      const devices = seeds.map((seed) =>
        makeSlot(p, account.identity.pid, devicesSecret(p, seed), key, {
          kind: 'devices',
          made: null,
        }),
      );
      const held = withoutDevices(opened?.value.vault.slots ?? []);
      const slots = change.slots === undefined ? ok(held) : change.slots(held, key);
      if (!slots.ok) return slots;
      const next = sealVault(
        p,
        {
          pid: account.identity.pid,
          n: (opened?.value.vault.n ?? 0) + 1,
          prev: before.value === null ? ZERO_HASH : vaultHash(p, before.value),
          slots: [...slots.value, ...devices].toSorted((a, b) => (a.slot < b.slot ? -1 : 1)),
        },
        key,
        contentOf(account),
      );
      if (outside.dropped()) return fail('E_CLOSED', 'the account is being deleted');
      const bytes = encodeVault(next);
      const answer = await session.call('putVault', { vault: bytes });
      if (answer.ok) {
        await keepVault(ctx.records, bytes);
        await outside.keep(({ stored }) => ({
          vaultKey: key,
          vaultN: next.n,
          vaultHash: vaultHash(p, bytes),
          locator: next.slots[0]?.locator ?? null,
          verifying: stored.verifying.filter((mark) => !account.stored.verifying.includes(mark)),
        }));
        return ok(undefined);
      }
      if (answer.error.name !== 'E_PREV') return { ok: false, error: answer.error };
    }
    return fail('E_BUSY', 'other devices kept changing the vault');
  };

  /** The vault and the published cards, wherever a slot this device knows of lies now. */
  const find = async (): Promise<Answer<'getVault'>> => {
    const { stored } = outside.account();
    const locators = [
      ...(stored.locator === null ? [] : [stored.locator]),
      ...stored.sealing.toReversed().map((seed) => devicesSecret(p, seed).locator),
    ];
    let answer: Answer<'getVault'> = { ...fail('E_NOT_FOUND', 'no vault'), detail: null };
    for (const locator of new Set(locators.slice(0, SEEDS_WITH_SLOT + 1))) {
      answer = await session.call('getVault', { locator });
      if (answer.ok || answer.error.name !== 'E_NOT_FOUND') return answer;
    }
    return answer;
  };

  const catchUp = async (): Promise<Outcome<void>> => {
    const found = await find();
    if (!found.ok) return { ok: false, error: found.error };
    const opened = open(found.value.vault);
    if (!opened.ok && opened.error.name === 'E_FORK') return opened;
    if (opened.ok) await takeIn(opened.value, found.value.vault);
    return takeCards(found.value.cards);
  };

  /** The published cards: followed where they go on from the own ones and their sealing key is known here. */
  const takeCards = async (chain: Bytes): Promise<Outcome<void>> => {
    const { pid } = outside.account().stored;
    const cards = decodeChain(chain);
    if (!cards.ok) return cards;
    const folded = foldChain(p, cards.value, pid);
    if (!folded.ok) return folded;
    let done: Outcome<void> = ok(undefined);
    await outside.keep((account) => {
      const next = follow(account, chain, cards.value, folded.value);
      done = next.ok ? ok(undefined) : next;
      return next.ok ? next.value : {};
    });
    return done;
  };

  const follow = (
    account: Account,
    chain: Bytes,
    cards: readonly Card[],
    newest: PinnedCard,
  ): Outcome<Partial<Stored>> => {
    const { stored } = account;
    const published = newest.n + 1;
    if (equal(chain, stored.chain.subarray(0, chain.length)))
      return ok({ published: Math.max(published, stored.published) });
    const own = decodeChain(stored.chain);
    const base = own.ok ? own.value.slice(0, stored.published).map((card) => card.bytes) : [];
    const goesOn = base.every((card, i) => equal(card, cards[i]?.bytes ?? new Uint8Array()));
    // Cards nobody has seen give way to published ones: what they were to change is asked for again.
    if (!goesOn && isPublished(account))
      return fail('E_FORK', 'other cards than this device knows');
    const known = stored.sealing.some((seed) => equal(p.boxKeys(seed).publicKey, newest.sealPk));
    if (!known) return fail('E_CARD', 'the key of the newest card is not known here');
    return ok({ chain: withOwnDevice(account, chain, newest), published });
  };

  /** A device whose own first card lost a race stands in the next one. */
  const withOwnDevice = (
    { stored, identity, card }: Account,
    chain: Bytes,
    now: PinnedCard,
  ): Bytes => {
    const { dev } = identity;
    const own = card.devices.find((one) => one.dev === dev);
    if (own === undefined || now.pastDevices.has(dev) || now.devices.some((d) => d.dev === dev))
      return chain;
    const change = { devices: [...now.devices, own], sealPk: now.sealPk };
    return concat(chain, nextCard(p, stored.root, now, change, Math.round(ctx.clock.now())));
  };

  return {
    async key() {
      const before = await read();
      if (!before.ok) return before;
      if (before.value === null) return ok(outside.account().stored.vaultKey ?? p.random(32));
      const opened = open(before.value);
      return opened.ok ? ok(opened.value.key) : opened;
    },
    put,
    async newest() {
      const bytes = await read();
      return !bytes.ok || bytes.value === null
        ? bytes.ok
          ? ok(null)
          : bytes
        : decodeVault(bytes.value);
    },
    catchUp,
  };
}
