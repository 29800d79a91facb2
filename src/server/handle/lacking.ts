/** Objects beside the items that a restored server still lacks, and members bringing them. */
import { ok } from '../../lib/result.ts';
import { bodyHash, boxesHash, sealedHash } from '../../crypto/hash.ts';
import type { GroupState } from '../../group/state.ts';
import { decodeHeader } from '../../protocol/envelope.ts';
import { fail } from '../../protocol/failure.ts';
import { type LinkPk, ZERO_HASH } from '../../protocol/ids.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import { CIRCLE, type Circle } from '../../protocol/role.ts';
import { type Answer, later } from '../answer.ts';
import type { Context } from '../context.ts';
import type { Caller } from '../session.ts';
import type { Write } from '../storage/port.ts';
import { boxesLength } from './objects.ts';

const LISTED = 1000;

/** Circles whose sealed text is not the one the log names. */
async function lackingTexts(context: Context, state: GroupState): Promise<Circle[]> {
  const lacks = async (circle: Circle): Promise<boolean> => {
    const ref = circle === CIRCLE.everyone ? state.profile : state.staff;
    if (ref === null || ref.hash === ZERO_HASH) return false;
    const text = await context.storage.sealed(state.gid, circle);
    return text === null || sealedHash(context.p, text) !== ref.hash;
  };
  const found: Circle[] = [];
  for (const circle of [CIRCLE.everyone, CIRCLE.staff]) if (await lacks(circle)) found.push(circle);
  return found;
}

async function lackingPreviews(context: Context, state: GroupState): Promise<LinkPk[]> {
  const found: LinkPk[] = [];
  for (const [pk, link] of state.links) {
    if (link.revoked) continue;
    if ((await context.storage.preview(state.gid, link.previewHash)) === null) found.push(pk);
  }
  return found.sort();
}

export async function lacking(
  context: Context,
  caller: Caller,
  { gid }: RequestArgs<'lacking'>,
): Promise<Answer<RequestReply<'lacking'>>> {
  const snapshot = await context.groups.read(gid);
  if (snapshot === null) return fail('E_NOT_FOUND', 'no such group');
  const { state } = snapshot;
  if (!state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
  const boxes = await context.storage.dueBoxes(gid);
  return ok({
    bodies: await context.storage.dueBodies(gid, LISTED),
    boxes: boxes.slice(0, LISTED).map(({ generation, circle }) => ({ generation, circle })),
    sealed: await lackingTexts(context, state),
    previews: await lackingPreviews(context, state),
  });
}

type Args = RequestArgs<'giveObjects'>;

/** The writes for bodies that fit their header; others are passed over, as are those that are not due. */
async function bodyWrites(context: Context, { gid, bodies }: Args): Promise<Write[]> {
  const writes: Write[] = [];
  const due = new Set(await context.storage.dueBodies(gid, Number.MAX_SAFE_INTEGER));
  for (const { t, body } of bodies) {
    const item = due.delete(t) ? await context.storage.itemAt(gid, t) : null;
    const header = item?.kind === 'message' ? decodeHeader(item.head) : null;
    if (header === null || !header.ok) continue;
    if (
      body.length === header.value.bodyLength &&
      bodyHash(context.p, body) === header.value.bodyHash
    )
      writes.push({ kind: 'body', gid, t, body });
  }
  return writes;
}

async function boxWrites(context: Context, { gid, boxes }: Args): Promise<Write[]> {
  const due = await context.storage.dueBoxes(gid);
  const wanted = new Set(due);
  return boxes.flatMap((given): Write[] => {
    const match = due.find(
      (one) => one.generation === given.generation && one.circle === given.circle,
    );
    if (match === undefined || !wanted.delete(match)) return [];
    const fits =
      given.boxes.length === boxesLength(match.roster.length) &&
      boxesHash(context.p, given.boxes) === match.hash;
    return fits ? [{ kind: 'boxes', gid, ...given, roster: match.roster }] : [];
  });
}

export async function giveObjects(
  context: Context,
  caller: Caller,
  args: Args,
): Promise<Answer<Record<never, never>>> {
  const { gid } = args;
  const wait = context.rates.given.wait(caller.pid);
  if (wait !== null) return later('E_LIMIT', wait, 'things one person gives back');
  context.rates.given.take(caller.pid);
  return context.groups.run(gid, async ({ now }) => {
    if (now === null) return fail('E_NOT_FOUND', 'no such group');
    if (!now.state.members.has(caller.pid)) return fail('E_NOT_MEMBER');
    const writes = [...(await bodyWrites(context, args)), ...(await boxWrites(context, args))];
    if (writes.length === 0) return ok({});
    const outcome = await context.storage.commit(writes);
    if (outcome !== 'stored') return fail('E_STORAGE');
    context.hub.tellMembers(now.state, 'mended', { gid });
    return ok({});
  });
}
