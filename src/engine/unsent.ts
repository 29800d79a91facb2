/** What was typed in a group and not sent, with the message it answers or edits: one sealed record for each group. */
import { ok } from '../lib/result.ts';
import type { Client, Draft } from '../client/client.ts';
import type { DraftView } from '../client/view.ts';
import { fail } from '../protocol/failure.ts';
import { type Field, id, nullable, oneOf, record, text } from '../protocol/field.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import { SIZE } from '../protocol/limits.ts';
import type { Context } from './context.ts';
import { messageLines } from './messageLines.ts';
import type { Replica } from './replica.ts';
import type { WithRoom } from './staff.ts';

const words = text(SIZE.payloadBytes);
const whole = record({
  text: words,
  about: nullable(record({ what: oneOf('reply', 'edit'), item: id<Hash>() })),
});

/** Earlier builds kept the text alone. */
export const draftField: Field<Draft> = {
  ...whole,
  read: (value) =>
    typeof value === 'string' ? { text: words.read(value), about: null } : whole.read(value),
};

const key = (gid: Gid): string => `g/${gid}/draft`;

/** The message as it reads now. Where it is gone meanwhile, what was typed stands for itself. */
function shownAbout(ctx: Context, replica: Replica, about: Draft['about']): DraftView['about'] {
  const held = about === null ? null : replica.timeline.find(about.item);
  if (about === null || held === null) return null;
  const message = messageLines(ctx, replica, held).find((line) => line.kind === 'message');
  return message === undefined || message.gone !== null ? null : { what: about.what, message };
}

/** `kept` is told what was stored. */
export function createUnsent(
  ctx: Context,
  withRoom: WithRoom,
  kept: (gid: Gid, text: string) => void,
): Pick<Client, 'draft' | 'keepDraft'> {
  return {
    draft: (gid) =>
      withRoom(gid, async ({ replica }) => {
        const stored = await ctx.records.read(key(gid), draftField);
        return ok({
          text: stored?.text ?? '',
          about: shownAbout(ctx, replica, stored?.about ?? null),
        });
      }),
    keepDraft: (gid, draft) =>
      withRoom(gid, async () => {
        if (draft.text.length > SIZE.payloadBytes) return fail('E_LIMIT', 'text over the limit');
        const write =
          draft.text === '' && draft.about === null
            ? { key: key(gid), value: null }
            : ctx.records.put(key(gid), draftField, draft);
        await ctx.records.write([write]);
        kept(gid, draft.text);
        return ok(undefined);
      }),
  };
}
