/** A line between a client and the server that a test can cut, block, and make say everything twice. */
import type { Transport, Wire, WireHandlers } from '../engine/ports.ts';
import type { Bytes } from '../lib/bytes.ts';
import { decodeRequest } from '../protocol/request.ts';

export interface Line {
  readonly transport: Transport;
  /** Ends the present connection; the client may connect again. */
  readonly cut: () => void;
  /** Cuts, and lets nothing through until told otherwise. */
  readonly block: (on: boolean) => void;
  /** Whether the next frame is sent, or handed over, a second time. */
  repeats: () => boolean;
  /** How many frames were sent so far. */
  readonly sent: () => number;
}

/** A challenge is answered once; the server refuses a second answer, as it should. */
function isLogin(frame: Bytes): boolean {
  const request = decodeRequest(frame);
  return request.ok && request.value.name === 'auth';
}

export function createLine(inner: Transport): Line {
  let blocked = false;
  let sent = 0;
  let open: { readonly wire: Wire; readonly closed: () => void } | null = null;

  const cut = (): void => {
    const old = open;
    open = null;
    old?.closed();
    old?.wire.close();
  };

  const connect = (handlers: WireHandlers): Wire => {
    let ended = false;
    const closed = (): void => {
      if (ended) return;
      ended = true;
      handlers.closed();
    };
    if (blocked) {
      setImmediate(closed);
      return { send: () => undefined, close: () => undefined };
    }
    const wire = inner.connect({
      opened: handlers.opened,
      frame(frame) {
        if (ended) return;
        handlers.frame(frame);
        if (line.repeats()) handlers.frame(frame.slice());
      },
      closed,
    });
    open = { wire, closed };
    return {
      send(frame: Bytes) {
        if (ended) return;
        sent += 1;
        wire.send(frame);
        if (!isLogin(frame) && line.repeats()) wire.send(frame);
      },
      close: wire.close,
    };
  };

  const line: Line = {
    transport: { connect },
    cut,
    block(on) {
      blocked = on;
      if (on) cut();
    },
    repeats: () => false,
    sent: () => sent,
  };
  return line;
}
