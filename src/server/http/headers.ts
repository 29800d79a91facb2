/** Headers of every response: what a page from here may do, and nothing more. */
const PAGE_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `connect-src 'self'`,
  `img-src 'self' data: blob:`,
  `font-src 'self'`,
  `manifest-src 'self'`,
  `worker-src 'self'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types conclave`,
].join('; ');

/** The worker compiles libsodium's WebAssembly; the page may not. */
const WORKER_POLICY = [
  `default-src 'none'`,
  `connect-src 'self'`,
  `script-src 'self' 'wasm-unsafe-eval'`,
].join('; ');

/** The shell fetches the files of its build and runs no other script. */
const SHELL_POLICY = [`default-src 'none'`, `connect-src 'self'`].join('; ');
const SHELL_FILE = '/sw.js';

/** The name the build gives the worker and its chunks (vite.config.ts). */
const WORKER_FILE = /^\/assets\/worker-[^/]*\.js$/;

function policyOf(path: string): string {
  if (path === SHELL_FILE) return SHELL_POLICY;
  return WORKER_FILE.test(path) ? WORKER_POLICY : PAGE_POLICY;
}

export function securityHeaders(path: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': policyOf(path),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
}

/** The bytes of a whole response, for sockets that never reach the router: refused upgrades, broken requests. */
export function rawResponse(status: number, reason: string): string {
  const headers = Object.entries({
    ...securityHeaders('/'),
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': '0',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  return [
    `HTTP/1.1 ${status} ${reason}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
}
