/** What an honest client made of an attack, as tests ask for it. */
import type { ErrorName } from '../protocol/failure.ts';
import type { Gid } from '../protocol/ids.ts';
import { judgeFile } from '../ledger/judgeFile.ts';
import { eventually, facts, lines, must, type Person, texts, view, type World } from './setup.ts';

/** Waits until sending in the group is stopped; answers why. */
export function halts(one: Person, gid: Gid): Promise<ErrorName> {
  return eventually([one], `${one.name} halts`, async () => {
    return (await view(one, gid)).halted?.name ?? null;
  });
}

/** Kinds of the warnings a person sees in a group. */
export async function warnings(one: Person, gid: Gid): Promise<string[]> {
  return (await view(one, gid)).warnings.map((warning) => warning.kind);
}

/** Why messages are not shown, in their order. */
export async function placeholders(one: Person, gid: Gid): Promise<string[]> {
  return (await lines(one, gid)).flatMap((line) =>
    line.kind === 'unreadable' ? [line.reason.name] : [],
  );
}

/** Waits until so many messages are not shown; answers why. */
export function refusedLines(one: Person, gid: Gid, count = 1): Promise<string[]> {
  return eventually([one], `${one.name} refuses ${String(count)}`, async () => {
    const names = await placeholders(one, gid);
    return names.length >= count && names;
  });
}

/** What must be the same before and after an attack that is refused: roster, generation, code, name and texts. */
export async function portrait(one: Person, gid: Gid): Promise<unknown> {
  const { halted: _, ...known } = (await facts(one, gid)) as Record<string, unknown>;
  const { name, about, policy, banned } = await view(one, gid);
  return { ...known, name, about, policy, banned, texts: await texts(one, gid) };
}

/** The evidence a person exports, as whoever has nothing else judges it. */
export async function judged(world: World, one: Person, gid: Gid): Promise<string> {
  const verdict = judgeFile(world.primitives, must(await one.client.exportEvidence(gid)));
  return verdict.ok ? verdict.sentence : `nothing proven: ${verdict.sentence}`;
}
