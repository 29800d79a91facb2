import { afterEach, describe, expect, it } from 'vitest';
import { neutralise } from '../client/shownName.ts';
import { decodePayload, decodeProfile, encodePayload, encodeProfile } from '../protocol/text.ts';
import {
  admit,
  allRead,
  eventually,
  groupOf,
  makeGroup,
  must,
  refused,
  say,
  setupWith,
  texts,
  view,
  type World,
} from './setup.ts';
import { STRANGE } from './strangeTexts.ts';

let world: World;
afterEach(() => world.close());

const open = (...names: string[]): Promise<World> =>
  setupWith({ memory: true, hurry: 20 }, ...names);
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

describe('strange texts, sealed and opened again', () => {
  it('P120: every one is the same to the byte as a message, as the name and the words of a file, as a note', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await groupOf(alice, [bob]);
    const file = { type: 'file', blob: 'a'.repeat(64), key: 'A'.repeat(43), hash: 'b'.repeat(64) };
    const refusals: string[] = [];
    for (const text of STRANGE) {
      const named = encodePayload({
        ...file,
        type: 'file',
        name: text,
        media: 'text/plain',
        bytes: 1,
        text,
      });
      expect(must(decodePayload(must(named)))).toMatchObject({ name: text, text });
      const sent = await alice.client.sendMessage(gid, text);
      if (!sent.ok) refusals.push(text);
    }
    expect(refusals).toEqual(['']);
    await say(alice, gid, 'the end');
    await allRead([bob], gid, 'the end');
    const said = [...STRANGE.filter((text) => text !== ''), 'the end'];
    expect((await texts(bob, gid)).map(utf8)).toEqual(said.map(utf8));
  });

  it('every one is the same to the byte as what a group says of itself; a name that nobody could see or that is too long is refused', async () => {
    world = await open('alice');
    const alice = world.person('alice');
    const gid = await makeGroup(alice);
    const refusals: string[] = [];
    let name = (await view(alice, gid)).name;
    for (const text of STRANGE) {
      const profile = { salt: '', group_name: text, about: text, img: null, rules: text };
      const done = await alice.client.editGroupInfo(gid, { group_name: text, about: text });
      if (done.ok) {
        must(decodeProfile(must(encodeProfile(profile))));
        name = neutralise(text);
      } else refusals.push(`${done.error.name} ${text}`);
      const now = await view(alice, gid);
      expect(now.name).toBe(name);
      expect(done.ok ? now.about : text).toBe(text);
    }
    const wrong = STRANGE.filter((text) => neutralise(text) === null || text.length > 200);
    expect(refusals).toEqual(wrong.map((text) => `E_FORMAT ${text}`));
  });

  it('every one is shown as it was noted by the staff, but for spaces at its ends', async () => {
    world = await open('alice');
    const alice = world.person('alice');
    const gid = await makeGroup(alice);
    const noted = STRANGE.map((text) => text.trim());
    const refusals: string[] = [];
    for (const text of STRANGE) {
      const done = await alice.client.addNote(gid, { pid: alice.pid }, text);
      if (!done.ok) refusals.push(`${done.error.name} ${text.trim()}`);
    }
    expect(new Set(refusals)).toEqual(new Set(['E_FORMAT ']));
    const wanted = noted.filter((text) => text !== '');
    const notes = await eventually([alice], 'the notes are stored', async () => {
      const all = must(await alice.client.notes(gid));
      return all.length === wanted.length && all;
    });
    expect(notes.map(({ text }) => utf8(text))).toEqual(wanted.map(utf8));
  });

  it('names of people show nothing that hides or turns round what stands beside them', async () => {
    world = await open('alice', 'bob');
    const [alice, bob] = world.people('alice', 'bob');
    const gid = await makeGroup(alice);
    await admit(alice, gid, bob);
    for (const text of STRANGE) {
      const shown = neutralise(text);
      if (shown === null) continue;
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(shown.trim()).toBe(shown);
      expect([...shown].length).toBeLessThanOrEqual(60);
    }
    const guest = await world.guest();
    for (const text of STRANGE.filter((one) => neutralise(one) === null))
      expect(refused(await guest.createAccount(text))).toBe('E_FORMAT');
  });
});
