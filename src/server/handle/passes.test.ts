import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Hash } from '../../protocol/ids.ts';
import { type House, openHouse } from '../testing/house.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const refused = (name: string) => ({ ok: false, error: { name } });
const id = (n: number): Hash => n.toString(16).padStart(64, '0') as Hash;
const LIFE_MS = 10 * 60 * 1000;

describe('device passes', () => {
  let house: House;
  let alice: Person;
  let client: WireClient;
  beforeEach(async () => {
    house = await openHouse({ config: { limits: { cardsPerAddressPerHour: 12 } } });
    alice = await house.person(1);
    client = await house.enter(alice);
  });
  afterEach(() => house.close());

  it('13: a pass waits ten minutes, is taken once, by its locator only, without a login', async () => {
    const pass = house.p.random(300);
    const { exp } = await client.get('putPass', { locator: id(1), pass });
    expect(exp).toBe(house.clock.read() + LIFE_MS);
    const visitor = await house.visit();
    expect(await visitor.ask('takePass', { locator: id(2) })).toMatchObject(refused('E_NOT_FOUND'));
    expect(await visitor.ask('putPass', { locator: id(2), pass })).toMatchObject(refused('E_AUTH'));
    expect(await visitor.ask('dropPass', {})).toMatchObject(refused('E_AUTH'));
    expect(await visitor.ask('dropAccount', {})).toMatchObject(refused('E_AUTH'));
    const [one, other] = await Promise.all([
      visitor.ask('takePass', { locator: id(1) }),
      visitor.ask('takePass', { locator: id(1) }),
    ]);
    expect([one, other].filter((answer) => answer.ok)).toHaveLength(1);
    expect(await visitor.ask('takePass', { locator: id(1) })).toMatchObject(refused('E_NOT_FOUND'));
  });

  it('13: what is over is not handed out', async () => {
    await client.get('putPass', { locator: id(1), pass: house.p.random(300) });
    house.clock.forward(LIFE_MS + 1);
    const visitor = await house.visit();
    expect(await visitor.ask('takePass', { locator: id(1) })).toMatchObject(refused('E_NOT_FOUND'));
    expect(await house.storage.passAt(id(1))).toBeNull();
  });

  it('16: a pass is bounded, and asking for passes is limited by address', async () => {
    const large = await client.ask('putPass', { locator: id(1), pass: house.p.random(1025) });
    expect(large).toMatchObject(refused('E_FORMAT'));
    const visitor = await house.visit();
    let last = await visitor.ask('takePass', { locator: id(9) });
    for (let i = 0; i < 12 && !last.ok && last.error.name === 'E_NOT_FOUND'; i++)
      last = await visitor.ask('takePass', { locator: id(9) });
    expect(last).toMatchObject(refused('E_LIMIT'));
  });
});
