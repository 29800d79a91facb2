/** The group's picture: a sealed file the profile names, fetched once, believed by its hash. */
import { type Bytes, fromBase64url, toBase64url } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { blobHash } from '../crypto/hash.ts';
import { openFile, sealFile } from '../crypto/secret/file.ts';
import { bytes, id, record } from '../protocol/field.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { SIZE } from '../protocol/limits.ts';
import type { Profile } from '../protocol/text.ts';
import { download, upload } from './blobs.ts';
import type { Context } from './context.ts';
import { readProfile } from './plans.ts';
import type { HeldImage, Replica } from './replica.ts';

const imageField = record({ hash: id<Hash>(), content: bytes(SIZE.imageBytes) });

/** Padded to the next power of two above it, with what sealing adds. */
const SEALED_MOST = 2 * SIZE.imageBytes + 1024;

const key = (gid: Gid): string => `g/${gid}/image`;

const STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
];

/** JPEG, PNG or WebP by its first bytes: no other format ever reaches a screen. */
export function isPicture(content: Uint8Array): boolean {
  const webp =
    String.fromCharCode(...content.subarray(0, 4)) === 'RIFF' &&
    String.fromCharCode(...content.subarray(8, 12)) === 'WEBP';
  return webp || STARTS.some((start) => start.every((byte, at) => content[at] === byte));
}

/** Seals a picture and uploads it; answers what the profile says of it. */
export async function putImage(
  ctx: Context,
  replica: Replica,
  content: Uint8Array,
): Promise<Outcome<NonNullable<Profile['img']>>> {
  if (content.length > SIZE.imageBytes) return fail('E_LIMIT', 'a picture has at most 16 KiB');
  if (!isPicture(content)) return fail('E_FORMAT', 'not a picture');
  const file = sealFile(ctx.p, new Uint8Array(content));
  if (!(await upload(ctx, replica.gid, file.blob, file.bytes)))
    return fail('E_OFFLINE', 'the picture could not be stored');
  await hold(ctx, replica, { hash: file.hash, content: new Uint8Array(content) });
  return ok({ blob: file.blob, key: toBase64url(file.key), hash: file.hash });
}

async function hold(ctx: Context, replica: Replica, image: HeldImage): Promise<void> {
  replica.image = image;
  await ctx.records.write([ctx.records.put(key(replica.gid), imageField, image)]);
}

/** What the profile names, where it is held already. */
export function heldImage(replica: Replica): Bytes | null {
  const wanted = readProfile(replica)?.img?.hash;
  return wanted !== undefined && replica.image?.hash === wanted ? replica.image.content : null;
}

/** The picture the profile names: from memory, from the store, else from the server. Null where there is none. */
export async function groupImage(ctx: Context, replica: Replica): Promise<Outcome<Bytes | null>> {
  const img = readProfile(replica)?.img ?? null;
  if (img === null) return ok(null);
  replica.image ??= await ctx.records.read(key(replica.gid), imageField);
  const held = heldImage(replica);
  if (held !== null) return ok(held);
  const secret = fromBase64url(img.key);
  const sealed = await download(
    ctx,
    replica.gid,
    img.blob as Hash,
    (total) => total <= SEALED_MOST,
  );
  if (sealed === null || secret === null) return fail('E_NOT_FOUND', 'the picture is not there');
  const content =
    blobHash(ctx.p, sealed) === img.blob
      ? openFile(ctx.p, { key: secret, hash: img.hash as Hash, bytes: sealed })
      : null;
  if (content === null || content.length > SIZE.imageBytes || !isPicture(content))
    return fail('E_AEAD', 'not the picture the profile names');
  await hold(ctx, replica, { hash: img.hash as Hash, content });
  return ok(content);
}
