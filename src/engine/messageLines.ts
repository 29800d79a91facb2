/** Messages as screens see them: the text as it stands, what it answers, how people reacted, and what waits in the outbox. */
import type {
  FileView,
  Found,
  GoneView,
  GroupSummary,
  InShort,
  MessageDetails,
  PersonView,
  QuoteView,
  SendState,
  TimelineItem,
} from '../client/view.ts';
import { fromBase64url } from '../lib/bytes.ts';
import { decodeHeader, type MessageHeader } from '../protocol/envelope.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { CIRCLE } from '../protocol/role.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import { standingOf } from './amend.ts';
import type { Standing } from './annotations.ts';
import type { Context } from './context.ts';
import { fileName } from './fileName.ts';
import { isPicture } from './image.ts';
import { sealable } from './outbox.ts';
import { person } from './person.ts';
import type { Outgoing, Replica } from './replica.ts';
import type { StoredItem, StoredMessage } from './timeline.ts';

/** What people say: a text, or a file with what is said with it. */
type Spoken = Extract<Payload, { type: 'text' | 'file' }>;

interface Said {
  readonly header: MessageHeader;
  readonly message: StoredMessage;
  readonly standing: Standing;
  /** Null where the text is gone or cannot be shown. */
  readonly payload: Payload | null;
}

function read(replica: Replica, item: StoredItem): Said | null {
  const { message } = item;
  const header = message === null ? null : decodeHeader(message.header);
  const standing = standingOf(replica, item);
  if (message === null || header?.ok !== true || standing === null) return null;
  const payload = message.payload === null ? null : decodePayload(message.payload);
  return {
    header: header.value,
    message,
    standing,
    payload: payload?.ok === true ? payload.value : null,
  };
}

/** A text of the talk that is to be seen: not gone, and not for the staff alone. */
function textOf(replica: Replica, item: StoredItem): (Said & { readonly text: Spoken }) | null {
  const said = read(replica, item);
  if (said === null || said.header.circle === CIRCLE.staff || isGone(said.standing)) return null;
  const spoken = said.payload !== null && isSpoken(said.payload) ? said.payload : null;
  return spoken === null ? null : { ...said, text: spoken };
}

const isSpoken = (payload: Payload): payload is Spoken =>
  payload.type === 'text' || payload.type === 'file';

const SHORT_LENGTH = 200;

/** In one line: a file that comes without a word is told by its name. */
const inShort = (said: Said & { readonly text: Spoken }): InShort => {
  const words = shownText(said);
  const isName = words === '' && said.text.type === 'file';
  const text = isName ? fileName(said.text.name) : words;
  return { text: text.slice(0, SHORT_LENGTH), isName };
};

/** Told of a file by its author; the preview only where it is a picture by its first bytes. */
function fileView(payload: Spoken): FileView | null {
  if (payload.type !== 'file') return null;
  const { name, media, bytes, width, height } = payload;
  const preview = payload.preview === undefined ? null : fromBase64url(payload.preview);
  return {
    name: fileName(name),
    media,
    bytes,
    size:
      width === undefined || height === undefined || width === 0 || height === 0
        ? null
        : { width, height },
    preview: preview !== null && isPicture(preview) ? preview : null,
  };
}

const isGone = (standing: Standing): boolean =>
  standing.deleted !== null || standing.hidden !== null;

const shownText = (said: Said & { readonly text: Spoken }): string =>
  said.standing.edits.at(-1)?.text ?? said.text.text;

const mentionsOf = ({ standing, text }: Said & { readonly text: Spoken }): readonly Pid[] =>
  standing.edits.at(-1)?.mentions ??
  (((text.type === 'text' ? text.mentions : null) ?? []) as readonly string[] as readonly Pid[]);

/** What may make itself heard of these items: messages of others that were not read and are as loud as the group may be. */
export function heardIn(
  ctx: Context,
  replica: Replica,
  items: readonly StoredItem[],
): (InShort & { readonly count: number; readonly author: PersonView }) | null {
  const me = ctx.identity().pid;
  const loudness = ctx.preferences.loudness(replica.gid);
  if (loudness === 'none' || replica.head.standing !== 'member') return null;
  const loud = items.flatMap((item) => {
    const { lastRead, joinedT } = replica.head;
    const said = item.t < lastRead || item.t < joinedT ? null : textOf(replica, item);
    if (said === null || said.header.author === me) return [];
    if (ctx.preferences.blocks(said.header.author)) return [];
    return loudness === 'all' || mentionsOf(said).includes(me) ? [said] : [];
  });
  const last = loud.at(-1);
  if (last === undefined) return null;
  return {
    count: loud.length,
    author: person(replica, last.header.author),
    ...inShort(last),
  };
}

