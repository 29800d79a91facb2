/**
 * Going on with the server's timeline, by a person's act, after a halt in which only messages differ: the log is the same, what
 * followed the last common position is read anew. Own texts that are lost stay as unsent messages; files have to be sent again.
 */
import { type Bytes, toHex } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { entryHash } from '../crypto/hash.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import { ZERO_HASH } from '../protocol/ids.ts';
import { decodePayload, encodePayload } from '../protocol/text.ts';
import type { Context } from './context.ts';
import { lastCommon } from './lost.ts';
import { statesOf } from './older.ts';
import {
  chainName,
  type DeviceChain,
  follow,
  type Outgoing,
  type Replica,
  writesOf,
} from './replica.ts';
import { createTimeline, pageOf, type StoredItem } from './timeline.ts';

/**
 * E_NOT_FOUND where the server shows no other history and no shorter one; E_FORK where the logs differ too, or nothing is common.
 * The caller catches up afterwards.
 */
export async function continueWithServer(ctx: Context, replica: Replica): Promise<Outcome<void>> {
  if (!mayGoOn(replica)) return fail('E_NOT_FOUND', 'the server shows no other history');
  const common = await lastCommon(ctx, replica);
  if (common === null) return fail('E_FORK', 'no common position');
  const { seq, head } = replica.state;
  const log = await ctx.session.call('log', { gid: replica.gid, seq });
  if (!log.ok) return { ok: false, error: log.error };
  // The own newest entry in the server's log: through prev, all before it are there too.
  const [newest] = log.value.entries;
  if (newest === undefined || entryHash(ctx.p, newest) !== head)
    return fail('E_FORK', 'the logs differ');
  return replica.serial(async () => {
    if (!mayGoOn(replica)) return ok(undefined);
    await cutTo(ctx, replica, common);
    return ok(undefined);
  });
}

/** Two histories were shown, or the server has less and nobody waits for the rest any more. */
function mayGoOn({ head, behind }: Replica): boolean {
  return head.halted === 'E_FORK' || (head.halted === null && behind !== null);
}

/** An own message of this device, or null. */
function ownCounter(
  ctx: Context,
  item: StoredItem,
): { readonly ctr: number; readonly generation: number } | null {
  const { pid, dev } = ctx.identity();
  const header = item.message === null ? null : decodeHeader(item.message.header);
  return header?.ok === true && header.value.author === pid && header.value.dev === dev
    ? header.value
    : null;
}

/** What can be sent again of a lost message: its text, or the words under a file, whose sealed parts are no longer kept here. */
function wordsOf(bytes: Bytes): Bytes | null {
  const payload = decodePayload(bytes);
  if (!payload.ok) return null;
  if (payload.value.type === 'text') return bytes;
  if (payload.value.type !== 'file' || payload.value.text === '') return null;
  const words = encodePayload({ type: 'text', text: payload.value.text });
  return words.ok ? words.value : null;
}

/** A lost text of this device, as an unsent message that waits for the person. */
function unsent(ctx: Context, item: StoredItem): Outgoing[] {
  const header = item.message === null ? null : decodeHeader(item.message.header);
  const bytes = item.message?.payload ?? null;
  const payload = bytes === null ? null : wordsOf(bytes);
  if (ownCounter(ctx, item) === null || header?.ok !== true || payload === null) return [];
  return [
    {
      localId: toHex(ctx.p.random(16)),
      at: item.at,
      payload,
      circle: header.value.circle,
      sealed: null,
      failed: 'E_FORK',
      quiet: false,
      file: null,
    },
  ];
}

/** Forgets the items from a position on. The log stays: its entries are read again in the places the server gives them. */
async function cutTo(ctx: Context, replica: Replica, common: number): Promise<void> {
  const { timeline } = replica;
  const first = timeline.first();
  const kept = timeline.range(first, common);
  const lost = timeline.range(common, timeline.end());
  const base = timeline.TAt(first) ?? replica.head.base;
  const next = (lost.find((item) => item.seq !== null)?.seq ?? replica.state.seq + 1) - 1;
  const again = next < replica.state.seq ? next + 1 : 0;
  replica.timeline = createTimeline(ctx.p, { t: first, T: base }, []);
  replica.timeline.append(kept);
  const chains = new Map<string, DeviceChain>();
  for (const item of kept) follow(chains, item);
  replica.chains.clear();
  for (const [name, chain] of chains) replica.chains.set(name, chain);
  replica.prior = again === 0 ? null : (statesOf(ctx, replica.log)[next] ?? null);
  const { pid, dev } = ctx.identity();
  const own = chains.get(chainName(pid, dev))?.seen.at(-1);
  // What was sealed and may have been seen uses up its counter under that key, stored or not.
  const used = [
    ...lost.map((item) => ownCounter(ctx, item)?.generation ?? 0),
    ...replica.outbox.map((out) => out.sealed?.generation ?? 0),
  ].reduce((most, one) => Math.max(most, one), replica.head.freshAfter);
  replica.outbox = [...lost.flatMap((item) => unsent(ctx, item)), ...replica.outbox];
  replica.head = {
    ...replica.head,
    halted: null,
    evidence: [],
    shown: null,
    checkpoint: null,
    end: common,
    again,
    resuming: true,
    freshAfter: used,
    ownCtr: own?.ctr ?? 0,
    ownItem: own?.item ?? ZERO_HASH,
    lastRead: Math.min(replica.head.lastRead, common),
  };
  replica.behind = null;
  await ctx.records.write(
    writesOf(ctx.records, replica, {
      // Two pages: the chains are stored with them.
      pages: new Set([pageOf(first), pageOf(Math.max(common - 1, first)), pageOf(common)]),
      chains: true,
      outbox: true,
    }),
  );
  ctx.changed(replica, { group: true, outbox: true });
}

/** Caught up: what the server stored of this device is known, and what waits is sealed anew behind it. Runs inside the serial. */
export async function resume(ctx: Context, replica: Replica): Promise<void> {
  if (!replica.head.resuming) return;
  replica.outbox = replica.outbox.map((out) => ({ ...out, sealed: null }));
  replica.head = { ...replica.head, resuming: false };
  await ctx.records.write(writesOf(ctx.records, replica, { outbox: true }));
  ctx.changed(replica, { group: true, outbox: true });
}
