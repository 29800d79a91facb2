// `npm run licences`: every package with its licence, whether the lock file is exact, and whether faults of packages are known.
// With --offline (npm test) nothing is asked of any registry.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root, run, runNode } from './child.mjs';

/**
 * @typedef {{ version?: string, license?: string, dev?: boolean, devOptional?: boolean, optional?: boolean, peer?: boolean,
 *   link?: boolean, resolved?: string, integrity?: string, hasInstallScript?: boolean }} Locked
 * @typedef {{ lockfileVersion?: number, packages: Record<string, Locked> }} Lock
 * @typedef {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string>,
 *   allowScripts?: Record<string, boolean> }} Manifest
 * @typedef {{ name: string, version: string, licence: string, production: boolean }} Package
 */

/** Licences that ask for no more than their own text. */
const PERMISSIVE = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Zlib',
]);
/** Fine for a tool that is used and not handed on. */
const OF_TOOLS = new Set([...PERMISSIVE, 'MPL-2.0', 'Python-2.0', 'CC-BY-4.0']);

/**
 * Whether an SPDX expression fits: one of those joined by OR, all of those joined by AND.
 * @param {string} licence
 * @param {Set<string>} allowed
 * @returns {boolean}
 */
export function fits(licence, allowed) {
  const bare = licence.trim().replace(/^\((.*)\)$/, '$1');
  if (bare.includes(' OR ')) return bare.split(' OR ').some((one) => fits(one, allowed));
  if (bare.includes(' AND ')) return bare.split(' AND ').every((one) => fits(one, allowed));
  return allowed.has(bare);
}

/**
 * What a package says about its licence: its package.json, or the first words of its licence file; '' where it says nothing.
 * @param {string} folder
 */
function licenceIn(folder) {
  const said = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { license, licenses } = said;
  if (typeof license === 'string') return license;
  if (typeof license?.type === 'string') return license.type;
  if (Array.isArray(licenses)) return licenses.map((one) => one.type ?? one).join(' OR ');
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) return '';
  const text = readFileSync(path.join(folder, file), 'utf8').slice(0, 400);
  if (/MIT License|Permission is hereby granted, free of charge/.test(text)) return 'MIT';
  if (/ISC License/.test(text)) return 'ISC';
  return '';
}

/**
 * The packages of a lock file. What is not installed here (it belongs to another machine) is taken at the lock's word.
 * @param {string} folder
 * @param {Lock} lock
 * @returns {Package[]}
 */
export function packagesOf(folder, lock) {
  return Object.entries(lock.packages)
    .filter(([place, { link }]) => place !== '' && link !== true)
    .map(([place, { version = '', license = '', dev, devOptional }]) => {
      const installed = path.join(folder, place);
      const here = existsSync(path.join(installed, 'package.json'));
      return {
        name: place.replace(/^.*node_modules\//, ''),
        version,
        licence: here ? licenceIn(installed) : license,
        production: dev !== true && devOptional !== true,
      };
    });
}

/**
 * What is wrong with licences, lock file and manifest, a sentence each.
 * @param {string} folder
 * @param {Lock} lock
 * @param {Manifest} manifest
 * @param {string} settings the text of .npmrc
 */
export function faultsOf(folder, lock, manifest, settings) {
  const faults = [];
  for (const { name, version, licence, production } of packagesOf(folder, lock)) {
    const use = production ? 'what ships' : 'a tool';
    if (!fits(licence, production ? PERMISSIVE : OF_TOOLS))
      faults.push(`${name} ${version} has the licence "${licence}", which does not fit ${use}.`);
  }
  for (const [place, locked] of Object.entries(lock.packages)) {
    if (place === '' || locked.link === true) continue;
    if (locked.resolved !== undefined) faults.push(`${place} names an address in the lock file.`);
    if (locked.integrity === undefined) faults.push(`${place} has no hash in the lock file.`);
    const name = place.replace(/^.*node_modules\//, '');
    const production = locked.dev !== true && locked.devOptional !== true;
    if (production && locked.hasInstallScript === true && manifest.allowScripts?.[name] !== false)
      faults.push(`${name} has an install script that allowScripts does not refuse.`);
  }
  if (!/^ignore-scripts=true$/m.test(settings))
    faults.push('.npmrc lets packages run scripts while they are installed.');
  for (const [name, version] of Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
  })) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      faults.push(`${name} is wanted as "${version}", which is no exact version.`);
    else if (lock.packages[`node_modules/${name}`]?.version !== version)
      faults.push(`${name} is wanted as ${version} and locked as something else.`);
  }
  return faults;
}

/**
 * What is known about faults of the packages that ship. Registries need not offer this.
 * @returns {Promise<{ says: string, bad: boolean }>}
 */
async function audit() {
  const words = ['audit', '--omit=dev', '--json'];
  const npm = process.env['npm_execpath'];
  const { output } = npm?.endsWith('npm-cli.js')
    ? await runNode([npm, ...words])
    : await run('npm', words);
  return readAudit(output);
}

/** @param {string} output */
export function readAudit(output) {
  const none = { says: 'known vulnerabilities: not available', bad: false };
  try {
    const { metadata } = JSON.parse(output.slice(output.indexOf('{')));
    const counts = metadata?.vulnerabilities;
    if (typeof counts?.total !== 'number') return none;
    const bad = counts.high + counts.critical > 0;
    return { says: `known vulnerabilities: ${counts.total} in what ships`, bad };
  } catch {
    return none;
  }
}

if (process.argv[1] === import.meta.filename) {
  /** @type {(name: string) => any} */
  const read = (name) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
  const lock = /** @type {Lock} */ (read('package-lock.json'));
  const settings = readFileSync(path.join(root, '.npmrc'), 'utf8');
  const faults = faultsOf(root, lock, read('package.json'), settings);
  const packages = packagesOf(root, lock);
  const ships = packages.filter(({ production }) => production);
  for (const { name, version, licence } of ships) console.log(`${name} ${version}  ${licence}`);
  console.log(`${ships.length} packages ship, ${packages.length - ships.length} are tools`);
  let bad = false;
  if (!process.argv.includes('--offline')) {
    const known = await audit();
    console.log(known.says);
    ({ bad } = known);
  }
  for (const fault of faults) console.error(fault);
  console.log(`licences: ${faults.length === 0 ? 'no fault' : `${faults.length} faults`}`);
  if (bad || faults.length > 0) process.exitCode = 1;
}
