// One build of everything that ships: the page with its worker, the shell that opens it offline, the server, and the SDK.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { sourcesHash } from './scripts/sources.mjs';

const target = 'es2022';
const nodeTarget = 'node20';
const nodeNames = [...builtinModules, /^node:/];

const serverPort = Number(process.env['CONCLAVE_DEV_SERVER_PORT'] ?? 8788);

const webFolder = 'dist/web';
const shellFile = 'sw.js';

/** Puts what only the build knows in place of two files: which build this is, and for the shell the files of the page. */
function thisBuild(): Plugin {
  return {
    name: 'this-build',
    apply: 'build',
    load(id) {
      if (id.endsWith('/src/lib/build.ts')) {
        const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
        return `export const BUILD = ${JSON.stringify({ version, id: sourcesHash().slice(0, 10) })};`;
      }
      if (id.endsWith('/src/offline/files.ts'))
        return `export const FILES = ${JSON.stringify(filesOfThePage())};`;
      return null;
    },
  };
}

/** The entry reads the page in parts, one after the other; the browser is told of all of them at once. */
function partsOfTheStart(): Plugin {
  return {
    name: 'parts-of-the-start',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {}, chunk }) => {
        const parts = new Set<string>();
        const add = (file: string): void => {
          const part = bundle[file];
          if (part?.type !== 'chunk' || part === chunk || parts.has(file)) return;
          parts.add(file);
          for (const other of part.imports) add(other);
        };
        for (const file of chunk?.dynamicImports ?? []) add(file);
        for (const file of chunk?.imports ?? []) parts.delete(file);
        return [...parts].map((file) => ({
          tag: 'link',
          injectTo: 'head',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
        }));
      },
    },
  };
}

/** Everything the page was built into but the maps for developers, by address, with its SHA-256. */
function filesOfThePage(): Record<string, string> {
  const files = readdirSync(webFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.map') && entry.name !== shellFile)
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
  return Object.fromEntries(
    files.map((file) => [
      `/${path.relative(webFolder, file).split(path.sep).join('/')}`,
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  );
}

export default defineConfig({
  appType: 'spa',
  plugins: [react(), tailwindcss(), thisBuild(), partsOfTheStart()],
  optimizeDeps: { include: ['libsodium-wrappers'] },
  worker: {
    format: 'es',
    plugins: () => [thisBuild()],
    // The server gives files with this name the worker's own policy, and scripts/bundle.mjs knows the keys' side by it.
    rolldownOptions: {
      output: {
        entryFileNames: 'assets/worker-[name]-[hash].js',
        chunkFileNames: 'assets/worker-[name]-[hash].js',
      },
    },
  },
  server: {
    strictPort: true,
    proxy: {
      '/session': { target: `ws://127.0.0.1:${serverPort}`, ws: true },
      '/healthz': { target: `http://127.0.0.1:${serverPort}` },
    },
  },
  environments: {
    client: {
      build: {
        outDir: webFolder,
        emptyOutDir: true,
        target,
        sourcemap: true,
        // A data: address would need holes in the content policy.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
      },
    },
    // After the page, whose files it names.
    offline: {
      consumer: 'client',
      build: {
        outDir: webFolder,
        emptyOutDir: false,
        copyPublicDir: false,
        target,
        sourcemap: true,
        rolldownOptions: {
          input: { sw: 'src/offline/main.ts' },
          output: { format: 'iife', entryFileNames: shellFile },
        },
      },
    },
    server: {
      consumer: 'server',
      resolve: { external: true, builtins: nodeNames },
      build: {
        outDir: 'dist/server',
        emptyOutDir: true,
        copyPublicDir: false,
        target: nodeTarget,
        sourcemap: true,
        minify: false,
        rolldownOptions: {
          input: { main: 'src/server/main.ts' },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
        },
      },
    },
    sdk: {
      consumer: 'server',
      resolve: { external: true, builtins: nodeNames },
      build: {
        outDir: 'dist/sdk',
        emptyOutDir: true,
        copyPublicDir: false,
        target: nodeTarget,
        sourcemap: true,
        minify: false,
        rolldownOptions: {
          input: {
            node: 'src/sdk/node.ts',
            browser: 'src/sdk/browser.ts',
            argonWorker: 'src/sdk/adapters/argonWorker.ts',
          },
          output: { entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'offline', 'server', 'sdk']) {
        const environment = builder.environments[name];
        if (environment === undefined) throw new Error(`the build knows no "${name}"`);
        await builder.build(environment);
      }
    },
  },
});
