import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf, fits, packagesOf, readAudit } from './licences.mjs';

describe('licences', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'conclave-licences-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const install = (name: string, said: object, text?: string): void => {
    const place = path.join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'package.json'), JSON.stringify(said));
    if (text !== undefined) writeFileSync(path.join(place, 'LICENSE'), text);
  };
  const lock = (packages: Record<string, object>) => ({
    packages: { '': {}, ...packages },
  });
  const good = { version: '1.0.0', integrity: 'sha512-x' };
  const settings = 'ignore-scripts=true\n';

  it('what ships has a permissive licence; a tool may have the MPL; what says nothing is a fault', () => {
    install('a', { license: 'MIT' });
    install('b', { license: 'MPL-2.0' });
    install('c', {});
    install('d', {}, 'MIT License\n\nCopyright');
    const where = (dev: boolean) =>
      lock({
        'node_modules/a': { ...good, dev },
        'node_modules/b': { ...good, dev },
        'node_modules/c': { ...good, dev },
        'node_modules/d': { ...good, dev },
        'node_modules/elsewhere': { ...good, license: 'GPL-3.0', dev },
      });
    const names = (dev: boolean): string[] =>
      faultsOf(folder, where(dev), {}, settings).map((fault) => fault.split(' ')[0] ?? '');
    expect(names(false)).toEqual(['b', 'c', 'elsewhere']);
    expect(names(true)).toEqual(['c', 'elsewhere']);
    expect(packagesOf(folder, where(false)).find(({ name }) => name === 'd')?.licence).toBe('MIT');
  });

  it('an expression fits where each of its parts that matters does', () => {
    const allowed = new Set(['MIT', 'ISC']);
    expect(fits('(MIT OR GPL-3.0)', allowed)).toBe(true);
    expect(fits('MIT AND ISC', allowed)).toBe(true);
    expect(fits('MIT AND GPL-3.0', allowed)).toBe(false);
    expect(fits('SEE LICENSE IN eula.txt', allowed)).toBe(false);
    expect(fits('', allowed)).toBe(false);
  });

  it('the lock file is exact: no addresses, a hash for each, no install script of what ships', () => {
    install('a', { license: 'MIT' });
    const faults = (change: object, manifest = {}, npmrc = settings): string[] =>
      faultsOf(folder, lock({ 'node_modules/a': { ...good, ...change } }), manifest, npmrc);
    expect(faults({})).toEqual([]);
    expect(faults({ resolved: 'https://registry.example/a.tgz' })[0]).toContain('address');
    expect(faults({ integrity: undefined })[0]).toContain('no hash');
    expect(faults({ hasInstallScript: true })[0]).toContain('install script');
    expect(faults({ hasInstallScript: true }, { allowScripts: { a: false } })).toEqual([]);
    expect(faults({ hasInstallScript: true, dev: true })).toEqual([]);
    expect(faults({}, {}, '')[0]).toContain('run scripts');
    expect(faults({}, { dependencies: { a: '^1.0.0' } })[0]).toContain('no exact version');
    expect(faults({}, { dependencies: { a: '1.0.1' } })[0]).toContain('something else');
    expect(faults({}, { devDependencies: { a: '1.0.0' } })).toEqual([]);
  });

  it('known faults are told where the registry offers them, and only serious ones fail', () => {
    const said = (total: number, high: number): string =>
      JSON.stringify({ metadata: { vulnerabilities: { total, high, critical: 0 } } });
    expect(readAudit(said(0, 0))).toMatchObject({ bad: false });
    expect(readAudit(said(2, 0))).toMatchObject({ bad: false });
    expect(readAudit(`npm warn\n${said(2, 1)}`)).toMatchObject({ bad: true });
    for (const nothing of ['', '{"error":{"code":"ENOAUDIT"}}', 'npm error 404'])
      expect(readAudit(nothing)).toEqual({
        says: 'known vulnerabilities: not available',
        bad: false,
      });
  });
});
