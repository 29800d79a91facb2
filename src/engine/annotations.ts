/** What later messages say about earlier ones: edits, deletions, hiding, reactions, pins. Folded in order, whatever order they were read in. */
import { fromUtf8 } from '../lib/bytes.ts';
import { decodeHeader } from '../protocol/envelope.ts';
import type { Hash, Pid } from '../protocol/ids.ts';
import { decodePayload, type Payload } from '../protocol/text.ts';
import type { StoredItem, Timeline } from './timeline.ts';

export type Annotation = Extract<Payload, { of: string }>;

/** One message about another, with who wrote it and when. */
export interface Note {
  readonly t: number;
  readonly at: number;
  readonly item: Hash;
  readonly author: Pid;
  readonly payload: Annotation;
}

export interface Edit {
  readonly t: number;
  readonly at: number;
  readonly item: Hash;
  readonly text: string;
  readonly mentions: readonly Pid[];
}

/** How a message stands after all that was said about it. */
export interface Standing {
  /** Oldest first; the last one is shown. */
  readonly edits: readonly Edit[];
  readonly deleted: { readonly by: Pid; readonly at: number } | null;
  /** `t`: the place of the message that hid it. */
  readonly hidden: {
    readonly by: Pid;
    readonly at: number;
    readonly t: number;
    readonly reason: string;
  } | null;
  /** Who reacted, by emoji, in the order they came. */
  readonly reactions: ReadonlyMap<string, readonly Pid[]>;
  readonly pinned: { readonly by: Pid; readonly at: number } | null;
}

export interface Annotations {
  /** Takes what an accepted message says about another; answers the item it is about, or null. */
  readonly take: (note: Omit<Note, 'payload'> & { readonly payload: Payload }) => Hash | null;
  /** `author` wrote the message; only their own edits and deletions count. */
  readonly of: (item: Hash, author: Pid) => Standing;
  /** Items that are pinned by somebody. */
  readonly pinned: () => readonly Hash[];
  /** Rises with everything that lets a message read otherwise, or be gone. */
  readonly version: () => number;
}

const NONE: Standing = {
  edits: [],
  deleted: null,
  hidden: null,
  reactions: new Map(),
  pinned: null,
};

export function isAnnotation(payload: Payload): payload is Annotation {
  return 'of' in payload;
}

export function createAnnotations(): Annotations {
  const about = new Map<Hash, Note[]>();
  let version = 0;
  return {
    version: () => version,
    take({ payload, ...rest }) {
      if (!isAnnotation(payload)) return null;
      const target = payload.of as Hash;
      const notes = about.get(target) ?? [];
      if (notes.some((note) => note.item === rest.item)) return target;
      if (payload.type !== 'reaction' && payload.type !== 'pin') version += 1;
      const place = notes.findLastIndex((note) => note.t < rest.t) + 1;
      notes.splice(place, 0, { ...rest, payload });
      about.set(target, notes);
      return target;
    },
    of(item, author) {
      const notes = about.get(item);
      return notes === undefined
        ? NONE
        : notes.reduce((now, note) => folded(now, note, author), NONE);
    },
    pinned: () =>
      [...about].flatMap(([item, notes]) => {
        const last = notes.findLast((note) => note.payload.type === 'pin');
        return last?.payload.type === 'pin' && !last.payload.undo ? [item] : [];
      }),
  };
}

function folded(now: Standing, note: Note, author: Pid): Standing {
  const { payload, at, t, item } = note;
  const by = note.author;
  switch (payload.type) {
    case 'edit': {
      if (by !== author || now.deleted !== null) return now;
      const mentions = (payload.mentions ?? []) as readonly string[] as readonly Pid[];
      return { ...now, edits: [...now.edits, { t, at, item, text: payload.text, mentions }] };
    }
    case 'delete':
      return by === author && now.deleted === null ? { ...now, deleted: { by, at } } : now;
    case 'hide':
      return { ...now, hidden: payload.undo ? null : { by, at, t, reason: payload.reason } };
    case 'pin':
      return { ...now, pinned: payload.undo ? null : { by, at } };
    case 'reaction': {
      const others = (now.reactions.get(payload.emoji) ?? []).filter((pid) => pid !== by);
      const who = payload.undo ? others : [...others, by];
      const reactions = new Map(now.reactions);
      if (who.length === 0) reactions.delete(payload.emoji);
      else reactions.set(payload.emoji, who);
      return { ...now, reactions };
    }
  }
}

/** Texts begin like this as this client writes them: they are about no other message, and are not read for it. */
const PLAIN = '{"type":"text"';

/** What the items held say about each other. */
export function annotationsIn(timeline: Timeline): Annotations {
  const annotations = createAnnotations();
  for (const item of timeline.range(timeline.first(), timeline.end())) annotate(annotations, item);
  return annotations;
}

/** Takes one stored item in; answers the item it is about, or null. */
export function annotate(annotations: Annotations, item: StoredItem): Hash | null {
  const bytes = item.message?.payload ?? null;
  if (bytes === null || item.message === null) return null;
  if (fromUtf8(bytes.subarray(0, PLAIN.length)) === PLAIN) return null;
  const payload = decodePayload(bytes);
  const header = decodeHeader(item.message.header);
  if (!payload.ok || !header.ok) return null;
  const { t, at } = item;
  return annotations.take({
    t,
    at,
    item: item.item,
    author: header.value.author,
    payload: payload.value,
  });
}
