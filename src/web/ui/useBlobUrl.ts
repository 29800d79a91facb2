/** Bytes as an address an image can be drawn from; given back when nothing draws it any more. */
import { useMemo, useSyncExternalStore } from 'react';

interface Address {
  readonly listen: (tell: () => void) => () => void;
  readonly now: () => string | null;
}

function addressOf(bytes: Uint8Array | null | undefined): Address {
  let url: string | null = null;
  return {
    listen(tell) {
      if (bytes === null || bytes === undefined) return () => undefined;
      // Its own copy, so that the type says it is no shared memory.
      const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
      url = made;
      tell();
      return () => {
        url = null;
        URL.revokeObjectURL(made);
      };
    },
    now: () => url,
  };
}

export function useBlobUrl(bytes: Uint8Array | null | undefined): string | null {
  const address = useMemo(() => addressOf(bytes), [bytes]);
  return useSyncExternalStore(address.listen, address.now);
}
