/** Whether WebAssembly runs here: libsodium would go on in JavaScript without a word, slowly and leaking time. */

/** A content policy that forbids it still lets it validate: only compiling tells. */
export function needWasm(): void {
  const { WebAssembly: wasm } = globalThis as {
    readonly WebAssembly?: { readonly Module: new (bytes: Uint8Array) => object };
  };
  try {
    if (wasm !== undefined && new wasm.Module(EMPTY) instanceof wasm.Module) return;
  } catch {
    // Told below, in one way for all browsers.
  }
  throw new Error('WebAssembly is not available');
}

/** The smallest module there is. */
const EMPTY = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
