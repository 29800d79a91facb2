import { describe, expect, it } from 'vitest';
import { loadSodium } from '../crypto/sodium.ts';
import type { Gid, Hash } from '../protocol/ids.ts';
import type { GroupState } from '../group/state.ts';
import { createMemoryStore } from '../sdk/adapters/memory.ts';
import { createRecords } from './records.ts';
import { createReplica, headField, KNOWN_MAX, writesOf } from './replica.ts';

const gid = '1'.repeat(64) as Gid;

describe('a group in the store', () => {
  it('what has grown over the limit of a record is written so that it can be read again', async () => {
    const p = await loadSodium();
    const records = createRecords(p, createMemoryStore(), p.random(32));
    const replica = createReplica(p, {
      gid,
      // Nothing of the state is written into this record but its seq.
      state: { seq: 0 } as GroupState,
      prior: null,
      log: [],
      acts: [],
      heads: [],
      generations: new Map(),
      base: { t: 0, T: '2'.repeat(64) as Hash },
      standing: 'member',
    });
    const titles = Array.from({ length: KNOWN_MAX + 5 }, (_, seq) => ({ seq, name: 'Garden' }));
    replica.head = { ...replica.head, titles };
    await records.write(writesOf(records, replica, {}));
    const read = await records.read(`g/${gid}/head`, headField);
    expect(read?.titles).toHaveLength(KNOWN_MAX);
    expect(read?.titles.at(-1)?.seq).toBe(KNOWN_MAX + 4);
  });
});
