import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryHash, introHash } from '../../crypto/hash.ts';
import { ROLE } from '../../protocol/role.ts';
import { type GroupLog, testLink, type TestLink } from '../testing/groupLog.ts';
import { append, type House, openHouse } from '../testing/house.ts';
import { type Person, signOffLog } from '../testing/person.ts';
import type { WireClient } from '../testing/wireClient.ts';

const HOUR = 3_600_000;
const refused = (name: string) => ({ ok: false, error: { name } });

describe('requests to join', () => {
  let house: House;
  let alice: Person;
  let bob: Person;
  let mallory: Person;
  let group: GroupLog;
  let link: TestLink;
  let owner: WireClient;
  let applicant: WireClient;
  const open = async (limits: Parameters<typeof openHouse>[0] = {}) => {
    house = await openHouse(limits);
    [alice, bob, mallory] = await Promise.all([house.person(1), house.person(2), house.person(3)]);
    owner = await house.enter(alice);
    applicant = await house.enter(bob);
    group = await house.group(owner, [alice, mallory]);
    link = testLink(house.p, 7);
    await append(owner, group.createLink(alice, link));
    await owner.get('subscribe', { gid: group.gid, t: 0 });
  };
  beforeEach(() => open());
  afterEach(() => house.close());

  const intro = () => house.p.random(300);
  const ask = (by: Person, through = link, text = intro(), exp = house.clock.read() + HOUR) => ({
    entry: group.request(by, through, exp, text, introHash(house.p, text)),
    intro: text,
  });
  const offLog = (by: Person, action: Parameters<typeof signOffLog>[4]) => ({
    entry: signOffLog(house.p, by, group.gid, house.clock.read(), action),
    intro: null,
  });
  const waiting = async () => (await owner.get('requests', { gid: group.gid })).requests;

  it('10: a request through a live link waits for the staff, who are told', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    expect(await owner.next('requests')).toEqual({ gid: group.gid });
    expect(await waiting()).toEqual([
      { request: made.entry, intro: made.intro, at: house.clock.read(), rejection: null },
    ]);
    expect(await applicant.get('ownRequest', { gid: group.gid })).toEqual({
      state: 'waiting',
      request: entryHash(house.p, made.entry),
      rejection: null,
    });
    const member = await house.enter(mallory);
    expect(await member.ask('requests', { gid: group.gid })).toMatchObject(refused('E_ROLE'));
  });

  it('10: the same request again is fine and waits once; a newer one takes its place', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    await applicant.get('offer', made);
    expect((await waiting()).length).toBe(1);
    const newer = ask(bob);
    await applicant.get('offer', newer);
    expect((await waiting()).map((row) => row.request)).toEqual([newer.entry]);
  });

  it('10: the request is admitted by the log; its intro goes, and the applicant hears of it', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    await append(owner, group.admit(alice, [made.entry]));
    expect(await applicant.next('standing')).toEqual({ gid: group.gid });
    expect(await applicant.get('ownRequest', { gid: group.gid })).toMatchObject({
      state: 'admitted',
    });
    expect(await waiting()).toEqual([]);
    expect((await house.storage.request(group.gid, bob.pid))?.intro).toBeNull();
    expect(await applicant.ask('offer', ask(bob))).toMatchObject(refused('E_ROSTER'));
  });

  it('10: form, both signatures, the link and the intro are checked; nothing is stored', async () => {
    const text = intro();
    const made = ask(bob, link, text);
    const bent = new Uint8Array(made.entry);
    bent[bent.length - 1] = (bent[bent.length - 1] ?? 0) ^ 1;
    expect(await applicant.ask('offer', { ...made, entry: bent })).toMatchObject(refused('E_SIG'));
    expect(
      await applicant.ask(
        'offer',
        ask(bob, { ...link, secretKey: testLink(house.p, 8).secretKey }),
      ),
    ).toMatchObject(refused('E_LINK'));
    expect(await applicant.ask('offer', ask(bob, testLink(house.p, 8)))).toMatchObject(
      refused('E_LINK'),
    );
    expect(await applicant.ask('offer', { ...made, intro: intro() })).toMatchObject(
      refused('E_BOX'),
    );
    expect(await applicant.ask('offer', { ...made, intro: null })).toMatchObject(refused('E_BOX'));
    expect(await applicant.ask('offer', ask(mallory))).toMatchObject(refused('E_AUTH'));
    expect(
      await applicant.ask('offer', ask(bob, link, text, house.clock.read() - 1)),
    ).toMatchObject(refused('E_REQ'));
    expect(await applicant.ask('offer', { entry: group.spawn.entry, intro: null })).toMatchObject(
      refused('E_AUTH'),
    );
    expect(await owner.ask('offer', { entry: group.spawn.entry, intro: null })).toMatchObject(
      refused('E_NOT_FOUND'),
    );
    expect(await waiting()).toEqual([]);
  });

  it('10: paused, expired and revoked links take no requests', async () => {
    const paused = testLink(house.p, 20);
    const expired = testLink(house.p, 21);
    await append(owner, group.createLink(alice, paused, { paused: true }));
    await append(owner, group.createLink(alice, expired, { expires: house.clock.read() + 10 }));
    expect(await applicant.ask('offer', ask(bob, paused))).toMatchObject(refused('E_LINK'));
    await applicant.get('offer', ask(bob, expired));
    house.clock.forward(11);
    expect(await applicant.ask('offer', ask(bob, expired))).toMatchObject(refused('E_LINK'));
  });

  it('10: who is banned cannot ask', async () => {
    await append(owner, group.remove(alice, mallory, true));
    const banned = await house.enter(mallory);
    expect(await banned.ask('offer', ask(mallory))).toMatchObject(refused('E_BANNED'));
  });

  it('10, bug 18: a request is withdrawn by its author alone', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    const request = entryHash(house.p, made.entry);
    const other = await house.enter(mallory);
    expect(
      await other.ask('offer', offLog(mallory, { kind: 'WithdrawRequest', request })),
    ).toMatchObject(refused('E_REQ'));
    await applicant.get('offer', offLog(bob, { kind: 'WithdrawRequest', request }));
    expect(await waiting()).toEqual([]);
    expect(await applicant.get('ownRequest', { gid: group.gid })).toEqual({
      state: 'none',
      request: null,
      rejection: null,
    });
  });

  it('10: staff reject; the applicant is told only where the rejection says so', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    const request = entryHash(house.p, made.entry);
    const silent = offLog(alice, {
      kind: 'RejectRequest',
      request,
      block: false,
      tell: false,
      note: null,
    });
    const member = await house.enter(mallory);
    const byMember = offLog(mallory, {
      kind: 'RejectRequest',
      request,
      block: false,
      tell: true,
      note: null,
    });
    expect(await member.ask('offer', byMember)).toMatchObject(refused('E_ROLE'));
    await owner.get('offer', silent);
    await owner.get('offer', silent);
    expect(await waiting()).toMatchObject([
      { request: made.entry, rejection: silent.entry, intro: made.intro },
    ]);
    expect(await applicant.get('ownRequest', { gid: group.gid })).toMatchObject({
      state: 'waiting',
      rejection: null,
    });
    const second = ask(bob);
    await applicant.get('offer', second);
    const told = offLog(alice, {
      kind: 'RejectRequest',
      request: entryHash(house.p, second.entry),
      block: false,
      tell: true,
      note: null,
    });
    await owner.get('offer', told);
    expect(await applicant.next('standing')).toEqual({ gid: group.gid });
    expect(await applicant.get('ownRequest', { gid: group.gid })).toMatchObject({
      state: 'rejected',
      rejection: told.entry,
    });
  });

  it('10: a block keeps the person from asking here until the log adds or unbans them', async () => {
    const made = ask(bob);
    await applicant.get('offer', made);
    await owner.get(
      'offer',
      offLog(alice, {
        kind: 'RejectRequest',
        request: entryHash(house.p, made.entry),
        block: true,
        tell: false,
        note: null,
      }),
    );
    expect(await applicant.ask('offer', ask(bob))).toMatchObject(refused('E_BANNED'));
    await append(owner, group.addDirectly(alice, bob));
    await append(owner, group.remove(alice, bob));
    await applicant.get('offer', ask(bob));
  });

  it('10: an expired request is told of for a day, then gone', async () => {
    await applicant.get('offer', ask(bob));
    house.clock.forward(HOUR + 1);
    expect(await applicant.get('ownRequest', { gid: group.gid })).toMatchObject({
      state: 'expired',
    });
    expect((await waiting()).length).toBe(1);
    house.clock.forward(24 * HOUR);
    expect(await waiting()).toEqual([]);
  });

  it('16: so many wait in a group, so many of one person, so many through a link an hour', async () => {
    await house.close();
    await open({
      config: {
        limits: { pendingRequestsPerGroup: 1, pendingRequestsPerPid: 1, requestsPerLinkPerHour: 2 },
      },
    });
    await applicant.get('offer', ask(bob));
    const carol = await house.person(4);
    const other = await house.enter(carol);
    expect(await other.ask('offer', ask(carol))).toMatchObject(refused('E_LIMIT'));
    const second = await house.group(owner, [alice]);
    const secondLink = testLink(house.p, 9);
    await append(owner, second.createLink(alice, secondLink));
    const text = intro();
    const elsewhere = {
      entry: second.request(
        bob,
        secondLink,
        house.clock.read() + HOUR,
        text,
        introHash(house.p, text),
      ),
      intro: text,
    };
    expect(await applicant.ask('offer', elsewhere)).toMatchObject(refused('E_LIMIT'));
    await applicant.get('offer', ask(bob));
    expect(await applicant.ask('offer', ask(bob))).toMatchObject({
      ok: false,
      error: { name: 'E_LIMIT', retryAt: house.clock.read() + HOUR / 2 },
    });
  });

  it('6: one complaint per member and generation reaches the staff, and goes with the next key', async () => {
    const member = await house.enter(mallory);
    const made = offLog(mallory, { kind: 'Complain', generation: 1, circle: 0 });
    await member.get('offer', made);
    await member.get('offer', made);
    house.clock.forward(1);
    expect(
      await member.ask('offer', offLog(mallory, { kind: 'Complain', generation: 1, circle: 0 })),
    ).toMatchObject(refused('E_LIMIT'));
    expect(
      await member.ask('offer', offLog(mallory, { kind: 'Complain', generation: 1, circle: 1 })),
    ).toMatchObject(refused('E_ROLE'));
    expect(
      await member.ask('offer', offLog(mallory, { kind: 'Complain', generation: 2, circle: 0 })),
    ).toMatchObject(refused('E_STALE_GEN'));
    expect(
      await applicant.ask('offer', offLog(bob, { kind: 'Complain', generation: 1, circle: 0 })),
    ).toMatchObject(refused('E_NOT_MEMBER'));
    expect((await owner.get('requests', { gid: group.gid })).complaints).toEqual([made.entry]);
    await append(owner, group.rotate(alice));
    expect((await owner.get('requests', { gid: group.gid })).complaints).toEqual([]);
  });

  it('4: a report carries one key for each of the staff of its generation', async () => {
    const member = await house.enter(mallory);
    const report = (keys: number) =>
      offLog(mallory, {
        kind: 'Report',
        generation: 1,
        sealed: house.p.random(400),
        keys: Array.from({ length: keys }, () => house.p.random(80)),
      });
    expect(await member.ask('offer', report(2))).toMatchObject(refused('E_ROSTER'));
    const made = report(1);
    await member.get('offer', made);
    await member.get('offer', made);
    expect((await owner.get('requests', { gid: group.gid })).reports).toEqual([made.entry]);
  });

  it('a moderator hears of the queue, a member does not', async () => {
    const dave = await house.person(5);
    await append(owner, group.addDirectly(alice, dave));
    const member = await house.enter(mallory);
    const page = await member.get('subscribe', { gid: group.gid, t: 0 });
    expect(page.more).toBe(false);
    await applicant.get('offer', ask(bob));
    await owner.next('requests');
    await member.get('ping', {});
    expect(member.untaken().map((push) => push.name)).not.toContain('requests');
    expect(group.state().members.get(alice.pid)?.role).toBe(ROLE.owner);
  });
});
