import { mkdirSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { blobHash } from '../crypto/hash.ts';
import { encodeFrame } from '../protocol/field.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import { encodeRequest } from '../protocol/request.ts';
import { testFolder, type TestFolder } from './testing/folder.ts';
import { type House, openHouse } from './testing/house.ts';

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self'; " +
    "manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types conclave",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

describe('HTTP', () => {
  let house: House;
  let web: TestFolder;
  beforeEach(async () => {
    web = testFolder();
    mkdirSync(path.join(web.path, 'assets'));
    writeFileSync(path.join(web.path, 'index.html'), '<!doctype html>page');
    writeFileSync(path.join(web.path, 'theme.js'), 'theme');
    writeFileSync(path.join(web.path, 'assets', 'main-abc.js'), 'main');
    writeFileSync(path.join(web.path, 'assets', 'worker-abc.js'), 'worker');
    writeFileSync(path.join(web.path, 'assets', 'worker-argonWorker-abc.js'), 'throw-away');
    house = await openHouse({ config: { webDir: web.path } });
  });
  afterEach(async () => {
    await house.close();
    web.remove();
  });
  const get = (
    address: string,
    method = 'GET',
    headers: Record<string, string> = {},
  ): Promise<Got> =>
    new Promise((resolve, reject) => {
      const asked = httpRequest(
        { port: house.port, host: '127.0.0.1', path: address, method, headers, agent: false },
        (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  const html = { Accept: 'text/html,application/xhtml+xml' };

  it.each([
    ['/', 200, html],
    ['/healthz', 200, {}],
    ['/g/abc', 200, html],
    ['/assets/main-abc.js', 200, {}],
    ['/nothing', 404, {}],
    ['/assets/none.js', 404, html],
    ['/session', 426, {}],
    ['/..%2fmain.js', 404, {}],
    ['/%E0%A4%A', 404, {}],
  ])('every answer carries the headers of the page: %s is %i', async (address, status, headers) => {
    const got = await get(address, 'GET', headers);
    expect(got.status).toBe(status);
    expect(got.headers).toMatchObject(HEADERS);
  });

  it.each(['worker-abc.js', 'worker-argonWorker-abc.js'])(
    'P099: the worker file %s has its own policy, which may compile WebAssembly',
    async (name) => {
      const got = await get(`/assets/${name}`);
      expect(got.headers).toMatchObject({
        ...HEADERS,
        'content-security-policy':
          "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
      });
    },
  );

  it('the shell that opens offline fetches from here and does nothing else, and is always asked for anew', async () => {
    writeFileSync(path.join(web.path, 'sw.js'), 'shell');
    const other = await openHouse({ config: { webDir: web.path } });
    try {
      const response = await fetch(`http://127.0.0.1:${other.port}/sw.js`);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...HEADERS,
        'content-security-policy': "default-src 'none'; connect-src 'self'",
        'cache-control': 'no-cache',
        'content-type': 'text/javascript; charset=utf-8',
      });
    } finally {
      await other.close();
    }
  });

  it('pages of the app are index.html, never stored; hashed files are stored for long', async () => {
    expect(await get('/join', 'GET', html)).toMatchObject({
      body: '<!doctype html>page',
      headers: { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await get('/assets/main-abc.js')).toMatchObject({
      body: 'main',
      headers: {
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
      },
    });
    expect(await get('/theme.js')).toMatchObject({ headers: { 'cache-control': 'no-cache' } });
    expect((await get('/join')).status).toBe(404);
  });

  it('health says that it is well, and the version', async () => {
    expect(JSON.parse((await get('/healthz')).body)).toEqual({ ok: true, version: '0.1.0' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])(
    'other methods are not allowed: %s',
    async (method) => {
      const got = await get('/', method);
      expect(got).toMatchObject({ status: 405, headers: { ...HEADERS, allow: 'GET, HEAD' } });
    },
  );

  it('HEAD answers without a body', async () => {
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '', headers: HEADERS });
  });

  it('bytes that are no HTTP get 400 with the headers', async () => {
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectTcp(house.port, '127.0.0.1', () => socket.write('nonsense\r\n\r\n'));
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('Content-Security-Policy: default-src');
  });
});

describe('sockets', () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ config: { origins: ['https://chat.example'] } });
  });
  afterEach(() => house.close());

  const statusOf = (address: string, origin?: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(
        `ws://127.0.0.1:${house.port}${address}`,
        origin === undefined ? {} : { origin },
      );
      socket.on('unexpected-response', (_, response) => {
        expect(response.headers).toMatchObject(HEADERS);
        resolve(response.statusCode ?? 0);
        response.destroy();
      });
      socket.on('open', () => {
        resolve(101);
        socket.close();
      });
      socket.on('error', reject);
    });

  it('13: a page of another origin gets 403, a program without one and a known page come in', async () => {
    expect(await statusOf('/session', 'https://evil.example')).toBe(403);
    expect(await statusOf('/session', 'null')).toBe(403);
    expect(await statusOf('/session', 'https://chat.example')).toBe(101);
    expect(await statusOf('/session')).toBe(101);
  });

  it('P085: compression that a client offers is not taken: lengths say nothing about what was guessed', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${house.port}/session`, {
      perMessageDeflate: { threshold: 0 },
    });
    const answer = new Promise<string | undefined>((resolve) => {
      socket.on('upgrade', (response) => resolve(response.headers['sec-websocket-extensions']));
    });
    await new Promise((resolve) => socket.on('open', resolve));
    expect(await answer).toBeUndefined();
    expect(socket.extensions).toBe('');
    socket.terminate();
  });

  it('sockets are taken at /session only', async () => {
    expect(await statusOf('/')).toBe(404);
  });

  it('13: without configuration the page comes from localhost or 127.0.0.1 at the port of the server', async () => {
    await house.close();
    house = await openHouse();
    expect(await statusOf('/session', `http://localhost:${house.port}`)).toBe(101);
    expect(await statusOf('/session', `http://127.0.0.1:${house.port}`)).toBe(101);
    expect(await statusOf('/session', `http://localhost:${house.port + 1}`)).toBe(403);
    expect((await house.visit()).hello.origin).toBe(`http://localhost:${house.port}`);
  });

  it.each([
    ['noise', new Uint8Array([0xff, 0xff])],
    ['text', 'hello'],
    ['a value that is no request', encodeFrame({ a: 1 })],
    ['an id that is no number', encodeFrame(['x', 'ping', []])],
  ])('a frame that is no request ends the connection with E_FORMAT: %s', async (_, frame) => {
    const client = await house.visit();
    const other = await house.visit();
    client.raw(frame);
    expect(await client.next('bye')).toEqual({ name: 'E_FORMAT', retryAt: null });
    expect(await client.closed).toBe(1008);
    expect(await other.ask('ping', {})).toMatchObject({ ok: true });
  });

  it('a request nobody knows, or of another shape, is refused alone', async () => {
    const client = await house.visit();
    const answers: number[] = [];
    client.socket.on('message', (data: Buffer) => answers.push(data.length));
    client.raw(encodeFrame([900, 'fly', []]));
    client.raw(encodeFrame([901, 'fetchCards', [1]]));
    expect(await client.ask('ping', {})).toMatchObject({ ok: true });
    expect(answers.length).toBe(3);
  });

  it('16: a frame over the limit ends the connection', async () => {
    const client = await house.visit();
    client.raw(new Uint8Array(SERVER_LIMITS.frameBytes + 1));
    expect(await client.closed).toBe(1009);
    expect(await (await house.visit()).ask('ping', {})).toMatchObject({ ok: true });
  });

  it('13: what needs a login is refused before it', async () => {
    const client = await house.visit();
    const gid = '0'.repeat(64) as never;
    expect(await client.ask('subscribe', { gid, t: 0 })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
    expect(await client.ask('records', { gid })).toMatchObject({
      ok: false,
      error: { name: 'E_AUTH' },
    });
  });

  it('who does not log in in time is sent away; who reads an invitation may stay', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { handshakeMs: 100 } } });
    const visitor = await house.visit();
    await visitor.ask('preview', { gid: '0'.repeat(64) as never, linkPk: '0'.repeat(64) as never });
    const silent = await house.visit();
    expect(await silent.next('bye')).toMatchObject({ name: 'E_TIMEOUT' });
    expect(await visitor.ask('ping', {})).toMatchObject({ ok: true });
  });

  it('bug 11, bug 12: who shows no life is dropped; who answers pings is not', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { idleMs: 1000 } } });
    const alice = await house.person(1);
    const alive = await house.enter(alice);
    const dead = await house.enter(alice);
    dead.socket.pong = () => undefined;
    (
      dead.socket as unknown as { _receiver: { removeAllListeners: (name: string) => void } }
    )._receiver.removeAllListeners('ping');
    expect(await dead.next('bye')).toMatchObject({ name: 'E_TIMEOUT' });
    expect(await alive.ask('ping', {})).toMatchObject({ ok: true });
  });

  it('who does not read what is sent is dropped, and the others go on', async () => {
    await house.close();
    house = await openHouse({
      config: { limits: { socketQueueBytes: 1024 * 1024, messageBurst: 1000 } },
    });
    const [alice, bob] = await Promise.all([house.person(1), house.person(2)]);
    const owner = await house.enter(alice);
    const group = await house.group(owner, [alice, bob]);
    const slow = await house.enter(bob);
    await slow.get('subscribe', { gid: group.gid, t: 0 });
    slow.socket.pause();
    for (let ctr = 1; ctr <= 300; ctr++)
      await owner.get(
        'send',
        group.message(alice, ctr, { body: new Uint8Array(60_000).fill(ctr) }),
      );
    slow.socket.resume();
    expect([1006, 1013]).toContain(await slow.closed);
    expect(await owner.ask('ping', {})).toMatchObject({ ok: true });
  });

  it('a server that ends says bye and when to come again; what it heard before is answered', async () => {
    const alice = await house.person(1);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice]);
    const last = client.ask('send', group.message(alice, 1));
    // Frames are heard in order: once the ping is answered the message was heard.
    await client.ask('ping', {});
    const closing = house.server.close();
    expect(await client.next('bye')).toEqual({
      name: 'E_OFFLINE',
      retryAt: house.clock.read() + 1000,
    });
    expect(await client.closed).toBe(1001);
    await closing;
    expect(await last).toMatchObject({ ok: true });
    await expect(house.visit()).rejects.toThrow('ECONNREFUSED');
  });

  it('who asks for more at once than fits a socket is answered piece by piece, not dropped', async () => {
    await house.close();
    house = await openHouse({ config: { limits: { socketQueueBytes: 1024 * 1024 } } });
    const alice = await house.person(1);
    const client = await house.enter(alice);
    const group = await house.group(client, [alice]);
    const part = new Uint8Array(200_000).fill(7);
    const blob = blobHash(house.p, part);
    await client.get('putBlob', { gid: group.gid, blob, total: part.length, offset: 0, part });
    const ask = () => client.get('getBlob', { gid: group.gid, blob, offset: 0 });
    const replies = await Promise.all(Array.from({ length: 100 }, ask));
    expect(replies.every((reply) => reply.part.length === part.length)).toBe(true);
  });

  it('many requests at once are all answered', async () => {
    const client = await house.visit();
    const replies = await Promise.all(Array.from({ length: 500 }, () => client.ask('ping', {})));
    expect(replies.every((reply) => reply.ok)).toBe(true);
    client.raw(encodeRequest(7, 'ping', {}));
  });
});
