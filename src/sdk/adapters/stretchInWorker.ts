/** Argon2id in a worker of its own that is ended afterwards: its memory goes with it, whatever came of it. */
import type { Stretch } from '../../engine/ports.ts';
import type { Bytes } from '../../lib/bytes.ts';
import { ok } from '../../lib/result.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';

/** The part of Worker that is used. */
export interface ThrowAway {
  readonly postMessage: (message: unknown, transfer: ArrayBuffer[]) => void;
  readonly terminate: () => void;
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent<unknown>) => void) | null;
}

const REFUSED = fail('E_LIMIT', 'not enough memory for a passphrase');

/** `start` makes a worker of sdk/adapters/argonWorker.ts. There is no second try with less: the parameters are the protection. */
export function stretchInWorker(start: () => ThrowAway): Stretch {
  return (passphrase, salt) =>
    new Promise<Outcome<Bytes>>((resolve) => {
      let worker: ThrowAway | null = null;
      const end = (outcome: Outcome<Bytes>): void => {
        worker?.terminate();
        resolve(outcome);
      };
      try {
        worker = start();
        worker.onmessage = ({ data }) =>
          end(
            data instanceof Uint8Array && data.length === 32 ? ok(new Uint8Array(data)) : REFUSED,
          );
        worker.onerror = (event) => {
          event.preventDefault();
          end(REFUSED);
        };
        worker.onmessageerror = () => end(REFUSED);
        // A copy of its own buffer is moved: what the caller holds may be part of a larger one.
        const moved = passphrase.slice();
        passphrase.fill(0);
        worker.postMessage({ passphrase: moved, salt }, [moved.buffer]);
      } catch {
        end(REFUSED);
      }
    });
}
