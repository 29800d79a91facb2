import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bytes, concat } from '../../lib/bytes.ts';
import { blobHash } from '../../crypto/hash.ts';
import { blobLength } from '../../protocol/file.ts';
import type { Hash } from '../../protocol/ids.ts';
import { NO_OPS } from '../../protocol/ops.ts';
import { ROLE } from '../../protocol/role.ts';
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
    house = await openHouse({
      config: { limits: { blobBytes: 200_000, blobGroupBytes: 100_000, blobPidBytes: 90_000 } },
    });
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
    // The limit is of the content: what sealing adds is not counted.
    expect(await put(blobLength(200_000) + 1, 100)).toMatchObject(refused('E_LIMIT'));
    expect(await put(blobLength(200_000), 100)).toMatchObject(refused('E_FORMAT'));
    expect(await put(0, 0)).toMatchObject(refused('E_FORMAT'));
    expect(await put(100_000, 100)).toMatchObject(refused('E_FORMAT'));
    expect(await put(10, 100)).toMatchObject(refused('E_FORMAT'));
  });

  /** Brings a blob in one part. */
  const bring = async (by: WireClient, size = 1000) => {
    const { bytes: part, blob } = file(size);
    await by.get('putBlob', { gid: group.gid, blob, total: size, offset: 0, part });
    return blob;
  };
  const isThere = async (blob: Hash): Promise<boolean> =>
    (await owner.ask('getBlob', { gid: group.gid, blob, offset: 0 })).ok;

  it('9.14: an empty part only asks, and an upload that came whole before an end is finished then', async () => {
    const { gid } = group;
    const { bytes, blob } = file(1000);
    const put = (offset: number, part: Bytes) =>
      client.get('putBlob', { gid, blob, total: 1000, offset, part });
    expect(await put(0, concat())).toEqual({ next: 0, done: false });
    expect(await house.storage.upload(gid, blob, bob.pid)).toBeNull();
    const name = { gid, blob, pid: bob.pid };
    await house.storage.commit([
      { kind: 'part', ...name, total: 1000, offset: 0, part: bytes, at: house.clock.read() },
    ]);
    expect(await put(1000, concat())).toEqual({ next: 1000, done: true });
    expect(await isThere(blob)).toBe(true);
  });

  it('9.14: what no message and no profile names goes when its time is over and room is wanted, and a named one stays', async () => {
    const [kept, unnamed] = [await bring(owner), await bring(owner, 60_000)];
    const message = group.message(alice, 1);
    await owner.get('send', { ...message, file: kept });
    house.clock.forward(7 * 24 * 60 * 60 * 1000 + 1);
    // An upload that finds no room sweeps; so does the clock of the server, once an hour.
    await bring(owner);
    expect(await isThere(unnamed)).toBe(true);
    await bring(owner, 60_000);
    expect([await isThere(kept), await isThere(unnamed)]).toEqual([true, false]);
  });

  it('9.14: a message names a whole blob of its own author, or it is not taken', async () => {
    const message = group.message(alice, 1);
    const [own, foreign] = [await bring(owner), await bring(client)];
    expect(await owner.ask('send', { ...message, file: foreign })).toMatchObject(
      refused('E_NOT_FOUND'),
    );
    expect(await owner.ask('send', { ...message, file: file(10).blob })).toMatchObject(
      refused('E_NOT_FOUND'),
    );
    expect(await owner.ask('send', { ...message, file: own })).toMatchObject({ ok: true });
  });

  it('9.14: an upload is taken back by who made it, unless a message names it', async () => {
    const { gid } = group;
    const [named, called] = [await bring(owner), await bring(owner)];
    await owner.get('send', { ...group.message(alice, 1), file: named });
    await client.get('dropBlob', { gid, blob: called });
    expect(await isThere(called)).toBe(true);
    await owner.get('dropBlob', { gid, blob: called });
    await owner.get('dropBlob', { gid, blob: named });
    expect([await isThere(named), await isThere(called)]).toEqual([true, false]);
  });

  it('16.3: a group and a person have so much room, told before anything is uploaded', async () => {
    const { gid } = group;
    const before = await owner.get('blobRoom', { gid });
    expect(before).toEqual({ fileBytes: 200_000, left: 90_000 });
    await bring(owner, 40_000);
    expect(await owner.get('blobRoom', { gid })).toEqual({ fileBytes: 200_000, left: 50_000 });
    expect(await client.get('blobRoom', { gid })).toEqual({ fileBytes: 200_000, left: 60_000 });
    const { bytes: part, blob } = file(60_001);
    expect(
      await client.ask('putBlob', { gid, blob, total: 60_001, offset: 0, part }),
    ).toMatchObject(refused('E_LIMIT'));
    await bring(client, 60_000);
    expect(await owner.get('blobRoom', { gid })).toEqual({ fileBytes: 200_000, left: 0 });
    const stranger = await house.enter(carol);
    expect(await stranger.ask('blobRoom', { gid })).toMatchObject(refused('E_NOT_MEMBER'));
  });

  it('3: who may not write brings no file', async () => {
    const { gid } = group;
    const { bytes: part, blob } = file(1000);
    const put = (by: WireClient) => by.ask('putBlob', { gid, blob, total: 1000, offset: 0, part });
    const stranger = await house.enter(carol);
    expect(await put(stranger)).toMatchObject(refused('E_NOT_MEMBER'));
    await append(
      owner,
      group.act(alice, {
        kind: 'MemberOps',
        ops: { ...NO_OPS, setRole: [{ pid: bob.pid, role: ROLE.observer }] },
        keys: null,
      }),
    );
    expect(await put(client)).toMatchObject(refused('E_ROLE'));
  });
});
