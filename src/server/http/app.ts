/** What the server says over plain HTTP: the page, its files, and whether it is well. */
import { Hono } from 'hono';
import type { ServerConfig } from '../config.ts';
import { securityHeaders } from './headers.ts';
import type { StaticFiles } from './staticFiles.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Addresses of files: where one is missing there is no page in its place. */
const FILE_ADDRESS = /^\/assets\/|\.[a-z0-9]+$/i;

export function createApp(
  files: StaticFiles,
  version: string,
  about: ServerConfig['about'] = { operator: null, contact: null, retention: null },
): Hono {
  const app = new Hono();

  app.use('*', async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders(c.req.path))) c.header(name, value);
  });

  app.use('*', async (c, next) => {
    if (METHODS.has(c.req.method)) return next();
    return c.text('Method not allowed.', 405, { Allow: 'GET, HEAD', 'Cache-Control': 'no-store' });
  });

  app.get('/healthz', (c) => c.json({ ok: true, version }, 200, { 'Cache-Control': 'no-store' }));

  app.get('/about.json', (c) => c.json(about, 200, { 'Cache-Control': 'no-store' }));

  app.get('/session', (c) =>
    c.text('A WebSocket is expected here.', 426, {
      Upgrade: 'websocket',
      'Cache-Control': 'no-store',
    }),
  );

  app.get('*', async (c) => {
    const { path } = c.req;
    const wantsPage =
      !FILE_ADDRESS.test(path) && (c.req.header('Accept') ?? '').includes('text/html');
    const file =
      files.get(path) ?? (path === '/' || wantsPage ? files.get('/index.html') : undefined);
    if (file === undefined) return c.text('Not found.', 404, { 'Cache-Control': 'no-store' });
    return c.body(await file.body(), 200, {
      'Content-Type': file.type,
      'Cache-Control': file.cache,
    });
  });

  app.onError((_, c) => c.text('The server failed.', 500, { 'Cache-Control': 'no-store' }));
  return app;
}
