/** Who reacted to a message, by emoji; one's own are taken back with the same button. */
import { nameOf } from '../parts/isolate.tsx';
import { useReact } from '../queries/talk.ts';
import type { ReactionView } from '../../client/view.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { useWords } from './words.ts';

interface ReactionsProps {
  readonly gid: Gid;
  readonly item: Hash;
  readonly reactions: readonly ReactionView[];
  /** Nobody can react here now. */
  readonly off: boolean;
}

export function Reactions(props: ReactionsProps) {
  return props.reactions.length === 0 ? null : <Some {...props} />;
}

function Some({ gid, item, reactions, off }: ReactionsProps) {
  const t = useWords();
  const react = useReact(gid);
  return (
    <ul className="mt-1 flex flex-wrap gap-1.5">
      {reactions.map(({ emoji, who, mine }) => {
        const names = who.map(nameOf).join(', ');
        return (
          <li key={emoji}>
            <button
              type="button"
              aria-pressed={mine}
              aria-label={t('chat.reaction', { emoji, names })}
              title={names}
              disabled={off}
              onClick={() => void react.run({ item, emoji, on: !mine })}
              className={`flex h-7 items-center gap-1.5 rounded-full border px-2 text-small touch:h-9 ${
                mine ? 'border-accent bg-accent-soft text-accent' : 'border-line text-ink-2'
              } enabled:hover:border-edge`}
            >
              <span aria-hidden>{emoji}</span>
              <span className="num">{who.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
