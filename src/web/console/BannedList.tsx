/** Who is blocked, and unblocking. */
import { useTranslation } from 'react-i18next';
import { whyNotUnban } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { useStartTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import type { GroupView } from '../../client/view.ts';
import type { Pending } from './pendingActs.ts';
import { useReason } from './useReason.ts';

export function BannedList({
  group,
  pending,
}: {
  readonly group: GroupView;
  readonly pending: ReadonlyMap<string, Pending>;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const start = useStartTask(group.gid);
  if (group.banned.length === 0) return null;
  return (
    <section aria-labelledby="banned" className="pt-8 pb-6">
      <h2 id="banned" className="px-6 pb-2 font-[620] max-tablet:px-4">
        {t('table.bannedTitle')}
      </h2>
      <ul className="border-t border-line">
        {group.banned.map((person) => (
          <li
            key={person.pid}
            className="flex items-center gap-3 border-b border-line px-6 py-2.5 max-tablet:px-4"
          >
            <PersonAvatar person={person} />
            <span className="clip flex-1">
              <PersonName person={person} marked />
            </span>
            <Button
              size="small"
              busy={pending.get(person.pid)?.kind === 'unban'}
              refused={reason(whyNotUnban(group))}
              aria-label={t('table.unblockNamed', { name: nameOf(person) })}
              onClick={() => void start.run({ act: { kind: 'unban', people: [person.pid] } })}
            >
              {t('table.unblock')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
