/** The counts for whoever runs the server: on a port of its own, on this machine only. */
import { createServer } from 'node:http';
import { present } from '../../lib/assert.ts';

export interface MetricsPort {
  readonly port: number;
  readonly close: () => Promise<void>;
}

const LOCAL = '127.0.0.1';
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Rejects where the port cannot be had. */
export function openMetricsPort(port: number, text: () => string): Promise<MetricsPort> {
  const http = createServer((request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const wanted = request.method === 'GET' && request.url === '/metrics';
    response.writeHead(wanted ? 200 : 404, { 'Content-Type': wanted ? TYPE : 'text/plain' });
    response.end(wanted ? text() : 'Not found.\n');
  });
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, LOCAL, () => {
      http.off('error', reject);
      const address = present(http.address(), 'a listening server has an address');
      resolve({
        port: typeof address === 'string' ? 0 : address.port,
        close: () =>
          new Promise((closed) => {
            http.close(() => closed());
            http.closeAllConnections();
          }),
      });
    });
  });
}
