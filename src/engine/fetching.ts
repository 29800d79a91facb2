/** Files of others, fetched part by part and opened as they come. Nothing of one counts before all of it was found right. */
import { type Bytes, fromBase64url, toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import type { FilePart } from '../client/view.ts';
import { createOpener, type Opener } from '../crypto/secret/file.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { blobLength } from '../protocol/file.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { decodePayload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import type { Replica } from './replica.ts';

/** Larger ones are not fetched: no server is set to take them. */
const FILE_MOST = 1024 * 1024 * 1024;
/** Files fetched at the same time; whoever opens more loses the oldest. */
const AT_ONCE = 16;

interface Fetched {
  readonly gid: Gid;
  readonly blob: Hash;
  readonly total: number;
  readonly opener: Opener;
  offset: number;
  busy: boolean;
}

export interface Fetching {
  readonly open: (replica: Replica, item: Hash) => Outcome<string>;
  readonly read: (id: string) => Promise<Outcome<FilePart>>;
  readonly close: (id: string) => void;
}

const DAMAGED = fail('E_AEAD', 'not the file its message names');

export function createFetching(ctx: Context): Fetching {
  const open = new Map<string, Fetched>();

  const next = async (file: Fetched): Promise<Outcome<FilePart>> => {
    const { gid, blob, total, opener } = file;
    const answer = await ctx.session.call('getBlob', { gid, blob, offset: file.offset });
    if (!answer.ok) return { ok: false, error: answer.error };
    const stored = answer.value.part;
    if (answer.value.total !== total || stored.length === 0) return DAMAGED;
    const part: Bytes | null = opener.add(stored);
    file.offset += stored.length;
    if (part === null || file.offset > total) return DAMAGED;
    const done = file.offset === total;
    return done && !opener.end() ? DAMAGED : ok({ part, done, share: file.offset / total });
  };

  return {
    open(replica, item) {
      const bytes = replica.timeline.find(item)?.message?.payload ?? null;
      const payload = bytes === null ? null : decodePayload(bytes);
      if (payload?.ok !== true || payload.value.type !== 'file')
        return fail('E_NOT_FOUND', 'no file here');
      const { blob, hash, bytes: length } = payload.value;
      const key = fromBase64url(payload.value.key);
      if (key === null || length > FILE_MOST) return fail('E_LIMIT', 'a file of this size');
      const id = toHex(ctx.p.random(16));
      const names = { blob: blob as Hash, hash: hash as Hash, key };
      const [oldest] = open.keys();
      if (oldest !== undefined && open.size >= AT_ONCE) open.delete(oldest);
      open.set(id, {
        gid: replica.gid,
        blob: names.blob,
        total: blobLength(length),
        opener: createOpener(ctx.p, names, length),
        offset: 0,
        busy: false,
      });
      return ok(id);
    },
    async read(id) {
      const file = open.get(id);
      if (file === undefined) return fail('E_NOT_FOUND', 'this file is not being fetched');
      if (file.busy) return fail('E_BUSY', 'the part before is on its way');
      file.busy = true;
      const part = await next(file);
      file.busy = false;
      if (!part.ok || part.value.done) open.delete(id);
      return part;
    },
    close: (id) => void open.delete(id),
  };
}
