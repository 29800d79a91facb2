/** Which rows of a list are selected; a range goes from the row that was selected last. */

export interface Selection<K extends string> {
  readonly marked: ReadonlySet<K>;
  readonly from: K | null;
}

export function nothingSelected<K extends string>(): Selection<K> {
  return { marked: new Set(), from: null };
}

export function toggle<K extends string>({ marked }: Selection<K>, key: K): Selection<K> {
  const next = new Set(marked);
  if (!next.delete(key)) next.add(key);
  return { marked: next, from: key };
}

/** Adds everything between the last selected row and this one, both included. */
export function extend<K extends string>(
  { marked, from }: Selection<K>,
  order: readonly K[],
  to: K,
): Selection<K> {
  const end = order.indexOf(to);
  if (end < 0) return { marked, from };
  const start = from === null ? -1 : order.indexOf(from);
  const [low, high] = start < 0 ? [end, end] : [Math.min(start, end), Math.max(start, end)];
  return { marked: new Set([...marked, ...order.slice(low, high + 1)]), from: to };
}

/** The neighbour of the chosen row; the first where none is chosen, the same at the ends. */
export function neighbour<K extends string>(
  order: readonly K[],
  chosen: K | null,
  step: 1 | -1,
): K | null {
  const from = chosen === null ? -1 : order.indexOf(chosen);
  if (from < 0) return order[0] ?? null;
  return order[from + step] ?? order[from] ?? null;
}
