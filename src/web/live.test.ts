import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { createEmitter } from '../lib/emitter.ts';
import { followClient } from './live.ts';
import { LOCK_KEY } from './queries/lock.ts';

function setup() {
  const news = createEmitter<ClientEvent>();
  const client = { listen: news.listen } as Partial<Client> as Client;
  const cache = new QueryClient();
  followClient(client, cache);
  return { tell: news.emit, cache };
}

const known = (cache: QueryClient) =>
  cache
    .getQueryCache()
    .getAll()
    .map((query) => query.queryKey[0]);

describe('news of a device that is locked', () => {
  it('P149: leaves nothing of the account in a page that did not know of the lock yet', () => {
    const { tell, cache } = setup();
    tell({ kind: 'account', account: null });
    tell({ kind: 'groups', groups: [] });
    tell({ kind: 'tasks', tasks: [] });
    tell({
      kind: 'lock',
      lock: { locked: true, slots: [], idleMinutes: 0, possible: true, waitUntil: 0 },
    });
    expect(known(cache)).toEqual(expect.arrayContaining(['account', 'groups', 'tasks', 'lock']));
    tell({ kind: 'locked' });
    expect(known(cache)).toEqual([...LOCK_KEY]);
  });

  it('P149: leaves an open page to be started over, whose cache is cleared as a whole', () => {
    const { tell, cache } = setup();
    tell({ kind: 'groups', groups: [] });
    const lock = {
      locked: false,
      slots: [],
      idleMinutes: 0,
      possible: true,
      waitUntil: 0,
    } as const;
    tell({ kind: 'lock', lock });
    tell({ kind: 'locked' });
    expect(known(cache)).toEqual(['groups', ...LOCK_KEY]);
  });
});
