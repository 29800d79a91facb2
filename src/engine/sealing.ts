/** Files that are being taken in: sealed part by part as they come, and kept sealed on this device until their message is stored. */
import { type Bytes, concat, toBase64url, toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import type { FileWishes } from '../client/client.ts';
import { createSealer, type Sealer } from '../crypto/secret/file.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { bytes } from '../protocol/field.ts';
import { blobLength } from '../protocol/file.ts';
import { SERVER_LIMITS } from '../protocol/limits.ts';
import { CIRCLE } from '../protocol/role.ts';
import { encodePayload, type Payload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { fileName } from './fileName.ts';
import { enqueue, sendRefusal } from './outbox.ts';
import { filePath, type Replica } from './replica.ts';

/** Bytes of a blob in one record, and in one `putBlob`. */
export const PART_BYTES = SERVER_LIMITS.blobPartBytes;
export const partField = bytes(PART_BYTES);

/** Files taken in at the same time; whoever begins more loses the oldest. */
const AT_ONCE = 8;

interface Taking {
  readonly id: string;
  readonly replica: Replica;
  readonly wishes: FileWishes;
  readonly sealer: Sealer;
  /** Content that came. */
  taken: number;
  /** Sealed and not yet a whole part. */
  rest: Bytes;
  parts: number;
  busy: boolean;
}

export interface Sealing {
  readonly begin: (replica: Replica, wishes: FileWishes) => Promise<Outcome<string>>;
  readonly add: (id: string, offset: number, content: Bytes) => Promise<Outcome<void>>;
  /** All of it came: the message goes into the outbox. Answers its local id, and where it is. */
  readonly finish: (id: string) => Promise<Outcome<{ localId: string; replica: Replica }>>;
  readonly drop: (id: string) => Promise<void>;
}

const GONE = fail('E_NOT_FOUND', 'this file is not being taken in');

export function createSealing(ctx: Context): Sealing {
  const open = new Map<string, Taking>();

  const forget = async ({ id, replica }: Taking): Promise<void> => {
    open.delete(id);
    const keys = await ctx.records.keys(filePath(replica.gid, id));
    await ctx.records.write(keys.map((key) => ({ key, value: null })));
  };

  const keep = async (taking: Taking, sealed: readonly Bytes[], last: boolean): Promise<void> => {
    let rest = concat(taking.rest, ...sealed);
    while (rest.length >= PART_BYTES || (last && rest.length > 0)) {
      const key = filePath(taking.replica.gid, taking.id, taking.parts);
      await ctx.records.write([ctx.records.put(key, partField, rest.slice(0, PART_BYTES))]);
      taking.parts += 1;
      rest = rest.slice(PART_BYTES);
    }
    taking.rest = rest;
  };

  /** One step at a time: a second one would seal into the middle of the first. */
  const step = async <T>(
    id: string,
    act: (taking: Taking) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> => {
    const taking = open.get(id);
    if (taking === undefined) return GONE;
    if (taking.busy) return fail('E_BUSY', 'the part before is being sealed');
    taking.busy = true;
    const done = await act(taking);
    taking.busy = false;
    return done;
  };

  return {
    async begin(replica, wishes) {
      const why = sendRefusal(ctx, replica, CIRCLE.everyone);
      if (why !== null) return { ok: false, error: why };
      const fits = encodePayload(payloadOf(wishes, NOTHING));
      if (!fits.ok) return fits;
      const id = toHex(ctx.p.random(16));
      const sealer = createSealer(ctx.p, wishes.bytes);
      const [oldest] = open.values();
      if (oldest !== undefined && open.size >= AT_ONCE) await forget(oldest);
      open.set(id, {
        id,
        replica,
        wishes,
        sealer,
        taken: 0,
        rest: concat(),
        parts: 0,
        busy: false,
      });
      return ok(id);
    },
    add: (id, offset, content) =>
      step(id, async (taking) => {
        if (offset !== taking.taken || offset + content.length > taking.wishes.bytes)
          return fail('E_FORMAT', 'not the next part of the file');
        taking.taken += content.length;
        await keep(taking, taking.sealer.add(content), false);
        return ok(undefined);
      }),
    finish: (id) =>
      step(id, async (taking) => {
        const { replica, wishes, sealer } = taking;
        if (taking.taken !== wishes.bytes) return fail('E_FORMAT', 'the file is not whole');
        for (const sealed of sealer.padding()) await keep(taking, [sealed], false);
        await keep(taking, [], true);
        const payload = payloadOf(wishes, sealer.names());
        const file = { id, total: blobLength(wishes.bytes), uploaded: false };
        const queued = await enqueue(ctx, replica, payload, CIRCLE.everyone, false, file);
        if (queued.ok) open.delete(id);
        else await forget(taking);
        return queued.ok ? ok({ localId: queued.value, replica }) : queued;
      }),
    async drop(id) {
      const taking = open.get(id);
      if (taking !== undefined) await forget(taking);
    },
  };
}

const NOTHING = { blob: '0'.repeat(64), hash: '0'.repeat(64), key: new Uint8Array(32) };

function payloadOf(
  wishes: FileWishes,
  { blob, hash, key }: { readonly blob: string; readonly hash: string; readonly key: Bytes },
): Payload {
  const { name, media, bytes: length, width, height, preview, text } = wishes;
  return {
    type: 'file',
    blob,
    hash,
    key: toBase64url(key),
    name: fileName(name),
    media,
    bytes: length,
    ...(width === undefined || height === undefined ? {} : { width, height }),
    ...(preview === undefined ? {} : { preview: toBase64url(preview) }),
    text: text ?? '',
  };
}
