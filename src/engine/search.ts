/** Searching what this device holds of its groups, newest first. Nothing of it leaves the device. */
import { fold, words } from '../lib/fold.ts';
import { ok } from '../lib/result.ts';
import type { SearchWishes } from '../client/client.ts';
import type { Found, SearchReach, SearchView } from '../client/view.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash } from '../protocol/ids.ts';
import { decodePayload } from '../protocol/text.ts';
import { isAnnotation } from './annotations.ts';
import type { Context } from './context.ts';
import { shownNow } from './messageLines.ts';
import { reachesBack } from './older.ts';
import { path, type Replica } from './replica.ts';
import { filterField, filterOf, mayHold } from './searchIndex.ts';
import { pageOf, type StoredItem } from './timeline.ts';

const MOST = 50;
/** Pages looked at before others get their turn. */
const AT_ONCE = 16;

interface Sought {
  readonly words: readonly string[];
  readonly from: string;
  readonly has: SearchWishes['has'] | null;
  /** In ms, exclusive. */
  readonly before: number;
  readonly since: number;
}

const LINK = /https?:\/\/\S/u;

function fits(found: Found, sought: Sought): boolean {
  const { at, author, text, file } = found;
  if (at >= sought.before || at < sought.since) return false;
  if (sought.from !== '' && !fold(author.name ?? '').includes(sought.from)) return false;
  if (sought.has === 'link' && !LINK.test(text)) return false;
  if (sought.has === 'file' && file === null) return false;
  if (sought.has === 'picture' && file?.media.startsWith('image/') !== true) return false;
  const folded = fold(file === null ? text : `${file.name} ${text}`);
  return sought.words.every((word) => folded.includes(word));
}

/** The message an item is, or says another text for. */
function targetOf(replica: Replica, item: StoredItem): StoredItem | null {
  const bytes = item.message?.payload ?? null;
  const payload = bytes === null ? null : decodePayload(bytes);
  if (payload?.ok !== true) return null;
  if (!isAnnotation(payload.value)) return item;
  return payload.value.type === 'edit' ? replica.timeline.find(payload.value.of as Hash) : null;
}

async function searchGroup(
  ctx: Context,
  replica: Replica,
  sought: Sought,
  stopped: () => boolean,
): Promise<readonly Found[]> {
  const { timeline } = replica;
  const found = new Map<Hash, Found>();
  /** Messages edited later, by their page: each is looked at in its own place, so that what is found runs back without a gap. */
  const edited = new Map<number, Set<StoredItem>>();
  const look = (target: StoredItem): void => {
    const shown = shownNow(replica, target);
    if (shown === null || ctx.preferences.blocks(shown.author.pid)) return;
    if (fits(shown, sought)) found.set(target.item, shown);
  };
  let looked = 0;
  for (let page = pageOf(timeline.end()); page >= pageOf(timeline.first()); page--) {
    if (found.size > MOST || stopped()) break;
    looked += 1;
    if (looked % AT_ONCE === 0) await new Promise<void>((resolve) => ctx.clock.after(0, resolve));
    for (const target of edited.get(page) ?? []) look(target);
    const stored =
      sought.words.length === 0 || timeline.touched(page)
        ? null
        : await ctx.records.read(path.words(replica.gid, page), filterField);
    if (stored !== null && !mayHold(stored, sought.words)) continue;
    const { items } = timeline.page(page);
    if (stored === null && !mayHold(filterOf(items), sought.words)) continue;
    for (const item of items) {
      const target = targetOf(replica, item);
      if (target === null) continue;
      if (pageOf(target.t) === page) look(target);
      else edited.set(pageOf(target.t), (edited.get(pageOf(target.t)) ?? new Set()).add(target));
    }
  }
  return [...found.values()];
}

function reachOf(replica: Replica): SearchReach {
  const first = replica.timeline.item(replica.timeline.first());
  return { gid: replica.gid, since: reachesBack(replica) ? (first?.at ?? null) : null };
}

export interface Search {
  readonly search: (wishes: SearchWishes) => Promise<Outcome<SearchView>>;
}

/** A later search ends the one before: whoever types asks anew with every letter. */
export function createSearch(ctx: Context): Search {
  let latest = 0;
  return {
    async search(wishes) {
      latest += 1;
      const mine = latest;
      const stopped = (): boolean => mine !== latest;
      const sought: Sought = {
        words: words(wishes.text),
        from: fold(wishes.from ?? '').trim(),
        has: wishes.has ?? null,
        before: wishes.before ?? Number.MAX_SAFE_INTEGER,
        since: wishes.since ?? 0,
      };
      const replicas = [...ctx.groups.values()].filter(
        ({ gid, head }) => head.standing !== 'invited' && (wishes.gid ?? gid) === gid,
      );
      const found: Found[] = [];
      for (const replica of replicas) {
        found.push(...(await searchGroup(ctx, replica, sought, stopped)));
        if (stopped()) return fail('E_BUSY', 'another search was begun');
      }
      found.sort((a, b) => b.at - a.at || b.t - a.t);
      // Whoever asks for what is older names a time: what shares the last one goes along.
      const last = found[MOST - 1]?.at ?? 0;
      const most = found.filter(({ at }, n) => n < MOST || at === last).length;
      return ok({
        found: found.slice(0, most),
        more: found.length > most,
        reach: replicas.map(reachOf),
      });
    },
  };
}
