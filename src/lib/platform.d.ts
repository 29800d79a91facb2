// The platform names the core may use: every one exists, with this meaning, in browsers, workers and Node.
// Clock, chance, sockets and storage are not here on purpose; they come in through engine/ports.

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: 'utf-8', options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: Uint8Array): string;
}

/** A timer's name: a number in browsers, an object in Node, so nothing may be assumed of it. */
type TimerId = { readonly __timer: unique symbol };

declare function setTimeout(run: () => void, milliseconds: number): TimerId;
declare function clearTimeout(timer: TimerId | undefined): void;
declare function queueMicrotask(run: () => void): void;
declare function structuredClone<T>(value: T): T;
