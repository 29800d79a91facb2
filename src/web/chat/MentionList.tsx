/** Members offered while an @ is being typed. */
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import type { MemberView } from '../../client/view.ts';

export const MENTIONS_SHOWN = 6;

/** What is being typed after an @ at the cursor, or null. */
export function mentionAt(text: string, cursor: number): string | null {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf('@');
  if (at < 0 || (at > 0 && !/\s/u.test(before.charAt(at - 1)))) return null;
  const typed = before.slice(at + 1);
  return /[\n@]/u.test(typed) || typed.length > 40 ? null : typed;
}

/** Members whose name begins with, or then contains, what was typed; never oneself, and nobody where the name stands there already. */
export function mentionable(members: readonly MemberView[], typed: string): readonly MemberView[] {
  const wanted = typed.toLocaleLowerCase();
  const rank = (member: MemberView): number =>
    (member.name ?? '').toLocaleLowerCase().indexOf(wanted);
  const found = members
    .filter((member) => !member.me && member.name !== null && rank(member) >= 0)
    .toSorted((a, b) => Math.sign(rank(a)) - Math.sign(rank(b)))
    .slice(0, MENTIONS_SHOWN);
  return found.length === 1 && found[0]?.name === typed ? [] : found;
}

export function MentionList({
  members,
  active,
  onChoose,
}: {
  readonly members: readonly MemberView[];
  readonly active: number;
  readonly onChoose: (member: MemberView) => void;
}) {
  const { t } = useTranslation();
  return (
    <div className="absolute inset-x-2 bottom-full z-10 mb-1 max-w-80 overflow-hidden rounded-md border border-line bg-raised p-1 shadow-float">
      <output className="sr-only">
        {t('chat.mentionList', { names: members.map(nameOf).join(', ') })}
      </output>
      <ul>
        {members.map((member, place) => (
          <li key={member.pid}>
            <button
              type="button"
              // Reached with the arrows while the text keeps the focus.
              tabIndex={-1}
              aria-current={place === active}
              onPointerDown={(event) => {
                event.preventDefault();
                onChoose(member);
              }}
              className={`clip block w-full rounded-sm px-3 py-1.5 text-start touch:py-3 ${place === active ? 'bg-hover' : ''}`}
            >
              <bdi>{nameOf(member)}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
