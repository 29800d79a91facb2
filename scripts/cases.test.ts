import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { idsIn, leftOut, leftOutHere, requiredCases, verdicts } from './cases.mjs';

const root = path.join(import.meta.dirname, '..');

/** Ids in the titles of all tests here, read from their sources. */
function titled(): Set<string> {
  const files = ['src', 'scripts', 'e2e'].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:test|spec)\.tsx?$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => file !== import.meta.filename),
  );
  const titles = files.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(
      /\b(?:it|test|describe|step)(?:\.\w+)*\(\s*(?:\[[\s\S]*?\]\s*\)\(\s*)?(['"`])([\s\S]*?)\1/g,
    ),
  ]);
  return new Set(titles.flatMap((title) => idsIn(title[2] ?? '')));
}

describe('cases of attack', () => {
  test('every required case stands in the title of a test, or in docs/THREATS.md with a reason', () => {
    const here = titled();
    const reasons = leftOutHere();
    expect(Object.keys(requiredCases()).length).toBeGreaterThan(140);
    const missing = Object.keys(requiredCases()).filter((id) => !here.has(id) && !reasons.has(id));
    expect(missing).toEqual([]);
  });

  test('a reason stands for required cases only', () => {
    const required = requiredCases();
    expect([...leftOutHere().keys()].filter((id) => required[id] === undefined)).toEqual([]);
  });

  test('a case passes if all that was played of it passed; one that nobody played has failed', () => {
    const played = [
      { file: 'a.test.ts', title: 'P001: one', status: 'passed' },
      { file: 'b.test.ts', title: 'P001, SX-02: two', status: 'failed' },
      { file: 'b.test.ts', title: 'P003, P0045: three', status: 'passed' },
      { file: 'b.test.ts', title: 'P004: four', status: 'skipped' },
    ] as const;
    const reasons = leftOut(
      '## Cases without a test\n\n| P005 | no machine |\n\n## Next\n| P006 | x |',
    );
    const table = verdicts(played, ['P001', 'SX-02', 'P003', 'P004', 'P005', 'P006'], reasons);
    expect(table.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'P001 failed',
      'SX-02 failed',
      'P003 passed',
      'P004 no test',
      'P005 left out',
      'P006 no test',
    ]);
    expect(table[0]?.files).toEqual(['a.test.ts', 'b.test.ts']);
  });
});
