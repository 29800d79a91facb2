/** News from the engine becomes the query cache: the only road up. */
import type { Query, QueryClient } from '@tanstack/react-query';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import type { ConnectionView } from '../client/view.ts';
import { never } from '../lib/assert.ts';
import type { Gid } from '../protocol/ids.ts';
import {
  accountQuery,
  connectionQuery,
  deletionQuery,
  DEVICE_CODE_KEY,
  devicesQuery,
  recoveryQuery,
} from './queries/account.ts';
import { groupQuery, groupsQuery, keptDraftQuery } from './queries/groups.ts';
import { ownRequestsQuery } from './queries/joining.ts';
import { linksQuery } from './queries/links.ts';
import { tasksQuery } from './queries/tasks.ts';
import { LOCK_KEY, lockQuery } from './queries/lock.ts';
import { preferencesQuery } from './queries/preferences.ts';
import { requestsQuery } from './queries/requests.ts';
import { signalsKey } from './queries/signals.ts';
import {
  isUnbegun,
  type Talk,
  TALKS,
  timelineKey,
  withNewest,
  withNews,
} from './queries/timeline.ts';
import { lookForBuild, reloadFor } from './newBuild.ts';
import { CLEARED, OTHER_BUILD } from './trouble.ts';

/** Questions whose answers follow from the log, and from what the staff wrote: asked again while they are on the screen. */
const OF_THE_LOG = ['activity', 'generations', 'notes', 'reports'] as const;

export const STOPPED_KEY = ['stopped'] as const;

/** Called once by page.tsx; answers its undo. */
export function followClient(client: Client, cache: QueryClient): () => void {
  return client.listen((event) => {
    setCache(client, cache, event);
  });
}

const OF_THE_PAGE: readonly unknown[] = [
  'account',
  'connection',
  'stopped',
  'about',
  'kept',
  'deletion',
  'lock',
];

function ofAccount(query: Query): boolean {
  return !OF_THE_PAGE.includes(query.queryKey[0]);
}

const ofSomebody = (query: Query): boolean =>
  ofAccount(query) || query.queryKey[0] === 'account' || query.queryKey[0] === 'deletion';

/** Whether only a newer build can talk to the server. */
export const speaksLater = (connection: ConnectionView): boolean =>
  connection.state === 'refused' && connection.reason.name === 'E_VERSION';

