/** Lines of the talk as rows to draw: days divided, authors grouped, changes of the group folded when many. */
import type { TimelineItem } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';

export type LogItem = Extract<TimelineItem, { kind: 'log' }>;
export type SpokenItem = Exclude<TimelineItem, { kind: 'log' }>;

export type Row =
  | { readonly kind: 'beginning'; readonly key: string }
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'new'; readonly key: string }
  /** What stands above was written before this person came. */
  | { readonly kind: 'shared'; readonly key: string }
  /** `first` opens the group of one author and carries the name. */
  | {
      readonly kind: 'spoken';
      readonly key: string;
      readonly item: SpokenItem;
      readonly first: boolean;
    }
  /** Messages of people whom the person blocked, in a row. */
  | { readonly kind: 'blocked'; readonly key: string; readonly items: readonly SpokenItem[] }
  | { readonly kind: 'log'; readonly key: string; readonly item: LogItem }
  | { readonly kind: 'fold'; readonly key: string; readonly items: readonly LogItem[] }
  /** Air below the last line. */
  | { readonly kind: 'end'; readonly key: string };

export interface RowWishes {
  readonly dayOf: (at: number) => string;
  /** Position where what is new begins; null where nothing is, or where it is not among the lines. */
  readonly newFrom: number | null;
  readonly more: boolean;
  /** Whose messages are folded. */
  readonly blocked: ReadonlySet<Pid>;
  /** The own admission, where something from before it was shared. */
  readonly joinedT: number | null;
}

const GROUP_MS = 5 * 60_000;
/** This many changes in a row become one line. */
const FOLD_FROM = 4;
/** Changes nobody should miss among many. */
const STANDS_ALONE: ReadonlySet<LogItem['line']['what']> = new Set([
  'removed',
  'left',
  'owner',
  'closed',
  'card',
]);

export function rowsOf(items: readonly TimelineItem[], wishes: RowWishes): readonly Row[] {
  const rows: Row[] = [];
  if (!wishes.more && items.length > 0) rows.push({ kind: 'beginning', key: 'beginning' });
  let day = '';
  let before: SpokenItem | null = null;
  let changes: LogItem[] = [];

  const closeChanges = (): void => {
    const [first] = changes;
    if (first === undefined) return;
    if (changes.length >= FOLD_FROM)
      rows.push({ kind: 'fold', key: `fold:${first.key}`, items: changes });
    else for (const item of changes) rows.push({ kind: 'log', key: item.key, item });
    changes = [];
  };

  let shared = false;
  let { newFrom } = wishes;
  for (const item of items) {
    if (!shared && wishes.joinedT !== null && item.kind !== 'outgoing') {
      shared = item.t >= wishes.joinedT;
      if (shared && rows.some((row) => row.kind !== 'beginning')) {
        closeChanges();
        rows.push({ kind: 'shared', key: 'shared' });
        before = null;
      }
    }
    const itemDay = wishes.dayOf(item.at);
    if (itemDay !== day) {
      closeChanges();
      rows.push({ kind: 'day', key: `day:${itemDay}`, at: item.at });
      day = itemDay;
      before = null;
    }
    if (newFrom !== null && item.kind !== 'outgoing' && item.t >= newFrom) {
      closeChanges();
      rows.push({ kind: 'new', key: 'new' });
      newFrom = null;
      before = null;
    }
    if (item.kind === 'log' && !STANDS_ALONE.has(item.line.what)) {
      changes.push(item);
      before = null;
      continue;
    }
    closeChanges();
    if (item.kind === 'log') {
      rows.push({ kind: 'log', key: item.key, item });
      before = null;
      continue;
    }
    if (item.kind !== 'outgoing' && wishes.blocked.has(item.author.pid)) {
      const folded = rows.at(-1);
      if (folded?.kind === 'blocked')
        rows[rows.length - 1] = { ...folded, items: [...folded.items, item] };
      else rows.push({ kind: 'blocked', key: `blocked:${item.key}`, items: [item] });
      before = null;
      continue;
    }
    const first =
      before === null || speakerOf(before) !== speakerOf(item) || item.at - before.at > GROUP_MS;
    rows.push({ kind: 'spoken', key: item.key, item, first });
    before = item;
  }
  closeChanges();
  if (rows.length > 0) rows.push({ kind: 'end', key: 'end' });
  return rows;
}

/** Own lines have one speaker whether stored or not. */
function speakerOf(item: SpokenItem): string {
  if (item.kind === 'outgoing') return 'me';
  if (item.kind === 'message' && item.mine) return 'me';
  return item.author.pid;
}

/** The first message of somebody else from a position on, as unread ones are counted; null where there is none. */
export function firstFrom(
  items: readonly TimelineItem[],
  t: number,
  blocked: ReadonlySet<Pid>,
): number | null {
  const found = items.find(
    (item) =>
      item.kind === 'message' &&
      item.t >= t &&
      !item.mine &&
      item.gone === null &&
      !blocked.has(item.author.pid),
  );
  return found?.kind === 'message' ? found.t : null;
}

/** The furthest stored position, which is what "read up to here" means. */
export function newestPosition(items: readonly TimelineItem[]): number | null {
  return items.findLast((item) => item.kind !== 'outgoing')?.t ?? null;
}

export interface Drawn {
  readonly lines: readonly TimelineItem[];
  /** Whether lines were put in front of those drawn before, or let go there. */
  readonly above: boolean;
}

/**
 * What to draw next of these lines. A list keeps its place for lines that come or go on one side: where they do on both, it is
 * drawn first with those in front alone.
 */
export function drawnNext(drawn: readonly TimelineItem[], items: readonly TimelineItem[]): Drawn {
  const came = items.findIndex(({ key }) => key === drawn[0]?.key);
  const went = came > 0 ? -1 : drawn.findIndex(({ key }) => key === items[0]?.key);
  if (came <= 0 && went <= 0) return { lines: items, above: false };
  const lines = came > 0 ? [...items.slice(0, came), ...drawn] : drawn.slice(went);
  const isAll = lines.length === items.length && lines.at(-1)?.key === items.at(-1)?.key;
  return { lines: isAll ? items : lines, above: true };
}
