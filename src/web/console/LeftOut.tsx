/** People an act on several leaves out, each with the reason. */
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import type { PersonView } from '../../client/view.ts';

export function LeftOut({
  people,
}: {
  readonly people: readonly { readonly person: PersonView; readonly why: string }[];
}) {
  const { t } = useTranslation();
  if (people.length === 0) return null;
  return (
    <section className="grid gap-1.5">
      <h3 className="num text-small font-[580]">
        {t('approval.leftOut', { count: people.length })}
      </h3>
      <ul className="grid max-h-40 gap-1 overflow-y-auto text-small text-ink-2">
        {people.map(({ person, why }) => (
          <li key={person.pid}>
            <bdi className="text-ink">{nameOf(person)}</bdi>: {why}
          </li>
        ))}
      </ul>
    </section>
  );
}