function setCache(client: Client, cache: QueryClient, event: ClientEvent): void {
  switch (event.kind) {
    case 'account':
      // What belonged to the account that is gone, goes with it.
      if (
        event.account === null &&
        cache.getQueryData(accountQuery(client).queryKey) instanceof Object
      )
        cache.removeQueries({ predicate: ofAccount });
      cache.setQueryData(accountQuery(client).queryKey, event.account);
      return;
    case 'recovery':
      cache.setQueryData(recoveryQuery(client).queryKey, event.recovery);
      return;
    case 'devices':
      cache.setQueryData(devicesQuery(client).queryKey, event.devices);
      return;
    case 'deletion':
      cache.setQueryData(deletionQuery(client).queryKey, event.deletion);
      return;
    case 'deviceCode':
      cache.setQueryData(DEVICE_CODE_KEY, event.state);
      return;
    case 'connection':
      cache.setQueryData(connectionQuery(client).queryKey, event.connection);
      // An engine of this build answers: the other tab is gone.
      if (cache.getQueryData(STOPPED_KEY) === OTHER_BUILD) cache.setQueryData(STOPPED_KEY, null);
      // A server that is there again may have another build; one that speaks a later version has.
      if (event.connection.state === 'online' || speaksLater(event.connection)) lookForBuild();
      return;
    case 'groups':
      cache.setQueryData(groupsQuery(client).queryKey, event.groups);
      return;
    case 'group':
      cache.setQueryData(groupQuery(client, event.gid).queryKey, event.group);
      for (const of of OF_THE_LOG) void cache.invalidateQueries({ queryKey: [of, event.gid] });
      return;
    case 'preferences':
      cache.setQueryData(preferencesQuery(client).queryKey, event.preferences);
      return;
    case 'draft':
      cache.setQueryData(keptDraftQuery(client, event.gid).queryKey, event.text);
      return;
    case 'signals':
      cache.setQueryData(signalsKey(event.gid), { here: event.here, typing: event.typing });
      return;
    case 'happened':
      return;
    case 'arrived':
      // For notices.ts, which tells the person while nobody looks.
      return;
    case 'timeline':
      takeLines(cache, event);
      return;
    case 'links':
      cache.setQueryData(linksQuery(client, event.gid).queryKey, event.links);
      return;
    case 'requests':
      cache.setQueryData(requestsQuery(client, event.gid).queryKey, event.requests);
      return;
    case 'ownRequests':
      cache.setQueryData(ownRequestsQuery(client).queryKey, event.requests);
      // What a link shows depends on the request made through it.
      void cache.invalidateQueries({ queryKey: ['joining'] });
      return;
    case 'tasks':
      cache.setQueryData(tasksQuery(client).queryKey, event.tasks);
      return;
    case 'lock':
      cache.setQueryData(LOCK_KEY, event.lock);
      return;
    case 'locked':
      // An open page is started over by page.tsx, and what it draws from has to stay in the cache until then: out of it, the
      // cache could not let go of it. Where nothing is drawn yet, what was told before goes here.
      if (cache.getQueryData(lockQuery(client).queryKey)?.locked !== false)
        cache.removeQueries({ predicate: ofSomebody });
      return;
    case 'resumed':
      void askAgain(client, cache);
      return;
    case 'otherBuild':
      // Who runs the engine here goes on in any case.
      if (!reloadFor(event.build) && !event.leads) cache.setQueryData(STOPPED_KEY, OTHER_BUILD);
      return;
    case 'stopped':
      cache.setQueryData(STOPPED_KEY, event.reason);
      return;
    default:
      never(event);
  }
}

/** A talk that was never opened is asked for as a whole when it is; one opened before anything of it was there is asked again. */
function takeLines(
  cache: QueryClient,
  { gid, items, gone }: Extract<ClientEvent, { kind: 'timeline' }>,
): void {
  const queryKey = timelineKey(gid);
  const known = cache.getQueryData<Talk>(queryKey);
  if (known === undefined) return;
  // What is told while the answer is on its way is in the answer, or comes after it.
  if (isUnbegun(known)) void cache.invalidateQueries({ queryKey }, { cancelRefetch: false });
  else cache.setQueryData<Talk>(queryKey, withNews(known, items, gone));
}

/**
 * The engine that answers now finds no account where this page had one, and nobody logged out: the browser's data was
 * cleared under another tab, whose engine stopped for it. It is explained here as there, and nothing is begun anew.
 */
async function isCleared(client: Client, cache: QueryClient): Promise<boolean> {
  const before = cache.getQueryData(accountQuery(client).queryKey);
  if (before === undefined || before === null) return false;
  const now = await client.account().catch(() => before);
  // A log-out elsewhere is told before the next engine answers.
  return now === null && cache.getQueryData(accountQuery(client).queryKey) !== null;
}

/** News may have been missed. Talks keep the older pages that were loaded, so that nobody loses their place. */
async function askAgain(client: Client, cache: QueryClient): Promise<void> {
  if (await isCleared(client, cache)) {
    cache.setQueryData(STOPPED_KEY, CLEARED);
    return;
  }
  const isTalk = (query: Query): boolean => query.queryKey[0] === TALKS;
  void cache.invalidateQueries({ predicate: (query) => !isTalk(query) });
  await Promise.all(
    cache
      .getQueryCache()
      .findAll({ predicate: isTalk })
      .map(async ({ queryKey }) => {
        const fresh = await client.timeline(queryKey[1] as Gid, null).catch(() => null);
        if (fresh?.ok !== true) return;
        cache.setQueryData<Talk>(queryKey, (known) =>
          known === undefined ? undefined : withNewest(known, fresh.value),
        );
      }),
  );
}
