/** The browser's socket as a transport. */
import type { Transport } from '../../engine/ports.ts';

export function createWebSocketTransport(url: string): Transport {
  return {
    connect(handlers) {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => handlers.opened();
      socket.onmessage = (event: MessageEvent<unknown>) => {
        if (event.data instanceof ArrayBuffer) handlers.frame(new Uint8Array(event.data));
      };
      socket.onclose = () => handlers.closed();
      return {
        send(frame) {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame);
        },
        close: () => socket.close(),
      };
    },
  };
}
