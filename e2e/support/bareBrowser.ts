/**
 * A page that is measured with nothing in it and no debugger at it. The runner keeps one at every page: for it the browser works out
 * where each error is made, which alone keeps the page's thread for 15 to 20 ms while React is evaluated, and its first question
 * brings a third of a megabyte of script along.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { LaunchOptions } from 'playwright/test';

export interface BarePage {
  /** Of the browser's own protocol, as `Page.navigate`. Rejects where the browser refuses or is gone. */
  readonly call: <T = unknown>(method: string, parameters?: object) => Promise<T>;
  /** The value of an expression in the page, which must be fit for JSON. */
  readonly value: <T>(expression: string) => Promise<T>;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: Error) => void;
}

interface Value<T> {
  readonly result: { readonly value: T };
  readonly exceptionDetails?: { readonly text: string };
}

interface Targets {
  readonly targetInfos: readonly { readonly type: string; readonly targetId: string }[];
}

const SIZE = { width: 1280, height: 720, deviceScaleFactor: 1, mobile: false };
const WORDS = [
  '--headless',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--hide-scrollbars',
  '--disable-background-networking',
  '--disable-component-update',
  '--use-mock-keychain',
];
const PATIENCE_MS = 60_000;
const END_MS = 10_000;

/** Acts in an empty page over a profile that no other browser uses meanwhile. */
export async function withoutRunner<T>(
  how: LaunchOptions,
  profile: string,
  act: (page: BarePage) => Promise<T>,
): Promise<T> {
  const child = spawn(
    how.executablePath ?? '',
    [...(how.args ?? []), ...WORDS, `--user-data-dir=${profile}`, 'about:blank'],
    { env: how.env, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
  );
  const { send, ended } = wired(child);
  let sessionId = '';
  const call: BarePage['call'] = (method, parameters = {}) => send(method, parameters, sessionId);
  const value: BarePage['value'] = async <V>(expression: string) => {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await call<Value<V>>('Runtime.evaluate', asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value;
  };

  try {
    const { targetInfos } = await send<Targets>('Target.getTargets');
    const page = targetInfos.find(({ type }) => type === 'page');
    if (page === undefined) throw new Error('the browser opened no page');
    const where = { targetId: page.targetId, flatten: true };
    ({ sessionId } = await send<{ readonly sessionId: string }>('Target.attachToTarget', where));
    await call('Page.enable');
    await call('Emulation.setDeviceMetricsOverride', SIZE);
    return await act({ call, value });
  } finally {
    const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
    // It says no more once it is gone.
    send('Browser.close').catch(() => undefined);
    await ended;
    clearTimeout(late);
  }
}

interface Wires {
  /** Rejects where the browser refuses, does not answer in time, or is gone. */
  readonly send: <T>(method: string, parameters?: object, sessionId?: string) => Promise<T>;
  /** Resolves once the browser is gone, or did not start. */
  readonly ended: Promise<void>;
}

function wired(child: ChildProcess): Wires {
  const [, , errors, out, into] = child.stdio as [null, null, Readable, Writable, Readable];
  const open = new Map<number, Waiting>();
  let gone: Error | null = null;
  let complaint = '';
  errors.setEncoding('utf8').on('data', (piece: string) => {
    complaint = (complaint + piece).slice(-500);
  });
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      gone = new Error(`the browser is gone: ${complaint}`);
      for (const { reject } of open.values()) reject(gone);
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  // What breaks here is told by the end of the browser.
  for (const stream of [out, into]) stream.on('error', () => undefined);

  let rest = '';
  into.setEncoding('utf8').on('data', (piece: string) => {
    const parts = (rest + piece).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const { id, result, error } = JSON.parse(part) as Message;
      const asked = id === undefined ? undefined : open.get(id);
      if (error === undefined) asked?.resolve(result);
      else asked?.reject(new Error(error.message));
    }
  });

  let last = 0;
  const send: Wires['send'] = async <T>(method: string, parameters = {}, sessionId?: string) => {
    const id = ++last;
    let late: NodeJS.Timeout | undefined;
    try {
      return (await new Promise<unknown>((resolve, reject) => {
        if (gone !== null) return reject(gone);
        open.set(id, { resolve, reject });
        late = setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE_MS);
        out.write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
      })) as T;
    } finally {
      clearTimeout(late);
      open.delete(id);
    }
  };
  return { send, ended };
}
