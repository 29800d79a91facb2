/** What Conclave needs and this browser does not give; null where all is there. */
export type Missing = 'secure' | 'WebAssembly' | 'IndexedDB' | 'Worker';

export function missingInBrowser(): Missing | null {
  if (!window.isSecureContext) return 'secure';
  if (typeof WebAssembly === 'undefined') return 'WebAssembly';
  if (typeof indexedDB === 'undefined') return 'IndexedDB';
  if (typeof Worker === 'undefined') return 'Worker';
  return null;
}
