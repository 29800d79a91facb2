import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = import.meta.dirname;
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('what the page forgets when the device locks', () => {
  it('P149: is every store but those of the look and of the build', () => {
    const stores = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .filter((name) => /\bcreate</u.test(text(name)));
    const forgotten = stores.filter((name) => text('forget.ts').includes(`'./${name}'`));
    expect(stores.length).toBeGreaterThan(5);
    expect(forgotten).toEqual(
      stores.filter((name) => !['language.ts', 'theme.ts', 'offeredBuild.ts'].includes(name)),
    );
  });
});
