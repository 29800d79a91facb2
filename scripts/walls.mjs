// Holds the walls of docs/ARCHITECTURE.md: who may import whom. dependency-cruiser reads the imports, the laws are here.
// `node scripts/walls.mjs [folder]` prints each fault and exits 1 when there is one.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { cruise } from 'dependency-cruiser';

/**
 * @typedef {{ from: string, to: string, written: string, package: string | null, builtin: boolean, lost: boolean }} Edge
 * @typedef {{ law: string, says: string }} Fault
 * @typedef {{ files: string[], edges: Edge[], faults: Fault[] }} Report
 */

const pagePackages = [
  'react',
  'react-dom',
  '@base-ui/react',
  '@tanstack/react-query',
  '@tanstack/react-router',
  'zustand',
  'lucide-react',
  'virtua',
  'react-hook-form',
  'i18next',
  'react-i18next',
  'frimousse',
  'uqr',
  'fflate',
  'mdast-util-from-markdown',
  'mdast',
  '@scure/bip39',
];

/**
 * One row a folder: the files it may import besides its own, the packages it may know, and who in it may use Node.
 * @type {Record<string, { floors: RegExp[], packages: [RegExp, string[]][], node: RegExp | null }>}
 */
const table = {
  lib: { floors: [], packages: [], node: null },
  protocol: {
    floors: [/^src\/lib\//],
    packages: [[/^src\/protocol\//, ['valibot', 'cborg']]],
    node: null,
  },
  group: { floors: [/^src\/(protocol|lib)\//], packages: [], node: null },
  crypto: {
    floors: [/^src\/(protocol|lib)\//],
    packages: [
      [/^src\/crypto\/sodium\.ts$/, ['libsodium-wrappers']],
      [/^src\/crypto\/argon\.ts$/, ['libsodium-wrappers-sumo']],
      [/^src\/crypto\/code\.ts$/, ['@scure/bip39']],
    ],
    node: null,
  },
  ledger: {
    floors: [/^src\/(group|protocol|lib)\//, /^src\/crypto\/[^/]+\.ts$/],
    packages: [],
    node: null,
  },
  client: { floors: [/^src\/(group|protocol|lib)\//], packages: [], node: null },
  engine: {
    floors: [/^src\/(client|ledger|crypto|group|protocol|lib)\//],
    packages: [[/^src\/engine\//, ['@scure/bip39']]],
    node: null,
  },
  sdk: {
    floors: [/^src\/(engine|client|protocol|lib)\//, /^src\/crypto\/(sodium|argon)\.ts$/],
    packages: [[/^src\/sdk\/adapters\//, ['ws', 'idb']]],
    node: /^src\/sdk\/(node|adapters\/fileStore)\.ts$/,
  },
  offline: { floors: [/^src\/lib\//], packages: [], node: null },
  worker: { floors: [/^src\/(client|protocol|lib)\//], packages: [], node: null },
  cli: {
    floors: [
      /^src\/sdk\/node\.ts$/,
      /^src\/(client|ledger|protocol|lib)\//,
      /^src\/crypto\/sodium\.ts$/,
    ],
    packages: [[/^src\/cli\//, ['citty', 'cli-table3']]],
    node: /^src\/cli\//,
  },
  server: {
    floors: [/^src\/(ledger|group|protocol|lib)\//, /^src\/crypto\/[^/]+\.ts$/],
    packages: [
      [
        /^src\/server\//,
        [
          'hono',
          '@hono/node-server',
          'ws',
          '@photostructure/sqlite',
          'kysely',
          'pg',
          'pino',
          'prom-client',
          'rate-limiter-flexible',
        ],
      ],
    ],
    node: /^src\/server\//,
  },
  web: {
    floors: [
      /^src\/(worker\/(lasting|message)|offline\/message)\.ts$/,
      /^src\/(client|group|protocol|lib)\//,
    ],
    packages: [[/^src\/web\//, pagePackages]],
    node: null,
  },
};

const nameless = /(^|\/)(index|types|utils|helpers|constants)\.[cm]?tsx?$/;
/** The one way from the page to the worker: its address, not its code. */
const workerAddress = /\?worker&url$/;
const rooms = /^src\/web\/(chat|console|account)\//;
const worldlyPackages = ['@tanstack/react-query', '@tanstack/react-router', 'zustand'];

const isTest = (/** @type {string} */ file) => /\.test\.tsx?$/.test(file);
/** Test code that is no test file: suites every implementation of a port must pass, and builders under testing/. */
const isContract = (/** @type {string} */ file) =>
  /(^|\/)(contract|\w+Contract|testing\/\w+)\.ts$/.test(file);
const isScenario = (/** @type {string} */ file) => file.startsWith('src/scenario/');
const isForTests = (/** @type {string} */ file) =>
  isTest(file) || isContract(file) || isScenario(file);
const isCode = (/** @type {string} */ file) => /\.tsx?$/.test(file);

/** Every TypeScript file below the folder, named from the root with forward slashes. */
function filesBelow(/** @type {string} */ root, /** @type {string} */ folder) {
  const from = path.join(root, folder);
  if (!existsSync(from)) return [];
  return readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isCode(entry.name))
    .map((entry) =>
      path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    )
    .toSorted();
}

/** @returns {Promise<{ read: Set<string>, edges: Edge[] }>} */
async function readImports(/** @type {string} */ root, /** @type {string[]} */ folders) {
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      // Type-only imports count: a type that leads to the engine is a wall with a hole.
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules', dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg'] },
      validate: false,
    },
    { extensions: ['.ts', '.tsx', '.d.ts', '.mjs', '.js', '.json', '.css'] },
  );
  if (typeof output === 'string') throw new Error('dependency-cruiser gave text, not a graph');
  const read = new Set(output.modules.map((module) => module.source).filter(isCode));
  const edges = output.modules.flatMap((module) =>
    folders.some((folder) => module.source.startsWith(`${folder}/`))
      ? module.dependencies.map((dependency) => ({
          from: module.source,
          to: dependency.resolved,
          written: dependency.module,
          package: packageOf(dependency.module),
          builtin: dependency.coreModule,
          lost: dependency.couldNotResolve,
        }))
      : [],
  );
  return { read, edges };
}

/** The package an import names, or null when it names a file. */
function packageOf(/** @type {string} */ written) {
  if (written.startsWith('.') || written.startsWith('/')) return null;
  const parts = written.split('/');
  return written.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? written);
}

/** What one import breaks, or null. Files that only serve tests may import what they like. */
function faultOf(/** @type {Edge} */ edge) {
  const { from, to } = edge;
  if (from.startsWith('e2e/')) return faultOfStory(edge);
  if (isScenario(from) && to.startsWith('src/web/')) return 'scenario may not import web';
  if (isTest(from) || isScenario(from)) return null;
  if (edge.package === 'vitest' && isContract(from)) return null;

  const folder = from.split('/')[1] ?? '';
  const row = table[folder];
  if (row === undefined) return `"${folder}" has no row in the table of scripts/walls.mjs`;

  if (edge.builtin) return row.node?.test(from) ? null : `Node's own modules are not for ${from}`;
  if (edge.package !== null) {
    if (from.startsWith('src/web/ui/') && worldlyPackages.includes(edge.package))
      return `ui knows no ${edge.package}`;
    const known = row.packages.some(
      ([who, names]) => who.test(from) && names.includes(edge.package ?? ''),
    );
    return known ? null : `the package ${edge.package} is not for ${from}`;
  }

  if (edge.lost) return 'leads nowhere';
  if (!to.startsWith('src/')) return 'leaves src';
  if (isForTests(to) && !isForTests(from)) return 'tests are never imported';
  if (workerAddress.test(edge.written))
    return from === 'src/web/client.ts' && to === 'src/worker/main.ts'
      ? null
      : 'only web/client.ts asks for the address of worker/main.ts';

  const room = rooms.exec(from)?.[1];
  const otherRoom = rooms.exec(to)?.[1];
  if (room !== undefined && otherRoom !== undefined && room !== otherRoom)
    return `${room} and ${otherRoom} do not know each other`;
  if (from.startsWith('src/web/ui/'))
    return /^src\/(web\/ui|lib)\//.test(to) ? null : 'ui imports only lib';

  if (to.startsWith(`src/${folder}/`)) return null;
  if (from === 'src/worker/main.ts' && to === 'src/sdk/browser.ts') return null;
  return row.floors.some((floor) => floor.test(to)) ? null : `${folder} may not import it`;
}

/** Stories see the product from outside: a browser, files on disk, no code of ours. */
function faultOfStory(/** @type {Edge} */ { from, to, package: name, builtin }) {
  if (builtin || name === 'playwright' || name === '@axe-core/playwright') return null;
  // An archive the page wrote is opened again.
  if (name === 'fflate' && from.startsWith('e2e/support/')) return null;
  const starts = [
    'e2e/playwright.config.ts',
    'e2e/support/screenshots.ts',
    'e2e/support/benchUi.ts',
  ];
  if (starts.includes(from) && to === 'scripts/browser.mjs') return null;
  if (to.startsWith('e2e/support/')) return null;
  // What a browser holds is opened with the product's own readers: only so can a story search for it elsewhere.
  if (from.startsWith('e2e/support/') && to.startsWith('src/')) return null;
  return 'stories import playwright and e2e/support only; support alone may read src';
}

/** A shortest chain of imports from one file to the first file that answers, or null. */
function chain(
  /** @type {Map<string, string[]>} */ graph,
  /** @type {string} */ start,
  /** @type {(file: string) => boolean} */ found,
) {
  /** @type {Map<string, string | null>} */
  const cameFrom = new Map([[start, null]]);
  const queue = [start];
  for (const file of queue) {
    if (file !== start && found(file)) {
      const steps = [];
      for (let step = /** @type {string | null} */ (file); step !== null;) {
        steps.unshift(step);
        step = cameFrom.get(step) ?? null;
      }
      return steps;
    }
    for (const next of graph.get(file) ?? []) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return null;
}

/** Each circle of imports once, named by its alphabetically first file. */
function circles(/** @type {Map<string, string[]>} */ graph) {
  const found = [];
  const known = new Set();
  for (const start of [...graph.keys()].toSorted()) {
    if (known.has(start)) continue;
    for (const next of graph.get(start) ?? []) {
      const back = next === start ? [start] : chain(graph, next, (file) => file === start);
      if (back === null) continue;
      for (const file of back) known.add(file);
      found.push(next === start ? [start, start] : [start, ...back]);
      break;
    }
  }
  return found;
}

/**
 * Reads the tree below root and reports every broken wall, and a fault when it could not read what is on disk:
 * a checker that reads nothing finds nothing.
 * @param {string} root
 * @returns {Promise<Report>}
 */
export async function checkWalls(root) {
  const folders = ['src', 'e2e'].filter((folder) => filesBelow(root, folder).length > 0);
  const files = folders.flatMap((folder) => filesBelow(root, folder));
  if (files.length === 0)
    return { files, edges: [], faults: [{ law: 'sight', says: 'there is no source to read' }] };

  const { read, edges } = await readImports(root, folders);
  /** @type {Fault[]} */
  const faults = [];
  for (const file of files) {
    if (!read.has(file)) faults.push({ law: 'sight', says: `${file} was not read` });
    if (nameless.test(file))
      faults.push({ law: 'names', says: `${file} says nothing by its name` });
  }
  if (files.length > 20 && edges.length < files.length / 2)
    faults.push({ law: 'sight', says: `only ${edges.length} imports in ${files.length} files` });

  for (const edge of edges) {
    const says = faultOf(edge);
    if (says !== null)
      faults.push({ law: 'table', says: `${edge.from} -> ${edge.written}: ${says}` });
  }

  /** @type {Map<string, string[]>} */
  const graph = new Map();
  for (const edge of edges) {
    if (edge.package !== null || edge.builtin || edge.lost || workerAddress.test(edge.written))
      continue;
    graph.set(edge.from, [...(graph.get(edge.from) ?? []), edge.to]);
  }
  for (const file of files) {
    if (isForTests(file)) continue;
    if (file.startsWith('src/server/')) {
      const steps = chain(graph, file, (to) => to.startsWith('src/crypto/secret/'));
      if (steps) faults.push({ law: 'server reaches no secret', says: steps.join(' -> ') });
    }
    if (file.startsWith('src/web/')) {
      const steps = chain(graph, file, (to) => to.startsWith('src/crypto/'));
      if (steps) faults.push({ law: 'page reaches no crypto', says: steps.join(' -> ') });
    }
  }
  for (const steps of circles(graph)) faults.push({ law: 'no circle', says: steps.join(' -> ') });
  return { files, edges, faults };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = path.resolve(process.argv[2] ?? path.join(import.meta.dirname, '..'));
  const { files, edges, faults } = await checkWalls(root);
  for (const fault of faults) console.error(`${fault.law}: ${fault.says}`);
  console.log(`walls: ${files.length} files, ${edges.length} imports, ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
