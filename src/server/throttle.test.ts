/** Budgets per device, account and address: each refusal says when to come again, and others are not touched. */
import { afterEach, expect, it } from 'vitest';
import type { Gid, Hash, LinkPk } from '../protocol/ids.ts';
import { type House, openHouse } from './testing/house.ts';

let house: House;
afterEach(() => house.close());

const NOBODY = '0'.repeat(64);

it('16.5: reads have a rate per device, told with the time of the next one; another device is not touched', async () => {
  house = await openHouse({ config: { limits: { readsPerSecond: 1 } } });
  const [alice, bob] = [await house.person(1), await house.person(2)];
  const [reader, other] = [await house.enter(alice), await house.enter(bob)];
  for (let i = 0; i < 10; i++) expect(await reader.ask('ownVault', {})).toMatchObject({ ok: true });
  expect(await reader.ask('ownVault', {})).toMatchObject({
    ok: false,
    error: { name: 'E_LIMIT', retryAt: house.clock.read() + 1000 },
  });
  expect(await other.ask('ownVault', {})).toMatchObject({ ok: true });
  house.clock.forward(1000);
  expect(await reader.ask('ownVault', {})).toMatchObject({ ok: true });
});

it('16.5: parts of files and vaults have a rate per account', async () => {
  house = await openHouse({ config: { limits: { storesPerSecond: 1 } } });
  const alice = await house.person(1);
  const client = await house.enter(alice);
  const args = { gid: NOBODY as Gid, blob: NOBODY as Hash };
  for (let i = 0; i < 10; i++)
    expect(await client.ask('dropBlob', args)).toMatchObject({ ok: true });
  expect(await client.ask('dropBlob', args)).toMatchObject({
    ok: false,
    error: { name: 'E_LIMIT', retryAt: house.clock.read() + 1000 },
  });
});

it('16.5: logins and previews have a rate per address', async () => {
  house = await openHouse({
    config: { limits: { loginsPerAddressPerMinute: 2, previewsPerAddressPerMinute: 2 } },
  });
  const alice = await house.person(1);
  await house.enter(alice);
  await house.enter(alice);
  const late = await house.visit();
  const retryAt = house.clock.read() + 30_000;
  expect(await late.login(house.p, alice)).toMatchObject({
    ok: false,
    error: { name: 'E_LIMIT', retryAt },
  });
  const place = { gid: NOBODY as Gid, linkPk: NOBODY as LinkPk };
  for (let i = 0; i < 2; i++)
    expect(await late.ask('preview', place)).toMatchObject({ error: { name: 'E_NOT_FOUND' } });
  expect(await late.ask('preview', place)).toMatchObject({ error: { name: 'E_LIMIT', retryAt } });
  house.clock.forward(30_000);
  // A challenge that was not answered for the rate is still good.
  expect(await late.login(house.p, alice)).toMatchObject({ ok: true });
});