type Unread = Pick<GroupSummary, 'unread' | 'firstUnread' | 'mentioned'>;

/** What was counted, and all it depends on: while that stands, only what was appended is counted. */
interface Counted extends Unread {
  readonly from: number;
  readonly until: number;
  readonly versions: readonly unknown[];
}

const counted = new WeakMap<Replica, Counted>();

/** How much was not read yet, where it begins, and whether any of it names this account. */
export function unreadOf(ctx: Context, replica: Replica): Unread {
  const { timeline, annotations, head } = replica;
  const versions = [
    timeline,
    timeline.version(),
    annotations,
    annotations.version(),
    ctx.preferences.blocked(),
  ];
  const held = counted.get(replica);
  const stands =
    held !== undefined &&
    held.from === head.lastRead &&
    held.until <= timeline.end() &&
    held.versions.every((one, place) => one === versions[place]);
  const me = ctx.identity().pid;
  let unread = stands ? held.unread : 0;
  let firstUnread = stands ? held.firstUnread : null;
  let mentioned = stands && held.mentioned;
  for (const item of timeline.range(stands ? held.until : head.lastRead, timeline.end())) {
    const said = textOf(replica, item);
    if (said === null || said.header.author === me) continue;
    if (ctx.preferences.blocks(said.header.author)) continue;
    unread += 1;
    firstUnread ??= item.t;
    mentioned ||= mentionsOf(said).includes(me);
  }
  const until = timeline.end();
  // What only the end of a long group is held of may begin above it.
  const begins = Math.max(head.lastRead, head.baseT);
  if (unread > 0 && timeline.first() > begins) firstUnread = begins;
  const found = { unread, firstUnread, mentioned };
  counted.set(replica, { ...found, from: head.lastRead, until, versions });
  return found;
}

/** Messages looked through for the newest one that can be shown. */
const LAST_AMONG = 200;

export function lastMessage(ctx: Context, replica: Replica): GroupSummary['last'] {
  const { timeline } = replica;
  const from = Math.max(timeline.first(), timeline.end() - LAST_AMONG);
  for (const item of timeline.range(from, timeline.end()).toReversed()) {
    const said = textOf(replica, item);
    if (said === null || ctx.preferences.blocks(said.header.author)) continue;
    const author = person(replica, said.header.author);
    return { ...inShort(said), author, at: item.at };
  }
  return null;
}

function goneView(replica: Replica, standing: Standing): GoneView | null {
  const { deleted, hidden } = standing;
  if (deleted !== null)
    return { what: 'deleted', by: person(replica, deleted.by), at: deleted.at, reason: '' };
  if (hidden === null) return null;
  const { by, at, reason } = hidden;
  return { what: 'hidden', by: person(replica, by), at, reason };
}

function quote(replica: Replica, target: Hash): QuoteView {
  const item = replica.timeline.find(target);
  const header = item?.message === undefined ? null : decodeHeader(item.message?.header ?? NOTHING);
  const said = item === null ? null : textOf(replica, item);
  return {
    item: target,
    t: item?.t ?? null,
    author: header?.ok === true ? person(replica, header.value.author) : null,
    ...(said === null ? { text: null, isName: false } : inShort(said)),
  };
}

const NOTHING = new Uint8Array();

/** A message as a search finds it: the text as it stands; null where there is none to be seen. */
export function shownNow(replica: Replica, item: StoredItem): Found | null {
  const said = textOf(replica, item);
  if (said === null) return null;
  const { item: hash, t, at } = item;
  const author = person(replica, said.header.author);
  const file = fileView(said.text);
  return {
    gid: replica.gid,
    item: hash,
    t,
    at,
    author,
    text: shownText(said),
    file: file === null ? null : { name: file.name, media: file.media },
  };
}

