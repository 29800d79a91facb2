/**
 * A page that is measured with nothing in it and no debugger at it. The runner keeps one at every page: for it the browser works out
 * where each error is made, which alone keeps the page's thread for 15 to 20 ms while React is evaluated, and its first question
 * brings a third of a megabyte of script along.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/** Acts in an empty page over a profile that no other browser uses meanwhile. */
export async function withoutRunner<T>(
  how: LaunchOptions,
  profile: string,
  act: (page: BarePage) => Promise<T>,
): Promise<T> {
  const words = ['--headless', '--remote-debugging-pipe', '--no-first-run', '--hide-scrollbars'];
  const child = spawn(
    how.executablePath ?? '',
    [...(how.args ?? []), ...words, `--user-data-dir=${profile}`, 'about:blank'],
    { env: how.env, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const [, , , out, into] = child.stdio as unknown as [null, null, null, Writable, Readable];
  const open = new Map<number, Waiting>();
  const say = ({ id, result, error }: Message): void => {
    const asked = id === undefined ? undefined : open.get(id);
    if (id === undefined || asked === undefined) return;
    open.delete(id);
    if (error === undefined) asked.resolve(result);
    else asked.reject(new Error(error.message));
  };
  let rest = '';
  into.setEncoding('utf8').on('data', (piece: string) => {
    const parts = (rest + piece).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) say(JSON.parse(part) as Message);
  });
  child.once('exit', () => {
    for (const { reject } of open.values()) reject(new Error('the browser is gone'));
  });

  let last = 0;
  const send = <T>(method: string, params: object, sessionId?: string): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      open.set(++last, { resolve, reject });
      out.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    }) as Promise<T>;
  const call: BarePage['call'] = (method, parameters = {}) => send(method, parameters, sessionId);
  const value: BarePage['value'] = async <V>(expression: string) => {
    const asked = { expression, returnByValue: true, awaitPromise: true };
    const { result, exceptionDetails } = await call<Value<V>>('Runtime.evaluate', asked);
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    return result.value;
  };

  let sessionId = '';
  try {
    const { targetInfos } = await send<Targets>('Target.getTargets', {});
    const page = targetInfos.find(({ type }) => type === 'page');
    if (page === undefined) throw new Error('the browser opened no page');
    const { targetId } = page;
    const attached = await send<{ readonly sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    ({ sessionId } = attached);
    await call('Page.enable');
    await call('Emulation.setDeviceMetricsOverride', SIZE);
    return await act({ call, value });
  } finally {
    // It says no more once it is gone.
    send('Browser.close', {}).catch(() => undefined);
    await ended;
  }
}
