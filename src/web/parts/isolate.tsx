/** Names inside sentences: isolated, so that a name in another writing direction does not turn the sentence around. */
import { Fragment, type ReactNode } from 'react';
import { i18n } from '../text/i18n.ts';
import type { PersonView } from '../../client/view.ts';

const OPEN = '\u2068';
const SHUT = '\u2069';

/** The name as plain text, for labels. */
export function nameOf(person: Pick<PersonView, 'name' | 'mark'>): string {
  return person.name ?? `${i18n.t('person.unknown')} ·${person.mark}`;
}

/** Marks a foreign name for Isolated. */
export function isolate(name: string): string {
  return `${OPEN}${name}${SHUT}`;
}

/** Draws a text whose names were marked with isolate(). */
export function Isolated({ text }: { readonly text: string }): ReactNode {
  return text.split(OPEN).map((part, index) => {
    const end = index === 0 ? -1 : part.indexOf(SHUT);
    if (end < 0) return part;
    return (
      // The parts of one text have no other name than their place.
      <Fragment key={index}>
        <bdi>{part.slice(0, end)}</bdi>
        {part.slice(end + 1)}
      </Fragment>
    );
  });
}
