/** Files of the talk: sent from what was chosen, fetched to be looked at or saved. */
import { useEffect, useState } from 'react';
import { queryOptions } from '@tanstack/react-query';
import type { Client, FileWishes } from '../../client/client.ts';
import { fetchFile, sendFile } from '../../client/files.ts';
import type { FileRoom } from '../../client/view.ts';
import { type Failure, fail, type Outcome } from '../../protocol/failure.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { useClient } from './clientContext.ts';
import { valueOf } from './outcome.ts';

/** Asked when somebody chooses files: what is too large is told before anything is uploaded. */
export const fileRoomQuery = (client: Client, gid: Gid) =>
  queryOptions({
    queryKey: ['fileRoom', gid],
    queryFn: (): Promise<FileRoom> => valueOf(client.fileRoom(gid)),
    staleTime: 0,
    retry: false,
  });

/** The door to the engine is gone: nothing was taken. */
const BROKEN = fail('E_OFFLINE', 'the engine is gone');

export async function sendBlob(
  client: Client,
  gid: Gid,
  content: Blob,
  wishes: Omit<FileWishes, 'bytes'>,
  watch: { readonly told: (share: number) => void; readonly stopped: () => boolean },
): Promise<Outcome<string>> {
  const read = async (from: number, until: number): Promise<Uint8Array> =>
    new Uint8Array(await content.slice(from, until).arrayBuffer());
  return sendFile(client, gid, wishes, { bytes: content.size, read }, watch).catch(() => BROKEN);
}

export type Fetching =
  | { readonly state: 'idle' }
  | { readonly state: 'busy'; readonly share: number }
  | { readonly state: 'done'; readonly content: Blob }
  | { readonly state: 'failed'; readonly failure: Failure };

const IDLE = { state: 'idle' } as const;

/** The content of a message's file while somebody looks at it; null where nobody does. Let go of when that ends. */
export function useFileContent(gid: Gid, item: Hash | null): Fetching {
  const client = useClient();
  const [held, setHeld] = useState<{ readonly of: Hash | null; readonly now: Fetching }>({
    of: null,
    now: IDLE,
  });
  useEffect(() => {
    if (item === null) return undefined;
    let stopped = false;
    const tell = (now: Fetching): void => {
      if (!stopped) setHeld({ of: item, now });
    };
    const watch = {
      told: (share: number): void => tell({ state: 'busy', share }),
      stopped: (): boolean => stopped,
    };
    void fetchFile(client, gid, item, watch)
      .catch(() => BROKEN)
      .then((parts) =>
        tell(
          parts.ok
            ? { state: 'done', content: new Blob([...parts.value]) }
            : { state: 'failed', failure: parts.error },
        ),
      );
    return () => {
      stopped = true;
    };
  }, [client, gid, item]);
  if (item === null) return IDLE;
  return held.of === item ? held.now : { state: 'busy', share: 0 };
}

export interface Saving {
  readonly now: Fetching;
  readonly start: () => void;
}

/** Fetches a file when asked to, and hands it on once all of it was found right. */
export function useSaving(gid: Gid, item: Hash, save: (content: Blob) => void): Saving {
  const client = useClient();
  const [now, setNow] = useState<Fetching>(IDLE);
  const start = (): void => {
    if (now.state === 'busy') return;
    setNow({ state: 'busy', share: 0 });
    void fetchFile(client, gid, item, { told: (share) => setNow({ state: 'busy', share }) })
      .catch(() => BROKEN)
      .then((parts) => {
        if (parts.ok) save(new Blob([...parts.value]));
        setNow(parts.ok ? IDLE : { state: 'failed', failure: parts.error });
      });
  };
  return { now, start };
}
