// One build of everything that ships: the page with its worker, the server, and the SDK.
import { builtinModules } from 'node:module';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const target = 'es2022';
const nodeTarget = 'node20';
const nodeNames = [...builtinModules, /^node:/];

const serverPort = Number(process.env['CONCLAVE_DEV_SERVER_PORT'] ?? 8788);

export default defineConfig({
  appType: 'spa',
  plugins: [react(), tailwindcss()],
  optimizeDeps: { include: ['libsodium-wrappers'] },
  worker: {
    format: 'es',
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
        outDir: 'dist/web',
        emptyOutDir: true,
        target,
        sourcemap: true,
        // A data: address would need holes in the content policy.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
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
      for (const name of ['client', 'server', 'sdk']) {
        const environment = builder.environments[name];
        if (environment === undefined) throw new Error(`the build knows no "${name}"`);
        await builder.build(environment);
      }
    },
  },
});
