/** A text in which the words that were searched for stand out. */
import { fold } from '../../lib/fold.ts';
import { pieces } from './markPieces.ts';

export function Marked({
  text,
  wanted,
}: {
  readonly text: string;
  readonly wanted: readonly string[];
}) {
  return pieces(text, wanted, fold).map(({ text: piece, hit, at }) =>
    hit ? (
      <mark key={at} className="rounded-xs bg-accent-soft text-accent">
        {piece}
      </mark>
    ) : (
      <span key={at}>{piece}</span>
    ),
  );
}
