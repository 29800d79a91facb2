/** A line between a client and the server that a test can cut, block, make say everything twice, and make lie. */
import type { Transport, Wire, WireHandlers } from '../engine/ports.ts';
import type { Bytes } from '../lib/bytes.ts';
import { decodeRequest, type Request } from '../protocol/request.ts';

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
  /** What a lying server answers in place of the true one: a frame, or null where the request goes through. */
  lies: (request: Request) => Bytes | null;
  /** What a lying server makes of a frame on its way to the client. */
  twists: (frame: Bytes) => Bytes;
  /** Hands the client a frame nobody sent. */
  readonly inject: (frame: Bytes) => void;
}

/** A challenge is answered once; the server refuses a second answer, as it should. */
function isLogin(frame: Bytes): boolean {
  const request = decodeRequest(frame);
  return request.ok && request.value.name === 'auth';
}

export function createLine(inner: Transport): Line {
  let blocked = false;
  let sent = 0;
  let open: {
    readonly wire: Wire;
    readonly closed: () => void;
    readonly frame: (frame: Bytes) => void;
  } | null = null;

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
    const hand = (frame: Bytes): void => {
      if (!ended) handlers.frame(frame);
    };
    const wire = inner.connect({
      opened: handlers.opened,
      frame(frame) {
        const twisted = line.twists(frame);
        hand(twisted);
        if (line.repeats()) hand(twisted.slice());
      },
      closed,
    });
    open = { wire, closed, frame: hand };
    return {
      send(frame: Bytes) {
        if (ended) return;
        sent += 1;
        const request = decodeRequest(frame);
        const lie = request.ok ? line.lies(request.value) : null;
        if (lie !== null) {
          setImmediate(() => hand(lie));
          return;
        }
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
    lies: () => null,
    twists: (frame) => frame,
    inject: (frame) => open?.frame(frame),
  };
  return line;
}