/** The line one stored message gives; none where it is not for this person's eyes, or says something about another. */
export function messageLines(ctx: Context, replica: Replica, item: StoredItem): TimelineItem[] {
  const said = read(replica, item);
  if (said === null) return [];
  const { header, message, standing, payload } = said;
  const author = person(replica, header.author);
  const base = { key: item.item, t: item.t, author, at: item.at };
  const gone = goneView(replica, standing);
  if (payload === null && gone === null) {
    // What is gone with the message it was about leaves no line, nor what was never meant to be read here.
    const unseen =
      (message.payload === null && message.failure === null) ||
      header.circle === CIRCLE.staff ||
      (item.t < replica.head.joinedT && message.failure === 'E_HIST');
    const name = message.failure ?? 'E_FORMAT';
    return unseen ? [] : [{ kind: 'unreadable', ...base, reason: { name } }];
  }
  if (payload !== null && !isSpoken(payload)) return [];
  if (header.circle === CIRCLE.staff) return [];
  const shown = gone === null && payload !== null ? { ...said, text: payload } : null;
  const last = standing.edits.at(-1);
  const me = ctx.identity().pid;
  return [
    {
      kind: 'message',
      ...base,
      item: item.item,
      mine: header.author === me,
      generation: header.generation,
      text: shown === null ? '' : shownText(shown),
      mentions: shown === null ? [] : mentionsOf(shown).map((pid) => person(replica, pid)),
      file: shown === null ? null : fileView(shown.text),
      reply:
        payload?.type !== 'text' || payload.reply === undefined
          ? null
          : quote(replica, payload.reply as Hash),
      reactions:
        gone === null
          ? [...standing.reactions].map(([emoji, who]) => ({
              emoji,
              who: who.map((pid) => person(replica, pid)),
              mine: who.includes(me),
            }))
          : [],
      edited:
        gone === null && last !== undefined ? { times: standing.edits.length, at: last.at } : null,
      gone,
      pinned: gone === null && standing.pinned !== null,
    },
  ];
}

/** What is known of one text beyond its line; null where it is none that is held here. */
export function messageDetails(replica: Replica, target: Hash): MessageDetails | null {
  const item = replica.timeline.find(target);
  const said = item === null ? null : read(replica, item);
  if (item === null || said === null || said.header.circle === CIRCLE.staff) return null;
  const { header, message, standing, payload } = said;
  const first = payload !== null && isSpoken(payload) && !isGone(standing) ? payload.text : null;
  return {
    item: target,
    t: item.t,
    author: person(replica, header.author),
    dev: header.dev,
    generation: header.generation,
    ctr: header.ctr,
    at: item.at,
    written: message.time,
    versions:
      first === null
        ? []
        : [{ at: item.at, text: first }, ...standing.edits.map(({ at, text }) => ({ at, text }))],
  };
}

function sendState(ctx: Context, replica: Replica, out: Outgoing): SendState {
  if (out.failed !== null) return { state: 'failed', reason: { name: out.failed } };
  if (ctx.session.state().kind !== 'online') return { state: 'queued' };
  if (out.file?.uploaded === false)
    return {
      state: 'uploading',
      sent: replica.uploads.get(out.localId) ?? 0,
      total: out.file.total,
    };
  const sealing = sealable(ctx, replica);
  if (sealing !== 'ready') return { state: sealing };
  return { state: 'sending' };
}

/** What an own message says, and about which other one; null for what this client tells by itself. */
function saidOf(
  replica: Replica,
  payload: Payload,
): Pick<Extract<TimelineItem, { kind: 'outgoing' }>, 'text' | 'file' | 'reply' | 'about'> | null {
  switch (payload.type) {
    case 'text': {
      const { text, reply } = payload;
      const answered = reply === undefined ? null : quote(replica, reply as Hash);
      return { text, file: null, reply: answered, about: null };
    }
    case 'file':
      return { text: payload.text, file: fileView(payload), reply: null, about: null };
    case 'edit':
      return {
        text: payload.text,
        file: null,
        reply: quote(replica, payload.of as Hash),
        about: 'edit',
      };
    case 'reaction':
      return {
        text: payload.emoji,
        file: null,
        reply: quote(replica, payload.of as Hash),
        about: 'reaction',
      };
    case 'delete':
    case 'hide':
    case 'pin':
      return {
        text: '',
        file: null,
        reply: quote(replica, payload.of as Hash),
        about: payload.type,
      };
    default:
      return null;
  }
}

/** Own messages that are not stored yet. */
export function outgoingLines(ctx: Context, replica: Replica): TimelineItem[] {
  return replica.outbox.flatMap((out): TimelineItem[] => {
    const payload = decodePayload(out.payload);
    if (!payload.ok) return [];
    const said = saidOf(replica, payload.value);
    // What goes out beside the talk is silent while it goes well.
    if (said === null || (out.quiet && out.failed === null)) return [];
    const { localId, at } = out;
    const send = sendState(ctx, replica, out);
    return [{ kind: 'outgoing', key: localId, localId, at, ...said, send }];
  });
}
