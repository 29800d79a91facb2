/** Mentions in the composer: offered while an @ is typed, chosen by keyboard or pointer. */
import { type KeyboardEvent, type ReactNode, type RefObject, useState } from 'react';
import { setDraft } from '../stores/draft.ts';
import type { GroupView, MemberView } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { mentionable, mentionAt, MentionList } from './MentionList.tsx';

/** One message names at most so many. */
const MENTIONS_MAX = 20;

/** Members whose name stands after an @. Of names one of which begins the other, the longer one counts. */
export function mentionedIn(text: string, members: readonly MemberView[]): readonly Pid[] {
  let rest = text;
  const named: Pid[] = [];
  const byLength = members.toSorted((a, b) => (b.name?.length ?? 0) - (a.name?.length ?? 0));
  for (const { name, pid, me } of byLength) {
    if (me || name === null || !rest.includes(`@${name}`)) continue;
    named.push(pid);
    rest = rest.replaceAll(`@${name}`, ' ');
  }
  return named.slice(0, MENTIONS_MAX);
}

interface Mentions {
  readonly list: ReactNode;
  /** Whether the key was meant for the list. */
  readonly press: (event: KeyboardEvent) => boolean;
  readonly moved: (area: HTMLTextAreaElement) => void;
}

export function useMentions(
  group: GroupView,
  text: string,
  area: RefObject<HTMLTextAreaElement | null>,
): Mentions {
  const [typed, setTyped] = useState<string | null>(null);
  const [active, setActive] = useState(0);
  const offered = typed === null ? [] : mentionable(group.members, typed);

  const choose = (member: MemberView): void => {
    const box = area.current;
    if (box === null || typed === null) return;
    const from = box.selectionStart - typed.length;
    const before = `${text.slice(0, from)}${member.name ?? ''} `;
    setDraft(group.gid, before + text.slice(box.selectionStart));
    setTyped(null);
    // The cursor follows once the text is there.
    requestAnimationFrame(() => box.setSelectionRange(before.length, before.length));
  };

  return {
    list: offered.length > 0 && <MentionList members={offered} active={active} onChoose={choose} />,
    press(event) {
      const chosen = offered[active];
      if (chosen === undefined) return false;
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp': {
          const step = event.key === 'ArrowDown' ? 1 : offered.length - 1;
          setActive((active + step) % offered.length);
          break;
        }
        case 'Enter':
        case 'Tab':
          choose(chosen);
          break;
        case 'Escape':
          setTyped(null);
          break;
        default:
          return false;
      }
      event.preventDefault();
      return true;
    },
    moved(box) {
      const next =
        box.selectionStart === box.selectionEnd ? mentionAt(box.value, box.selectionStart) : null;
      if (next !== typed) setActive(0);
      setTyped(next);
    },
  };
}
