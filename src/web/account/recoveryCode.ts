/** The recovery code as people handle it: in groups, typed back, typed in however they like. */

export const SIGNS = 26;
const GROUP_ENDS = [5, 10, 15, 20, 26] as const;
export const GROUPS = GROUP_ENDS.length;

/** Four groups of five signs and one of six. */
export function groupsOf(code: string): readonly string[] {
  return GROUP_ENDS.map((end, place) => code.slice(GROUP_ENDS[place - 1] ?? 0, end));
}

/** How many signs the group at this place has. */
export function lengthOf(place: number): number {
  return (GROUP_ENDS[place] ?? 0) - (GROUP_ENDS[place - 1] ?? 0);
}

/** Two different places, in order. `chance` answers numbers from 0 up to, not including, 1. */
export function twoPlaces(chance: () => number): readonly [number, number] {
  const one = Math.floor(chance() * GROUPS);
  const other = (one + 1 + Math.floor(chance() * (GROUPS - 1))) % GROUPS;
  return one < other ? [one, other] : [other, one];
}

/** What was typed, without spaces and dashes, with the signs that look alike made one. */
export function signsOf(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}
