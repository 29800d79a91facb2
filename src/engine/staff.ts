/** What only owner and moderators ask of a client: links and requests. */
import { utf8 } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import type { Client, RejectWishes } from '../client/client.ts';
import { printLink } from '../crypto/secret/joinLink.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash, LinkPk } from '../protocol/ids.ts';
import { pad256 } from '../protocol/padding.ts';
import { CIRCLE } from '../protocol/role.ts';
import { append } from './append.ts';
import { approve, previewApproval } from './approval.ts';
import type { Context } from './context.ts';
import { groupImage } from './image.ts';
import {
  drawLink,
  linkSecret,
  planChangeLink,
  planCreateLink,
  planRevokeLinks,
  type Around,
} from './links.ts';
import { enqueue } from './outbox.ts';
import { writeOffLog } from './plans.ts';
import type { Room } from './rooms.ts';
import { linkViews, requestViews } from './views.ts';

export type StaffVerbs = Pick<
  Client,
  | 'links'
  | 'createLink'
  | 'copyLink'
  | 'changeLink'
  | 'revokeLink'
  | 'requests'
  | 'previewApproval'
  | 'approve'
  | 'reject'
>;

/** Runs an act on a group that is held here; E_NOT_FOUND where it is not. */
export type WithRoom = <T>(
  gid: Gid,
  act: (room: Room) => Promise<Outcome<T>> | Outcome<T>,
) => Promise<Outcome<T>>;

export interface StaffOutside {
  readonly withRoom: WithRoom;
  readonly refreshQueue: (gid: Gid) => Promise<unknown>;
  /** The own display name, which previews show as the inviter's. */
  readonly name: () => string;
}

export function createStaffVerbs(ctx: Context, outside: StaffOutside): StaffVerbs {
  const { withRoom } = outside;

  /** Links whose requests are still to be decided keep their secrets. */
  const around = (room: Room): Around => ({
    undecided: new Set(room.waiting.map((one) => one.request.link)),
    inviter: outside.name(),
  });

  const reject = (gid: Gid, request: Hash, wishes: RejectWishes): Promise<Outcome<void>> =>
    withRoom(gid, async (room) => {
      const waiting = room.waiting.find((one) => one.request.hash === request);
      if (waiting === undefined) return fail('E_REQ', 'withdrawn or gone');
      const text = wishes.note.trim();
      const bytes = text === '' ? null : utf8(text.slice(0, 500).toWellFormed());
      const sealed =
        bytes === null ? null : ctx.p.sealTo(pad256(bytes), waiting.request.card.sealPk);
      const entry = writeOffLog(ctx, gid, {
        kind: 'RejectRequest',
        request,
        block: wishes.block,
        tell: sealed !== null,
        note: sealed,
      });
      const answer = await ctx.session.call('offer', { entry, intro: null });
      if (!answer.ok) return { ok: false, error: answer.error };
      await enqueue(
        ctx,
        room.replica,
        { type: 'note', request, about: waiting.request.pid, verdict: 'rejected', text: '' },
        CIRCLE.staff,
        true,
      );
      room.pump();
      await outside.refreshQueue(gid);
      return ok(undefined);
    });

  return {
    links: (gid) => withRoom(gid, (room) => ok(linkViews(ctx, room.replica, room.waiting))),
    createLink: (gid, wishes) =>
      withRoom(gid, async (room) => {
        const link = drawLink(ctx);
        // So that the link can show it; without a connection nothing is made anyway.
        await groupImage(ctx, room.replica);
        const done = await append(ctx, room.replica, () =>
          planCreateLink(ctx, room.replica, link, wishes, around(room)),
        );
        return done.ok ? ok(link.pk) : done;
      }),
    copyLink: (gid, pk) =>
      withRoom(gid, (room) => {
        const secret = linkSecret(room.replica, pk);
        return secret === null
          ? fail('E_LINK', 'the secret is not held here')
          : ok(`${ctx.origin}/join#${printLink(ctx.p, gid, secret)}`);
      }),
    changeLink: (gid, pk, change) =>
      withRoom(gid, (room) =>
        append(ctx, room.replica, () =>
          planChangeLink(ctx, room.replica, pk, change, around(room)),
        ),
      ),
    revokeLink: (gid, pk) =>
      withRoom(gid, (room) => {
        const links: readonly LinkPk[] = typeof pk === 'string' ? [pk] : pk;
        return append(ctx, room.replica, () =>
          planRevokeLinks(ctx, room.replica, links, around(room)),
        );
      }),
    requests: (gid) => withRoom(gid, (room) => ok(requestViews(ctx, room.replica, room.waiting))),
    previewApproval: (gid, requests) =>
      withRoom(gid, (room) => ok(previewApproval(ctx, room.replica, room.waiting, requests))),
    approve: (gid, requests, wishes) =>
      withRoom(gid, async (room) => {
        const done = await approve(ctx, room.replica, () => room.waiting, requests, wishes);
        if (done.ok) await outside.refreshQueue(gid);
        return done;
      }),
    reject,
  };
}
