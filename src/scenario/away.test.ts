/** What stands still while no moderator is there, and who stays out. */
import { afterEach, expect, it } from 'vitest';
import { cheat } from './cheat.ts';
import {
  allRead,
  eventually,
  groupOf,
  inStep,
  makeLink,
  must,
  outgoing,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

it('P066: somebody leaves and nobody rotates for an hour: everybody sees it, a strict group takes no message, and the first moderator rotates once', async () => {
  world = await setupWith({ hurry: 20 }, 'alice', 'bob', 'carol');
  const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  const gid = await groupOf(alice, [bob, carol]);
  must(await alice.client.setPolicy(gid, { strictPending: true }));
  await inStep([alice, bob, carol], gid);
  const { generation } = await view(bob, gid);
  alice.line.block(true);
  must(await carol.client.leaveGroup(gid, ''));
  await eventually([bob], 'Bob sees that it is not secured yet', async () => {
    const { key } = await view(bob, gid);
    return key.state === 'pending' && key.reason === 'leave';
  });
  world.forward(60 * 60 * 1000);
  await say(bob, gid, 'waits for the new key');
  expect(await outgoing(bob, gid)).toEqual(['waits for the new key']);
  // A client that sends all the same is refused by the server.
  const cheater = await cheat(world, bob, gid);
  const { body, header } = cheater.sealed({ type: 'text', text: 'all the same' });
  const answer = await cheater.wire.ask('send', { header, body });
  expect(answer).toMatchObject({ ok: false, error: { name: 'E_PENDING' } });
  expect((await view(bob, gid)).generation).toBe(generation);
  alice.line.block(false);
  await alice.client.reconnect();
  await allRead([alice, bob], gid, 'waits for the new key');
  expect(await texts(alice, gid)).toEqual(['waits for the new key']);
  for (const one of [alice, bob]) {
    const after = await view(one, gid);
    expect(after.generation).toBe(generation + 1);
    expect(after.key.state).toBe('secured');
  }
});

it('P067: who is banned comes back by no link and is added by nobody until unbanned', async () => {
  world = await setupWith({ hurry: 20 }, 'alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await groupOf(alice, [bob]);
  must(await alice.client.editMember(gid, { ban: [bob.pid] }));
  await eventually([bob], 'Bob is out', async () => (await view(bob, gid)).standing === 'removed');
  const { link } = await makeLink(alice, gid);
  const opened = await bob.client.openLink(link);
  const asked = opened.ok ? await bob.client.requestToJoin(opened.value.joinId, '') : opened;
  expect(refused(asked)).toBe('E_BANNED');
  expect(refused(await alice.client.editMember(gid, { add: [bob.pid] }))).toBe('E_BANNED');
  must(await alice.client.editMember(gid, { unban: [bob.pid] }));
  must(await alice.client.editMember(gid, { add: [bob.pid] }));
});
