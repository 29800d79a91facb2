/** What people say about messages: answers, edits, deletions, hiding, reactions, pins. */
import { afterEach, describe, expect, it } from 'vitest';
import { ascii } from '../lib/bytes.ts';
import type { TimelineItem } from '../client/view.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { ROLE } from '../protocol/role.ts';
import { decodePayload } from '../protocol/text.ts';
import { cheat, refusalOf } from './cheat.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  inStep,
  lines,
  must,
  type Person,
  refused,
  say,
  setup,
  texts,
  type World,
} from './setup.ts';

let world: World;
let gid: Gid;
let alice: Person;
let bob: Person;
let carol: Person;
afterEach(() => world.close());

/** Alice owns, Bob moderates, Carol is a member. */
async function begin(): Promise<void> {
  world = await setup('alice', 'bob', 'carol');
  [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  gid = await groupOf(alice, [bob, carol]);
  must(await alice.client.editMember(gid, { set_role: [[bob.pid, ROLE.moderator]] }));
  await inStep([alice, bob, carol], gid);
}

type Message = Extract<TimelineItem, { kind: 'message' }>;

async function messages(one: Person): Promise<readonly Message[]> {
  return (await lines(one, gid)).filter((line) => line.kind === 'message');
}

/** Says it and answers its item, once everybody has it. */
async function said(by: Person, text: string): Promise<Hash> {
  await say(by, gid, text);
  await allRead([alice, bob, carol], gid, text);
  const line = (await messages(by)).find((one) => one.text === text);
  if (line === undefined) throw new Error('not said');
  return line.item;
}

async function seen(
  people: readonly Person[],
  item: Hash,
  holds: (line: Message) => boolean,
): Promise<void> {
  for (const one of people)
    await eventually([one], `${one.name} sees it`, async () => {
      const line = (await messages(one)).find((other) => other.item === item);
      return line !== undefined && holds(line);
    });
}

describe('what is said about messages', () => {
  it('SX-15: an answer quotes, a mention names an id, of at most twenty; both survive an edit and a restart', async () => {
    await begin();
    const first = await said(alice, 'Shall we meet at five');
    must(
      await bob.client.sendMessage(gid, 'Yes, Carol too', { reply: first, mentions: [carol.pid] }),
    );
    // Whoever names more is not read at all.
    const many = Array.from({ length: 21 }, (_, i) => i.toString(16).padStart(64, '0'));
    const payload = JSON.stringify({ type: 'text', text: 'everybody', mentions: many });
    expect(refused(decodePayload(ascii(payload)))).toBe('E_FORMAT');
    await allRead([alice, bob, carol], gid, 'Yes, Carol too');
    const answer = (await messages(carol)).find((one) => one.text === 'Yes, Carol too');
    expect(answer).toMatchObject({
      reply: { item: first, text: 'Shall we meet at five', author: { pid: alice.pid } },
      mentions: [{ pid: carol.pid }],
    });
    expect((await carol.client.groups())[0]).toMatchObject({ mentioned: true });
    expect((await alice.client.groups())[0]).toMatchObject({ mentioned: false });
    must(await alice.client.editMessage(gid, first, 'Shall we meet at six'));
    await seen([alice, bob, carol], first, (line) => line.text === 'Shall we meet at six');
    const quoted = (await messages(carol)).find((one) => one.reply !== null);
    expect(quoted?.reply?.text).toBe('Shall we meet at six');
    await world.restart('carol');
    await seen([carol], first, (line) => line.edited?.times === 1);
    const details = must(await carol.client.messageDetails(gid, first));
    expect(details.versions.map((one) => one.text)).toEqual([
      'Shall we meet at five',
      'Shall we meet at six',
    ]);
  });

  it('a deletion takes text and edits away everywhere, quotes with it, and says who deleted', async () => {
    await begin();
    const item = await said(carol, 'I should not say this');
    must(await carol.client.editMessage(gid, item, 'nor this'));
    await seen([alice], item, (line) => line.text === 'nor this');
    must(await bob.client.sendMessage(gid, 'Really', { reply: item }));
    await allRead([alice, bob, carol], gid, 'Really');
    must(await carol.client.deleteMessage(gid, item));
    await seen(
      [alice, bob, carol],
      item,
      (line) => line.gone?.what === 'deleted' && line.text === '',
    );
    for (const one of [alice, carol]) {
      const told = JSON.stringify(await lines(one, gid));
      expect(told).not.toContain('should not say');
      expect(told).not.toContain('nor this');
      expect(must(await one.client.messageDetails(gid, item)).versions).toEqual([]);
      const stored = await one.replica(gid);
      expect(stored.timeline.find(item)?.message).toMatchObject({ payload: null, body: null });
    }
    expect(refused(await carol.client.editMessage(gid, item, 'again'))).toBe('E_NOT_FOUND');
    await world.restart('alice');
    await seen([alice], item, (line) => line.gone?.by.pid === carol.pid);
    await eventually([carol], 'the server has dropped the bodies', async () => {
      const page = { items: 1000, bytes: 1_000_000 };
      const items = await world.storage().items(gid, 0, 1000, page, 'oldest');
      return items.filter((one) => one.kind === 'message' && one.body === null).length === 2;
    });
  });

  it('protocol 9: who comes later sees a deleted message as deleted, a body that is missing without a word as withheld', async () => {
    await begin();
    const dave = await world.join('dave');
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const gone = await said(alice, 'soon gone');
    await said(alice, 'stays');
    must(await alice.client.deleteMessage(gid, gone));
    await seen([alice, bob, carol], gone, (line) => line.gone !== null);
    await admit(alice, gid, dave);
    await eventually([dave], 'dave reads back', async () =>
      (await texts(dave, gid)).includes('stays'),
    );
    await seen([dave], gone, (line) => line.gone?.what === 'deleted');
    expect((await lines(dave, gid)).filter((line) => line.kind === 'unreadable')).toEqual([]);
  });

  it('SX-10, bug 4: the staff hides a message with a reason and shows it again; meanwhile neither quote nor details tell it', async () => {
    await begin();
    const item = await said(carol, 'buy cheap watches');
    must(await alice.client.sendMessage(gid, 'Please do not', { reply: item }));
    await allRead([alice, bob, carol], gid, 'Please do not');
    expect(refused(await carol.client.hideMessage(gid, item, true, ''))).toBe('E_ROLE');
    must(await bob.client.hideMessage(gid, item, true, 'advertising'));
    await seen([alice, bob, carol], item, (line) => line.gone?.reason === 'advertising');
    expect(JSON.stringify(await lines(alice, gid))).not.toContain('watches');
    expect(must(await alice.client.messageDetails(gid, item)).versions).toEqual([]);
    must(await alice.client.hideMessage(gid, item, false, ''));
    await seen([alice, bob, carol], item, (line) => line.text === 'buy cheap watches');
  });

  it('SX-10: who hides a message before it arrives, as the server orders it, hides it from its first moment on', async () => {
    await begin();
    const author = await cheat(world, carol, gid);
    const moderator = await cheat(world, bob, gid);
    const early = author.sealed({ type: 'text', text: 'buy cheap watches' });
    const hide = { type: 'hide', of: early.item, undo: false, reason: 'advertising' } as const;
    expect(await refusalOf(moderator.wire, 'send', moderator.sealed(hide))).toBe('answered');
    await said(alice, 'nothing to see yet');
    expect(await refusalOf(author.wire, 'send', early)).toBe('answered');
    for (const one of [alice, carol]) {
      await seen([one], early.item, (line) => line.gone?.reason === 'advertising');
      expect(JSON.stringify(await lines(one, gid))).not.toContain('watches');
      expect(JSON.stringify(one.events)).not.toContain('watches');
    }
    expect(must(await alice.client.messageDetails(gid, early.item)).versions).toEqual([]);
    // An answer to it, said by who had read it elsewhere, quotes nothing.
    must(await alice.client.sendMessage(gid, 'Please do not', { reply: early.item }));
    await allRead([alice, carol], gid, 'Please do not');
    expect(JSON.stringify(await lines(carol, gid))).not.toContain('watches');
  });

  it('SX-10: who reads back finds hidden what was hidden before the message was loaded', async () => {
    await begin();
    const dave = await world.join('dave');
    must(await alice.client.setPolicy(gid, { shareableDefault: true }));
    must(await alice.client.rotateSessionKey(gid));
    await inStep([alice, bob, carol], gid);
    const item = await said(carol, 'buy cheap watches');
    await admit(alice, gid, dave);
    const newest = must(await dave.client.timeline(gid, null));
    expect(newest.more).toBe(true);
    expect(newest.items.some((line) => line.kind === 'message' && line.item === item)).toBe(false);
    must(await bob.client.hideMessage(gid, item, true, 'advertising'));
    must(await alice.client.sendMessage(gid, 'Please do not', { reply: item }));
    await allRead([alice, bob], gid, 'Please do not');
    await eventually([dave], 'the answer has come', async () => {
      const { items } = must(await dave.client.timeline(gid, null));
      return items.some((line) => line.kind === 'message' && line.text === 'Please do not');
    });
    await seen([dave], item, (line) => line.gone?.reason === 'advertising');
    expect(JSON.stringify(await lines(dave, gid))).not.toContain('watches');
    expect(JSON.stringify(dave.events)).not.toContain('watches');
    expect(must(await dave.client.messageDetails(gid, item)).versions).toEqual([]);
    must(await bob.client.hideMessage(gid, item, false, ''));
    await seen([dave], item, (line) => line.text === 'buy cheap watches');
  });

  it('reactions count each person once and can be taken back; pins are the staff’s', async () => {
    await begin();
    const item = await said(alice, 'We won');
    for (const one of [bob, carol]) must(await one.client.reactTo(gid, item, '🎉', true));
    must(await carol.client.reactTo(gid, item, '🎉', true));
    await seen([alice, bob, carol], item, (line) => line.reactions[0]?.who.length === 2);
    must(await bob.client.reactTo(gid, item, '🎉', false));
    await seen([alice, bob, carol], item, (line) => line.reactions[0]?.who.length === 1);
    expect((await messages(carol)).at(-1)?.reactions).toMatchObject([{ emoji: '🎉', mine: true }]);
    expect(refused(await carol.client.pinMessage(gid, item, true))).toBe('E_ROLE');
    must(await bob.client.pinMessage(gid, item, true));
    await seen([alice, carol], item, (line) => line.pinned);
    expect(must(await carol.client.pinned(gid))).toHaveLength(1);
    must(await alice.client.pinMessage(gid, item, false));
    await seen([carol], item, (line) => !line.pinned);
  });

  it('P041: who edits or deletes another’s message, or hides without the right, is refused at the position and changes nothing', async () => {
    await begin();
    const item = await said(alice, 'mine alone');
    expect(refused(await carol.client.deleteMessage(gid, item))).toBe('E_ROLE');
    const mallory = await cheat(world, carol, gid);
    const first = mallory.sealed({ type: 'edit', of: item, text: 'hers now' });
    const second = mallory.sealed(
      { type: 'delete', of: item },
      { ctr: mallory.replica.head.ownCtr + 2, prevOwn: first.item },
    );
    const third = mallory.sealed(
      { type: 'hide', of: item, undo: false, reason: '' },
      { ctr: mallory.replica.head.ownCtr + 3, prevOwn: second.item },
    );
    for (const made of [first, second, third])
      expect(await refusalOf(mallory.wire, 'send', made)).toBe('answered');
    await eventually([bob], 'all three are refused', async () => {
      const bad = (await lines(bob, gid)).filter((line) => line.kind === 'unreadable');
      return bad.length === 3 && bad.every((line) => line.reason.name === 'E_ROLE');
    });
    await seen([alice, bob], item, (line) => line.text === 'mine alone' && line.gone === null);
  });

  it('a draft is kept sealed on the device with what it answers or edits, survives a restart, and goes when it is emptied', async () => {
    await begin();
    const item = await said(alice, 'shall we');
    const nothing = { text: '', about: null };
    const kept = async (): Promise<unknown> => {
      await world.restart('bob');
      const { text, about } = must(await bob.client.draft(gid));
      return { text, about: about && { what: about.what, item: about.message.item } };
    };
    const answer = { text: 'half a thought', about: { what: 'reply', item } } as const;
    must(await bob.client.keepDraft(gid, answer));
    expect(bob.events.at(-1)).toEqual({ kind: 'draft', gid, text: 'half a thought' });
    expect(await kept()).toEqual(answer);
    const edit = { text: '', about: { what: 'edit', item } } as const;
    must(await bob.client.keepDraft(gid, edit));
    expect(await kept()).toEqual(edit);
    expect(refused(await bob.client.keepDraft(gid, { ...edit, text: 'x'.repeat(70_000) }))).toBe(
      'E_LIMIT',
    );
    expect(await kept()).toEqual(edit);
    must(await bob.client.keepDraft(gid, nothing));
    expect(await kept()).toEqual(nothing);
  });

  it('a draft about a message that was deleted meanwhile keeps its words', async () => {
    await begin();
    const item = await said(alice, 'shall we');
    must(await bob.client.keepDraft(gid, { text: 'so what', about: { what: 'reply', item } }));
    must(await alice.client.deleteMessage(gid, item));
    await seen([bob], item, (line) => line.gone !== null);
    expect(must(await bob.client.draft(gid))).toEqual({ text: 'so what', about: null });
  });
});
