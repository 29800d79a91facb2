/** Node's socket as a transport. No Origin header is sent: this is a program. */
import { WebSocket } from 'ws';
import type { Transport } from '../../engine/ports.ts';

export function createNodeTransport(url: string): Transport {
  return {
    connect(handlers) {
      const socket = new WebSocket(url, { perMessageDeflate: false });
      socket.binaryType = 'nodebuffer';
      socket.on('open', () => handlers.opened());
      socket.on('message', (data: Buffer) => handlers.frame(new Uint8Array(data)));
      socket.on('close', () => handlers.closed());
      // A failed connection is told by `close`, which always follows.
      socket.on('error', () => undefined);
      return {
        send(frame) {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame);
        },
        close: () => socket.close(),
      };
    },
  };
}
