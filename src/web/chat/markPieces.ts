/** Where in a text the searched words stand. The text is shown as it is; only the comparison is folded. */
export interface Piece {
  readonly at: number;
  readonly text: string;
  readonly hit: boolean;
}

/** Shown from a little before the first hit on, so that a long message shows why it was found. */
const LEAD = 60;

export function pieces(
  text: string,
  wanted: readonly string[],
  fold: (text: string) => string,
): readonly Piece[] {
  // Folding changes lengths: each character is folded on its own, and knows where it came from.
  const chars = Array.from(text);
  let folded = '';
  const from: number[] = [];
  for (const [at, char] of chars.entries()) {
    const plain = fold(char);
    folded += plain;
    for (let i = 0; i < plain.length; i++) from.push(at);
  }
  const hit = new Uint8Array(chars.length);
  for (const word of wanted)
    for (let at = folded.indexOf(word); at >= 0 && word !== ''; at = folded.indexOf(word, at + 1))
      for (let i = at; i < at + word.length; i++) hit[from[i] ?? 0] = 1;
  const first = hit.indexOf(1);
  const start = first > LEAD * 2 ? first - LEAD : 0;
  const out: Piece[] = start > 0 ? [{ at: -1, text: '… ', hit: false }] : [];
  let at = start;
  while (at < chars.length) {
    let end = at + 1;
    while (end < chars.length && hit[end] === hit[at]) end += 1;
    out.push({ at, text: chars.slice(at, end).join(''), hit: hit[at] === 1 });
    at = end;
  }
  return out;
}
