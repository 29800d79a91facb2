/** What people say: texts, and what they say about texts. Each is asked for its right first, then goes into the outbox. */
import { ok } from '../lib/result.ts';
import type { Client, MessageWishes } from '../client/client.ts';
import type { TimelineItem } from '../client/view.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { CIRCLE, isStaff } from '../protocol/role.ts';
import type { Payload } from '../protocol/text.ts';
import { standingOf } from './amend.ts';
import type { Context } from './context.ts';
import { countMessages } from './hiding.ts';
import { messageDetails, messageLines } from './messageLines.ts';
import { enqueue } from './outbox.ts';
import type { Replica } from './replica.ts';
import type { Room } from './rooms.ts';
import type { WithRoom } from './staff.ts';

export type TalkVerbs = Pick<
  Client,
  | 'sendMessage'
  | 'editMessage'
  | 'deleteMessage'
  | 'hideMessage'
  | 'countMessages'
  | 'reactTo'
  | 'pinMessage'
  | 'pinned'
  | 'messageDetails'
>;

const about = ({ reply, mentions = [] }: MessageWishes): { reply?: Hash; mentions?: string[] } => ({
  ...(reply === undefined ? {} : { reply }),
  ...(mentions.length === 0 ? {} : { mentions: [...new Set(mentions)] }),
});

export function createTalkVerbs(ctx: Context, withRoom: WithRoom): TalkVerbs {
  const say = async (room: Room, payload: Payload, quiet: boolean): Promise<Outcome<string>> => {
    const queued = await enqueue(ctx, room.replica, payload, CIRCLE.everyone, quiet);
    room.pump();
    return queued;
  };

  /** Says something about a message that is held here and not gone, if `may` has no objection. */
  const sayAbout = (
    gid: Gid,
    item: Hash,
    payload: Payload,
    may: (replica: Replica, own: boolean) => boolean,
  ): Promise<Outcome<void>> =>
    withRoom(gid, async (room) => {
      const { replica } = room;
      const target = replica.timeline.find(item);
      const bytes = target?.message?.header ?? null;
      const header = bytes === null ? null : decodeHeader(bytes);
      if (target === null || header?.ok !== true)
        return fail('E_NOT_FOUND', 'no such message here');
      if (standingOf(replica, target)?.deleted !== null)
        return fail('E_NOT_FOUND', 'the message was deleted');
      if (!may(replica, header.value.author === ctx.identity().pid)) return fail('E_ROLE');
      const said = await say(room, payload, true);
      return said.ok ? ok(undefined) : said;
    });

  const own = (_: Replica, mine: boolean): boolean => mine;
  const ofStaff = (replica: Replica): boolean =>
    isStaff(replica.state.members.get(ctx.identity().pid)?.role ?? 0);

  const pinned = (replica: Replica): TimelineItem[] =>
    replica.annotations
      .pinned()
      .flatMap((item) => replica.timeline.find(item) ?? [])
      .sort((a, b) => b.t - a.t)
      .flatMap((item) => messageLines(ctx, replica, item))
      .filter((line) => line.kind === 'message' && line.pinned);

  return {
    sendMessage: (gid, text, wishes = {}) =>
      withRoom(gid, (room) => say(room, { type: 'text', text, ...about(wishes) }, false)),
    editMessage: (gid, item, text, wishes = {}) => {
      const { mentions } = about(wishes);
      const payload = { type: 'edit', of: item, text, ...(mentions && { mentions }) } as const;
      return sayAbout(gid, item, payload, own);
    },
    deleteMessage: (gid, item) => sayAbout(gid, item, { type: 'delete', of: item }, own),
    hideMessage: (gid, item, hidden, reason) =>
      sayAbout(gid, item, { type: 'hide', of: item, undo: !hidden, reason }, ofStaff),
    countMessages: (gid, people, since) =>
      withRoom(gid, ({ replica }) => ok(countMessages(replica, people, since))),
    reactTo: (gid, item, emoji, on) =>
      sayAbout(gid, item, { type: 'reaction', of: item, emoji, undo: !on }, () => true),
    pinMessage: (gid, item, on) =>
      sayAbout(gid, item, { type: 'pin', of: item, undo: !on }, ofStaff),
    pinned: (gid) => withRoom(gid, ({ replica }) => ok(pinned(replica))),
    messageDetails: (gid, item) =>
      withRoom(gid, ({ replica }) => {
        const details = messageDetails(replica, item);
        return details === null ? fail('E_NOT_FOUND', 'no such message here') : ok(details);
      }),
  };
}
