/** Copies of the built page: as it is, and as another build of it, with an id and file names of its own. */
import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const built = join(import.meta.dirname, '../../dist/web');

export async function copyBuild(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await cp(built, folder, { recursive: true });
}

/** The id of the build in this folder, as its shell has it. */
export async function buildId(folder: string): Promise<string> {
  const id = /\bid:\s*["'`]([0-9a-f]{10})["'`]/u.exec(
    await readFile(join(folder, 'sw.js'), 'utf8'),
  )?.[1];
  if (id === undefined) throw new Error('the shell names no build');
  return id;
}

/** Files with a hash in their name are never asked for again: another build has other names. */
export async function becomeOtherBuild(folder: string): Promise<string> {
  const old = await buildId(folder);
  const id = [...old].toReversed().join('') === old ? '0123456789' : [...old].toReversed().join('');
  const names = await readdir(join(folder, 'assets'));
  const renamed = new Map(
    names.map((name) => [name, name.replace(/\.(js|css)(\.map)?$/u, 'x.$1$2')] as const),
  );
  for (const [from, to] of renamed)
    await rename(join(folder, 'assets', from), join(folder, 'assets', to));
  const texts = (await readdir(folder, { recursive: true })).filter((name) =>
    /\.(js|css|html)$/u.test(name),
  );
  const hash = async (name: string): Promise<string> =>
    createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
  const hashes = new Map<string, string>();
  for (const name of texts.filter((one) => one !== 'sw.js')) {
    const before = await hash(name);
    const file = join(folder, name);
    let text = await readFile(file, 'utf8');
    for (const [from, to] of renamed) text = text.replaceAll(from, to);
    await writeFile(file, text.replaceAll(old, id));
    hashes.set(before, await hash(name));
  }
  let shell = await readFile(join(folder, 'sw.js'), 'utf8');
  for (const [from, to] of renamed) shell = shell.replaceAll(from, to);
  for (const [from, to] of hashes) shell = shell.replaceAll(from, to);
  await writeFile(join(folder, 'sw.js'), shell.replaceAll(old, id));
  return id;
}
