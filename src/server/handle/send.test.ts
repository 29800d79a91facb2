import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../testing/house.ts';

describe('send', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse();
  });
  afterEach(() => house.close());

  it('9: the same header again gets the stored answer, another one with its counter E_REPLAY, a higher one E_GAP', async () => {
    const alice = await house.person(1);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice]);
    const one = group.message(alice, 1);
    const first = await client.get('send', one);
    const again = await client.get('send', one);
    expect(again).toMatchObject({ t: first.t, at: first.at });
    const other = await client.ask('send', group.message(alice, 1));
    expect(other).toMatchObject({ ok: false, error: { name: 'E_REPLAY' }, detail: one.header });
    const ahead = await client.ask('send', group.message(alice, 3));
    expect(ahead).toMatchObject({ ok: false, error: { name: 'E_GAP' }, detail: 1 });
  });
});
