import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vaultHash } from '../../crypto/secret/vault.ts';
import type { Bytes } from '../../lib/bytes.ts';
import type { Dev, Hash, Pid } from '../../protocol/ids.ts';
import { encodeVault } from '../../protocol/vault.ts';
import { type House, openHouse } from '../testing/house.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const refused = (name: string) => ({ ok: false, error: { name } });
const id = (n: number): Hash => n.toString(16).padStart(64, '0') as Hash;

describe('vaults', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let client: WireClient;
  beforeEach(async () => {
    house = await openHouse({ config: { limits: { cardsPerAddressPerHour: 8 } } });
    [alice, bob] = await Promise.all([house.person(1), house.person(2)]);
    client = await house.enter(alice);
  });
  afterEach(() => house.close());

  const vault = (pid: Pid, n: number, prev: Hash, locator: Hash): Bytes =>
    encodeVault({
      pid,
      n,
      prev,
      slots: [
        {
          slot: 'ab'.repeat(16) as Dev,
          kind: 'recoveryCode',
          locator,
          check: house.p.random(32),
          params: new Uint8Array(),
          nonce: house.p.random(24),
          sealedKey: house.p.random(48),
        },
      ],
      nonce: house.p.random(24),
      sealed: house.p.random(64),
    });

  it('13: versions form a chain; the loser of a race reads and tries again', async () => {
    const first = vault(alice.pid, 1, id(0), id(1));
    await client.get('putVault', { vault: first });
    await client.get('putVault', { vault: first });
    const other = vault(alice.pid, 1, id(0), id(2));
    expect(await client.ask('putVault', { vault: other })).toMatchObject(refused('E_PREV'));
    const second = vault(alice.pid, 2, vaultHash(house.p, first), id(3));
    await client.get('putVault', { vault: second });
    expect(await client.get('ownVault', {})).toEqual({ vault: second });
  });

  it('13: is put by its own account only, and found without a login by its locator only', async () => {
    const mine = vault(alice.pid, 1, id(0), id(1));
    const stranger = await house.enter(bob);
    expect(await stranger.ask('putVault', { vault: mine })).toMatchObject(refused('E_AUTH'));
    await client.get('putVault', { vault: mine });
    expect(await stranger.get('ownVault', {})).toEqual({ vault: null });
    const visitor = await house.visit();
    expect(await visitor.get('getVault', { locator: id(1) })).toEqual({
      vault: mine,
      cards: alice.chain,
    });
    expect(await visitor.ask('getVault', { locator: id(2) })).toMatchObject(refused('E_NOT_FOUND'));
    expect(await visitor.ask('ownVault', {})).toMatchObject(refused('E_AUTH'));
  });

  it('P143: guessing is limited by address, with a time to try again', async () => {
    const visitor = await house.visit();
    let last = await visitor.ask('getVault', { locator: id(9) });
    for (let i = 0; i < 10 && !last.ok && last.error.name === 'E_NOT_FOUND'; i++)
      last = await visitor.ask('getVault', { locator: id(9) });
    expect(last).toMatchObject(refused('E_LIMIT'));
    expect(!last.ok && (last.error.retryAt ?? 0) > house.clock.read()).toBe(true);
  });
});
