/** Choosing files for a group and sending them, one message each. What cannot be sent says why before anything is uploaded. */
import { useQueryClient } from '@tanstack/react-query';
import type { Client } from '../../client/client.ts';
import type { FileRoom } from '../../client/view.ts';
import { blobLength } from '../../protocol/file.ts';
import type { Gid } from '../../protocol/ids.ts';
import { useClient } from '../queries/clientContext.ts';
import { fileRoomQuery, sendBlob } from '../queries/files.ts';
import { toastFailure } from '../queries/useAct.ts';
import {
  attach,
  type Attached,
  detach,
  isAttached,
  isReady,
  markAttached,
  useAttached,
} from '../stores/attached.ts';
import { jumpTo } from '../stores/jump.ts';
import { prepareFile } from './prepareFile.ts';

/** A caption longer than this goes as a message of its own. */
export const CAPTION_MAX = 8000;

export interface Attaching {
  readonly files: readonly Attached[];
  readonly add: (files: readonly File[]) => void;
  readonly remove: (id: number) => void;
  /** Sends what is ready; answers whether the caption went with one of them. */
  readonly send: (caption: string) => Promise<boolean>;
}

function judged(file: File, { fileBytes, left }: FileRoom): Attached['state'] {
  if (file.size > fileBytes) return { is: 'tooLarge', most: fileBytes };
  return left !== null && blobLength(file.size) > left ? { is: 'noRoom' } : { is: 'ready' };
}

export function useAttaching(gid: Gid): Attaching {
  const client = useClient();
  const cache = useQueryClient();
  const files = useAttached(gid);

  const look = async (fresh: readonly Attached[]): Promise<void> => {
    const room = await cache.fetchQuery(fileRoomQuery(client, gid)).catch(() => null);
    // Without an answer the engine judges when it is sent: it knows what the server said last.
    if (room === null) return;
    // What is on its way by now was judged without this.
    for (const { id, file } of fresh)
      if (isReady(gid, id)) markAttached(gid, id, judged(file, room));
  };

  return {
    files,
    add: (chosen) => {
      if (chosen.length > 0) void look(attach(gid, chosen));
    },
    remove: (id) => detach(gid, id),
    async send(caption) {
      // As it stands now, not as it was drawn: what is under way is not sent twice.
      const ready = files.filter(({ id }) => isReady(gid, id));
      for (const { id } of ready) markAttached(gid, id, { is: 'busy', share: 0 });
      let left = caption;
      // What one sends stands at the end.
      if (ready.length > 0) jumpTo(gid, null);
      for (const one of ready) if (await sendOne(client, gid, one, left)) left = '';
      return left === '';
    },
  };
}

/** Whether it went out; if not, it stays with the reason. */
async function sendOne(
  client: Client,
  gid: Gid,
  { id, file }: Attached,
  text: string,
): Promise<boolean> {
  if (!isAttached(gid, id)) return false;
  // A file that changed or went away since it was chosen cannot be read.
  const prepared = await prepareFile(file).catch(() => 'unclean' as const);
  if (prepared === 'unclean') {
    markAttached(gid, id, { is: 'unclean' });
    return false;
  }
  const sent = await sendBlob(
    client,
    gid,
    prepared.content,
    { ...prepared.wishes, text },
    {
      told: (share) => markAttached(gid, id, { is: 'busy', share }),
      stopped: () => !isAttached(gid, id),
    },
  );
  if (sent.ok) {
    detach(gid, id);
    return true;
  }
  if (isAttached(gid, id)) {
    toastFailure(sent.error);
    markAttached(gid, id, { is: 'ready' });
  }
  return false;
}
