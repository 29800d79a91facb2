// The cases of attack that must be played, and what their tests say of them. Reads files and reports, runs nothing.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './child.mjs';

/**
 * @typedef {{ file: string, title: string, status: 'passed' | 'failed' | 'skipped' }} Played
 * @typedef {{ id: string, verdict: 'passed' | 'failed' | 'no test' | 'left out', says: string, files: string[] }} Verdict
 */

/** What an id looks like in the title of a test. */
export const CASE = /\b(?:P\d{3}a?|SX-\d{2})\b/g;

/** @returns {Record<string, string>} every required case, and what it plays */
export function requiredCases() {
  return JSON.parse(readFileSync(path.join(root, 'scripts/data/attacks.json'), 'utf8'));
}

/**
 * The cases that are not played, each with its reason: rows `| P104 | reason |` below the heading "Cases without a test".
 * @param {string} threats docs/THREATS.md
 * @returns {Map<string, string>}
 */
export function leftOut(threats) {
  const part = threats.split(/^## /m).find((one) => one.startsWith('Cases without a test')) ?? '';
  const rows = part.matchAll(/^\| *(P\d{3}a?|SX-\d{2}) *\| *(\S.*?) *\|$/gm);
  return new Map([...rows].map((row) => [row[1] ?? '', row[2] ?? '']));
}

/** @returns {Map<string, string>} */
export function leftOutHere() {
  return leftOut(readFileSync(path.join(root, 'docs/THREATS.md'), 'utf8'));
}

/** The ids a title carries, once each. @param {string} title */
export function idsIn(title) {
  return [...new Set(title.match(CASE) ?? [])];
}

/**
 * One verdict for every required case: passed if something was played and all of it passed. A case nobody played has failed,
 * unless a reason stands for it.
 * @param {readonly Played[]} played
 * @param {readonly string[]} required
 * @param {ReadonlyMap<string, string>} reasons
 * @returns {Verdict[]}
 */
export function verdicts(played, required, reasons) {
  /** @type {Map<string, Played[]>} */
  const byId = new Map(required.map((id) => [id, []]));
  for (const test of played) for (const id of idsIn(test.title)) byId.get(id)?.push(test);
  return [...byId].map(([id, tests]) => {
    const ran = tests.filter(({ status }) => status !== 'skipped');
    const files = [...new Set(ran.map(({ file }) => file))].toSorted();
    const bad = ran.filter(({ status }) => status === 'failed');
    const reason = reasons.get(id);
    if (bad.length > 0) return { id, verdict: 'failed', says: bad[0]?.title ?? '', files };
    if (ran.length > 0) return { id, verdict: 'passed', says: '', files };
    if (reason !== undefined) return { id, verdict: 'left out', says: reason, files };
    return { id, verdict: 'no test', says: 'nothing plays it', files };
  });
}
