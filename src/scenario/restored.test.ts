/** A device that was restored believes the server only as far as others agree. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import { vaultHash } from '../crypto/secret/vault.ts';
import type { Bytes } from '../lib/bytes.ts';
import type { Gid } from '../protocol/ids.ts';
import { encodeReply, type Request } from '../protocol/request.ts';
import { decodeVault, type Vault } from '../protocol/vault.ts';
import { toWire } from '../server/wire.ts';
import {
  allRead,
  eventually,
  groupOf,
  inGroup,
  must,
  type Person,
  say,
  setupWith,
  view,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

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

describe('13: a restored device', () => {
  it('P142: asks the others, and says nothing more once one of them confirms what it was served', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    await say(alice, gid, 'before the loss');
    await allRead([bob], gid, 'before the loss');
    const code = await saveCode(bob.client);
    await bob.client.close();
    alice.line.block(true);
    const laptop = await world.restore('laptop', code);
    await inGroup(laptop, gid);
    await allRead([laptop], gid, 'before the loss');
    expect((await view(laptop, gid)).restored).not.toBeNull();
    alice.line.block(false);
    await alice.client.reconnect();
    await eventually([laptop], 'Alice confirms it', async () => {
      return (await view(laptop, gid)).restored === null;
    });
    expect((await view(laptop, gid)).warnings).toEqual([]);
  });

  it('P142: an old vault and a timeline cut to match are told by what others have acknowledged', async () => {
    world = await setupWith({ hurry: 10 }, 'alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    const code = await saveCode(bob.client);
    const cut = await cutNow(alice, gid);
    await bob.client.close();
    await say(alice, gid, 'what the server hides');
    must(await alice.client.rotateSessionKey(gid));
    world.forward(61_000);
    await say(alice, gid, 'more of it');
    await eventually([alice], 'her newest acknowledgement is stored', async () => {
      const { head, state } = await alice.replica(gid);
      return head.ackedGeneration === state.generation && state.generation > 1;
    });
    const laptop = await world.restore('laptop', code, (line) => {
      line.lies = cut;
    });
    await eventually(
      [laptop],
      'the group is there',
      async () => (await laptop.client.group(gid)).ok,
    );
    await eventually([laptop], 'it says that something is kept back', async () => {
      const { warnings, restored } = await view(laptop, gid);
      return restored !== null && warnings.some((warning) => warning.kind === 'withheld');
    });
  });

  it('P142: a device that knows a newer version of the vault takes nothing from an older one, and goes on from its own', async () => {
    world = await setupWith({ hurry: 10 }, 'alice');
    const alice = world.person('alice');
    await saveCode(alice.client);
    const old = await world.storage().vault(alice.pid);
    must(await alice.client.offerDevice());
    const known = await world.storage().vault(alice.pid);
    if (old === null || known === null) throw new Error('there are two versions');
    const puts: Vault[] = [];
    alice.line.lies = (request) => {
      if (request.name === 'putVault') puts.push(must(decodeVault(request.args.vault)));
      return request.name === 'ownVault'
        ? encodeReply(request.id, 'ownVault', { vault: old })
        : null;
    };
    must(await alice.client.showRecoveryCode());
    const newest = must(decodeVault(known));
    expect(puts[0]).toMatchObject({
      n: newest.n + 1,
      prev: vaultHash(world.primitives, known),
    });
  });
});

/** A server that shows a group only up to where it stands now. */
async function cutNow(one: Person, gid: Gid): Promise<(request: Request) => Bytes | null> {
  const { log, timeline, head } = await one.replica(gid);
  const all = { items: 10_000, bytes: 1e9 };
  const held = await world.storage().items(gid, 0, timeline.end(), all, 'oldest');
  const { checkpoint } = head;
  if (checkpoint === null) throw new Error('there is something to show');
  return (request) => {
    switch (request.name) {
      case 'log': {
        const entries = log.slice(request.args.seq);
        return encodeReply(request.id, 'log', { entries, more: false, checkpoint });
      }
      case 'subscribe': {
        const items = held.slice(request.args.t).map((item) => toWire(item, false));
        return encodeReply(request.id, 'subscribe', { items, more: false, checkpoint });
      }
      default:
        return null;
    }
  };
}
