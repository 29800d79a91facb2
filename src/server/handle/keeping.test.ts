import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concat } from '../../lib/bytes.ts';
import { blobHash } from '../../crypto/hash.ts';
import { encodeMemberRecord } from '../../protocol/sealed.ts';
import type { GroupLog } from '../testing/groupLog.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import type { Person } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const refused = (name: string) => ({ ok: false, error: { name } });

describe('records and files of a group', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let group: GroupLog;
  let owner: WireClient;
  let client: WireClient;
  beforeEach(async () => {
    house = await openHouse({ config: { limits: { blobBytes: 200_000 } } });
    [alice, bob, carol] = await Promise.all([house.person(1), house.person(2), house.person(3)]);
    owner = await house.enter(alice);
    client = await house.enter(bob);
    group = await house.group(owner, [alice, bob]);
  });
  afterEach(() => house.close());
  const recordOf = (which: 0 | 1, generation = group.state().generation) =>
    encodeMemberRecord({
      generation,
      which,
      nonce: house.p.random(24),
      sealed: house.p.random(100),
    });

  it('8: of each kind the newest record of a member is kept and told to the members', async () => {
    const { gid } = group;
    await owner.get('subscribe', { gid, t: 0 });
    const [first, second, ack] = [recordOf(0), recordOf(0), recordOf(1)];
    for (const record of [first, second, ack]) await client.get('putRecord', { gid, record });
    expect(await owner.next('record')).toEqual({ gid, pid: bob.pid, record: first });
    expect(await owner.get('records', { gid })).toEqual({
      records: [
        { pid: bob.pid, record: second },
        { pid: bob.pid, record: ack },
      ],
    });
  });

  it('8: a record is written by a member, under the generation in force', async () => {
    const { gid } = group;
    const stranger = await house.enter(carol);
    expect(await stranger.ask('putRecord', { gid, record: recordOf(0) })).toMatchObject(
      refused('E_NOT_MEMBER'),
    );
    expect(await client.ask('putRecord', { gid, record: recordOf(0, 2) })).toMatchObject(
      refused('E_STALE_GEN'),
    );
    expect(await client.ask('putRecord', { gid, record: house.p.random(10) })).toMatchObject(
      refused('E_FORMAT'),
    );
    expect(await owner.get('records', { gid })).toEqual({ records: [] });
  });

  it('8: after departure the name stays and the acknowledgement goes', async () => {
    const { gid } = group;
    const name = recordOf(0);
    await client.get('putRecord', { gid, record: name });
    await client.get('putRecord', { gid, record: recordOf(1) });
    await append(owner, group.remove(alice, bob));
    expect(await owner.get('records', { gid })).toEqual({
      records: [{ pid: bob.pid, record: name }],
    });
  });

  const file = (size: number) => {
    const bytes = house.p.random(size);
    return { bytes, blob: blobHash(house.p, bytes) };
  };

  it('16: a file comes in parts, resumes by offset, and is served to members when whole', async () => {
    const { gid } = group;
    const { bytes, blob } = file(40_000);
    const part = (offset: number, end: number) =>
      client.get('putBlob', { gid, blob, total: 40_000, offset, part: bytes.slice(offset, end) });
    expect(await part(0, 20_000)).toEqual({ next: 20_000, done: false });
    expect(await part(0, 20_000)).toEqual({ next: 20_000, done: false });
    expect(await part(30_000, 40_000)).toEqual({ next: 20_000, done: false });
    expect(await owner.ask('getBlob', { gid, blob, offset: 0 })).toMatchObject(
      refused('E_NOT_FOUND'),
    );
    expect(await part(20_000, 40_000)).toEqual({ next: 40_000, done: true });
    expect(await part(20_000, 40_000)).toEqual({ next: 40_000, done: true });
    const first = await owner.get('getBlob', { gid, blob, offset: 0 });
    const rest = await owner.get('getBlob', { gid, blob, offset: first.part.length });
    expect(concat(first.part, rest.part)).toEqual(bytes);
    const stranger = await house.enter(carol);
    expect(await stranger.ask('getBlob', { gid, blob, offset: 0 })).toMatchObject(
      refused('E_NOT_MEMBER'),
    );
  });

  it('9: a file that does not hash to its name is dropped', async () => {
    const { gid } = group;
    const { blob } = file(1000);
    const put = (part: Uint8Array<ArrayBuffer>) =>
      client.ask('putBlob', { gid, blob, total: part.length, offset: 0, part });
    expect(await put(house.p.random(1000))).toMatchObject(refused('E_FORMAT'));
    expect(await owner.ask('getBlob', { gid, blob, offset: 0 })).toMatchObject(
      refused('E_NOT_FOUND'),
    );
    expect(await house.storage.upload(gid, blob, bob.pid)).toBeNull();
  });

  it('16: a file has a largest size, and no empty or tiny parts', async () => {
    const { gid } = group;
    const { blob } = file(10);
    const put = (total: number, size: number) =>
      client.ask('putBlob', { gid, blob, total, offset: 0, part: house.p.random(size) });
    expect(await put(200_001, 100)).toMatchObject(refused('E_LIMIT'));
    expect(await put(0, 0)).toMatchObject(refused('E_FORMAT'));
    expect(await put(100_000, 100)).toMatchObject(refused('E_FORMAT'));
    expect(await put(10, 100)).toMatchObject(refused('E_FORMAT'));
  });
});
