import { describe, expect, it } from 'vitest';
import { createSerial } from './serial.ts';

function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

describe('createSerial', () => {
  it('one job at a time, in the order asked', async () => {
    const serial = createSerial();
    const first = gate<string>();
    const seen: string[] = [];
    const jobs = [
      serial(async () => {
        seen.push('first begins');
        seen.push(await first.promise);
      }),
      serial(async () => {
        seen.push('second');
        return Promise.resolve();
      }),
    ];
    await Promise.resolve();
    expect(seen).toEqual(['first begins']);
    first.open('first ends');
    await Promise.all(jobs);
    expect(seen).toEqual(['first begins', 'first ends', 'second']);
  });

  it('a failed job rejects its own caller and stops nobody else', async () => {
    const serial = createSerial();
    const failed = serial(() => Promise.reject(new Error('mine')));
    const after = serial(() => Promise.resolve(7));
    await expect(failed).rejects.toThrow('mine');
    await expect(after).resolves.toBe(7);
  });

  it('a job that throws before its first wait rejects its own caller only', async () => {
    const serial = createSerial();
    const failed = serial((): Promise<number> => {
      throw new Error('at once');
    });
    const after = serial(() => Promise.resolve('goes on'));
    await expect(failed).rejects.toThrow('at once');
    await expect(after).resolves.toBe('goes on');
  });

  it('two lines do not wait for each other', async () => {
    const [one, other] = [createSerial(), createSerial()];
    const blocked = gate<string>();
    const waiting = one(() => blocked.promise);
    await expect(other(() => Promise.resolve('free'))).resolves.toBe('free');
    blocked.open('later');
    await expect(waiting).resolves.toBe('later');
  });
});
