/** Rows of the benchmarks of the page, printed for people or as JSON. */
import { cpus } from 'node:os';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LaunchOptions } from 'playwright/test';
import type { RunningServer } from './server.ts';

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MiB';
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

const LOOK_MS = 250;
const REST_MAX_MS = 60_000;
/** Of the time of all processors. */
const IDLE = 0.9;

/**
 * Resolves once the machine does nothing else: what the step before left to do, as a store that is put in order or a memory
 * that is given back, would be measured with the next. Rejects where it does not come to rest.
 */
export async function atRest(): Promise<void> {
  const until = performance.now() + REST_MAX_MS;
  for (let quiet = 0; quiet < 2;) {
    if (performance.now() > until)
      throw new Error('the machine has other work: nothing to measure');
    const before = spent();
    await sleep(LOOK_MS);
    const now = spent();
    quiet = (now.idle - before.idle) / (now.all - before.all) > IDLE ? quiet + 1 : 0;
  }
}

/** By all processors since the machine started, in ms. */
function spent(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((one) => one.times);
  const idle = times.reduce((sum, one) => sum + one.idle, 0);
  return {
    idle,
    all: times.reduce((sum, one) => sum + one.user + one.nice + one.sys + one.idle + one.irq, 0),
  };
}

export function tell(name: string, amount: number, limit: number, unit: Row['unit'] = 'ms'): Row {
  const value = Math.round(amount);
  const row: Row = { name, value, unit, limit, ok: value < limit };
  const line = process.argv.includes('--json')
    ? JSON.stringify(row)
    : `${row.ok ? 'ok  ' : 'slow'} ${String(row.value).padStart(5)} ${unit.padEnd(3)} ${row.name}`;
  process.stdout.write(`${line}\n`);
  return row;
}
