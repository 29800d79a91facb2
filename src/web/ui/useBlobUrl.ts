/** Bytes as an address an image can be drawn from; given back when nothing draws it any more. */
import { useEffect, useState } from 'react';

export function useBlobUrl(bytes: Uint8Array | null | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (bytes === null || bytes === undefined) return undefined;
    // Its own copy, so that the type says it is no shared memory.
    const made = URL.createObjectURL(new Blob([new Uint8Array(bytes)]));
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [bytes]);
  return url;
}
