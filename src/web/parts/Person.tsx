/** A person as drawn everywhere: initials, name, and the short mark where the name does not suffice. */
import { Avatar } from '../ui/Avatar.tsx';
import type { PersonView } from '../../client/view.ts';
import { nameOf } from './isolate.tsx';

export function PersonAvatar({
  person,
  size = 'm',
}: {
  readonly person: PersonView;
  readonly size?: 's' | 'm' | 'l' | 'xl';
}) {
  return <Avatar id={person.pid} name={person.name ?? ''} size={size} />;
}

export function PersonName({
  person,
  marked = false,
}: {
  readonly person: PersonView;
  /** Whether somebody else has the same name here. */
  readonly marked?: boolean;
}) {
  return (
    <>
      <bdi>{nameOf(person)}</bdi>
      {marked && person.name !== null && (
        <span className="font-normal text-ink-3"> ·{person.mark}</span>
      )}
    </>
  );
}
