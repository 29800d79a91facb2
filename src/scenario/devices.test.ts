/** Several devices of one account: one lets the next in, and what one changes the others take over. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { DeviceView } from '../client/view.ts';
import { equal } from '../lib/bytes.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  inGroup,
  makeGroup,
  must,
  online,
  type Person,
  refused,
  say,
  setup,
  setupWith,
  texts,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

const names = async (one: Person): Promise<string[]> =>
  (await one.client.devices()).filter((device) => !device.signedOut).map((device) => device.name);

const sees = (one: Person, wanted: readonly string[]): Promise<unknown> =>
  eventually(
    [one],
    `${one.name} sees ${wanted.join(', ')}`,
    async () => (await names(one)).toSorted().join() === wanted.toSorted().join(),
  );

async function saveCode(client: Client): Promise<string> {
  const code = must(await client.showRecoveryCode());
  must(
    await client.proveRecoveryCode([
      [1, code.slice(5, 10)],
      [4, code.slice(20)],
    ]),
  );
  return code;
}

async function addDevice(first: Person, name: string): Promise<Person> {
  return world.enter(name, must(await first.client.offerDevice()).code);
}

const device = async (one: Person, name: string): Promise<DeviceView> => {
  const found = (await one.client.devices()).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no device called ${name}`);
  return found;
};

describe('a second device by a code of the first', () => {
  it('13, bug 17: enters without a recovery code, with groups and history; the first one hears of it by itself, and both speak', async () => {
    world = await setup('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    await say(alice, gid, 'before the second one');
    await allRead([bob], gid, 'before the second one');
    const offer = must(await bob.client.offerDevice());
    expect(offer.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/u);
    expect(offer.link).toBe(`http://127.0.0.1:${world.server().port}/device#d1.${offer.code}`);
    const phone = await world.enter('phone', offer.link);
    expect(phone.pid).toBe(bob.pid);
    await sees(bob, ['bob', 'phone']);
    expect(bob.events).toContainEqual({ kind: 'deviceCode', state: 'used' });
    await inGroup(phone, gid);
    await allRead([phone], gid, 'before the second one');
    await say(phone, gid, 'from the phone');
    await say(bob, gid, 'from the desk');
    for (const text of ['from the phone', 'from the desk'])
      await allRead([alice, bob, phone], gid, text);
    expect(await texts(phone, gid)).toEqual(await texts(bob, gid));
    // No recovery code was made on the way, and nobody says so.
    for (const one of [bob, phone]) expect(await one.client.recovery()).toEqual({ state: 'none' });
  });

  it('13: a device code works once, ends with the next one, can be called off, and is over after ten minutes', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    const guest = await world.guest();
    expect(refused(await guest.enterFromDevice('hello'))).toBe('E_FORMAT');
    const first = must(await alice.client.offerDevice());
    const second = must(await alice.client.offerDevice());
    expect(refused(await guest.enterFromDevice(first.code))).toBe('E_AUTH');
    must(await alice.client.withdrawDeviceOffer());
    expect(refused(await guest.enterFromDevice(second.code))).toBe('E_AUTH');
    const late = must(await alice.client.offerDevice());
    world.forward(10 * 60 * 1000 + 1);
    expect(refused(await guest.enterFromDevice(late.code))).toBe('E_AUTH');
    const last = must(await alice.client.offerDevice());
    const wrong = `${last.code.slice(0, 25)}${last.code.endsWith('0') ? '1' : '0'}`;
    expect(refused(await guest.enterFromDevice(wrong))).toBe('E_AUTH');
    await world.enter('phone', last.code.toLowerCase().replace(/(.{5})/gu, '$1-'));
    expect(refused(await guest.enterFromDevice(last.code))).toBe('E_AUTH');
    expect(await guest.account()).toBeNull();
  });

  it('13: the server keeps nothing of the code, and the record is gone once it was taken', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    let seen = '';
    alice.line.lies = (request) => {
      if (request.name === 'putPass') seen = request.args.locator;
      seen += JSON.stringify(request, (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      );
      return null;
    };
    const offer = must(await alice.client.offerDevice());
    expect(seen).not.toContain(offer.code);
    const locator = seen.slice(0, 64) as Parameters<ReturnType<World['storage']>['passAt']>[0];
    expect(await world.storage().passAt(locator)).not.toBeNull();
    await world.enter('phone', offer.code);
    expect(await world.storage().passAt(locator)).toBeNull();
  });

  it('P142: an old vault behind a device code is refused', async () => {
    world = await setup('alice');
    const alice = world.person('alice');
    must(await alice.client.offerDevice());
    const old = await world.storage().vault(alice.pid);
    await makeGroup(alice);
    // The group brings a newer version, which is put beside the talk.
    await eventually([alice], 'a newer vault', async () => {
      const now = await world.storage().vault(alice.pid);
      return now !== null && old !== null && !equal(now, old);
    });
    const offer = must(await alice.client.offerDevice());
    const real = world.storage();
    const { vaultAt } = real;
    (real as { vaultAt: typeof vaultAt }).vaultAt = () => Promise.resolve(old);
    const guest = await world.guest();
    expect(refused(await guest.enterFromDevice(offer.code))).toBe('E_FORK');
    expect(await guest.account()).toBeNull();
  });
});

describe('several devices that change their account', () => {
  it('13: a device that was away takes a new one over and logs in', async () => {
    world = await setupWith({ hurry: 10 }, 'alice');
    const alice = world.person('alice');
    const phone = await addDevice(alice, 'phone');
    await sees(alice, ['alice', 'phone']);
    phone.line.block(true);
    await addDevice(alice, 'tablet');
    phone.line.block(false);
    await phone.client.reconnect();
    await online(phone);
    await sees(phone, ['alice', 'phone', 'tablet']);
  });

  it('13: a new recovery code on one device reaches the others: none writes over the vault with an old key', async () => {
    world = await setupWith({ hurry: 10 }, 'alice');
    const alice = world.person('alice');
    await saveCode(alice.client);
    const phone = await addDevice(alice, 'phone');
    await sees(alice, ['alice', 'phone']);
    const code = await saveCode(phone.client);
    await makeGroup(alice);
    await world.restart('alice');
    await online(alice);
    const guest = await world.guest();
    const back = must(await guest.restoreAccount(code));
    expect(back.pid).toBe(alice.pid);
  });

  it('13: one device signs another out while a third is away; the third comes back, the signed out one does not', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(bob, [alice]);
    const phone = await addDevice(alice, 'phone');
    const tablet = await addDevice(alice, 'tablet');
    for (const one of [alice, phone, tablet]) await sees(one, ['alice', 'phone', 'tablet']);
    await inGroup(tablet, gid);
    tablet.line.block(true);
    must(await alice.client.signOutDevice((await device(alice, 'phone')).dev));
    await eventually([phone], 'the phone is out', async () => {
      const connection = await phone.client.connection();
      return connection.state === 'refused' && connection.reason.name === 'E_DEVICE';
    });
    tablet.line.block(false);
    await tablet.client.reconnect();
    await online(tablet);
    await sees(tablet, ['alice', 'tablet']);
    await say(tablet, gid, 'still here');
    await allRead([alice, bob], gid, 'still here');
  });

  it('13: two devices that are added at the same time both stay', async () => {
    world = await setupWith({ hurry: 10 }, 'alice');
    const alice = world.person('alice');
    const code = await saveCode(alice.client);
    const offer = must(await alice.client.offerDevice());
    const [phone, tablet] = await Promise.all([
      world.enter('phone', offer.code),
      world.restore('tablet', code),
    ]);
    for (const one of [alice, phone, tablet]) await sees(one, ['alice', 'phone', 'tablet']);
  });
});
