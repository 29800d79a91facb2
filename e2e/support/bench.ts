/** Rows of the benchmarks of the page, printed for people or as JSON. */
import process from 'node:process';
import type { LaunchOptions } from 'playwright/test';
import type { RunningServer } from './server.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms';
  /** In `unit`; what is measured must stay under it. */
  readonly limit: number;
  readonly ok: boolean;
}

export interface Bench {
  /** How browsers are started. */
  readonly how: LaunchOptions;
  readonly server: RunningServer;
}

/** How often each is measured. */
export const ROUNDS = 5;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export function tell(name: string, ms: number, limit: number): Row {
  const value = Math.round(ms);
  const row: Row = { name, value, unit: 'ms', limit, ok: value < limit };
  const line = process.argv.includes('--json')
    ? JSON.stringify(row)
    : `${row.ok ? 'ok  ' : 'slow'} ${String(row.value).padStart(5)} ms  ${row.name}`;
  process.stdout.write(`${line}\n`);
  return row;
}
