/** What a person takes along is what they can read, and it says what is missing. */
import { afterEach, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { ExportCursor, ExportPart } from '../client/view.ts';
import { type ExportLine, readExport } from '../protocol/exported.ts';
import {
  admit,
  allRead,
  ask,
  groupOf,
  makeGroup,
  makeLink,
  must,
  refused,
  say,
  setup,
  texts,
  type World,
} from './setup.ts';

let world: World;
afterEach(() => world.close());

async function exported(client: Client): Promise<string> {
  let text = '';
  let cursor: ExportCursor | null = null;
  do {
    const part: ExportPart = must(await client.exportData(cursor));
    text += part.text;
    cursor = part.next;
  } while (cursor !== null);
  return text;
}

const of = <K extends ExportLine['line']>(lines: readonly ExportLine[], kind: K) =>
  lines.filter((line): line is Extract<ExportLine, { line: K }> => line.line === kind);

it('13: an export holds every group, person, act and message that is shown, own requests and devices, and no key', async () => {
  world = await setup('alice', 'bob', 'carol');
  const [alice, bob, carol] = world.people('alice', 'bob', 'carol');
  const gid = await groupOf(alice, [bob]);
  for (let i = 0; i < 30; i++) await say(i % 2 === 0 ? alice : bob, gid, `line ${String(i)}\n“ü”`);
  await allRead([alice, bob], gid, 'line 29\n“ü”');
  const other = await makeGroup(carol, 'Choir');
  const { link } = await makeLink(carol, other);
  await ask(carol, other, bob, link);
  const second = await makeGroup(bob, 'Greenhouse');
  const text = await exported(bob.client);
  const lines = must(readExport(text));
  expect(lines[0]).toMatchObject({ line: 'header', account: { pid: bob.pid, name: 'bob' } });
  expect(of(lines, 'group').map((line) => [line.gid, line.name])).toEqual([
    [gid, 'Harbour garden'],
    [second, 'Greenhouse'],
  ]);
  const said = of(lines, 'message').filter((line) => line.gid === gid);
  expect(said.map((line) => line.payload['text'])).toEqual(await texts(bob, gid));
  expect(new Set(said.map((line) => line.author.name))).toEqual(new Set(['alice', 'bob']));
  expect(of(lines, 'request')).toMatchObject([{ gid: other, name: 'Choir', state: 'waiting' }]);
  expect(of(lines, 'device')).toMatchObject([{ name: 'bob', thisOne: true }]);
  const page = must(await bob.client.timeline(gid, null));
  const acts = page.items.filter((item) => item.kind === 'log');
  expect(of(lines, 'entry').filter((line) => line.gid === gid)).toHaveLength(acts.length);
  expect(of(lines, 'end')[0]?.missing).toEqual({
    notShared: 0,
    withheld: 0,
    unreadable: 0,
    notLoaded: 0,
    staffOnly: 0,
  });
  expect(text).not.toMatch(/"key"|secret|seed|vault/iu);
});

it('13: an export counts what was not shared, and one that was cut is not taken for whole', async () => {
  world = await setup('alice', 'bob');
  const [alice, bob] = world.people('alice', 'bob');
  const gid = await makeGroup(alice);
  must(await alice.client.setPolicy(gid, { shareableDefault: false }));
  must(await alice.client.rotateSessionKey(gid));
  for (const text of ['one', 'two', 'three']) await say(alice, gid, text);
  await allRead([alice], gid, 'three');
  await admit(alice, gid, bob);
  await say(alice, gid, 'welcome');
  await allRead([bob], gid, 'welcome');
  const text = await exported(bob.client);
  const lines = must(readExport(text));
  expect(of(lines, 'message').map((line) => line.payload['text'])).toEqual(['welcome']);
  expect(of(lines, 'end')[0]?.missing.notShared).toBeGreaterThanOrEqual(3);
  const rows = text.trimEnd().split('\n');
  expect(refused(readExport(rows.slice(0, -1).join('\n')))).toBe('E_GAP');
  expect(refused(readExport(rows.toSpliced(-3, 1).join('\n')))).toBe('E_GAP');
  expect(refused(readExport(text.replace('"line":"group"', '"line":"grou"')))).toBe('E_FORMAT');
});
