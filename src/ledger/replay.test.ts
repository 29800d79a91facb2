import { describe, expect, it } from 'vitest';
import { fromHex } from '../lib/bytes.ts';
import { present } from '../lib/assert.ts';
import { loadSodium } from '../crypto/sodium.ts';
import type { GroupState } from '../group/state.ts';
import { replay } from './replay.ts';
import vectors from './data/vectors.json' with { type: 'json' };

const p = await loadSodium();
const hex = (text: string) => present(fromHex(text), 'vectors are hex');

function states(): Map<string, GroupState> {
  const byHead = new Map<string, GroupState>();
  let state: GroupState | null = null;
  for (const [name, entry] of Object.entries(vectors.log)) {
    const next = replay(p, state, hex(entry));
    if (!next.ok) throw new Error(`${name}: ${next.error.name} ${next.error.note ?? ''}`);
    state = next.value.state;
    byHead.set(state.head, state);
  }
  return byHead;
}

describe('replay of the published vectors', () => {
  const byHead = states();

  it('R1-R11: the log replays entry by entry to the published heads', () => {
    expect([...byHead.keys()]).toEqual(Object.values(vectors.heads));
  });

  it('R1-R11: the log replays to the published final state', () => {
    const last = present([...byHead.values()].at(-1), 'the log is not empty');
    const members = [...last.members.values()]
      .sort((a, b) => (a.pid < b.pid ? -1 : 1))
      .map((member) => ({
        pid: member.pid,
        role: member.role,
        card_hash: last.cards.get(member.pid)?.hash,
      }));
    const links = [...last.links.values()].map((link) => ({
      pk: link.pk,
      uses: link.uses,
      revoked: link.revoked,
    }));
    expect({
      seq: last.seq,
      generation: last.generation,
      pending: last.pending,
      owner_epoch: last.ownerEpoch,
      members,
      links,
    }).toEqual(vectors.final_state);
  });

  it.each(vectors.refused.map((refused) => [refused.name, refused] as const))(
    'refuses: %s',
    (_, refused) => {
      const state = present(byHead.get(refused.after), 'the state it names exists');
      const before = structuredClone(state);
      const outcome = replay(p, state, hex(refused.entry));
      expect(outcome).toMatchObject({ ok: false, error: { name: refused.error } });
      expect(state).toEqual(before);
    },
  );
});
