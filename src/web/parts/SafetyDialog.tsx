/** The number two people compare. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { useClient } from '../queries/clientContext.ts';
import { safetyNumberQuery } from '../queries/groups.ts';
import type { PersonView } from '../../client/view.ts';
import { Digits } from './Digits.tsx';
import { Failed } from './Failed.tsx';
import { nameOf } from './isolate.tsx';

export function SafetyDialog({
  person,
  onClose,
}: {
  readonly person: PersonView | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const name = person === null ? '' : nameOf(person);
  return (
    <Dialog
      open={person !== null}
      onClose={onClose}
      title={t('members.safetyTitle', { name })}
      closeLabel={t('app.close')}
    >
      {person !== null && <SafetyNumber person={person} />}
      <p className="mt-4 text-ink-2">{t('members.safetyBody', { name })}</p>
    </Dialog>
  );
}

function SafetyNumber({ person }: { readonly person: PersonView }) {
  const { t } = useTranslation();
  const number = useQuery(safetyNumberQuery(useClient(), person.pid));
  if (number.isPending) return <Skeleton className="h-28 w-64" />;
  if (number.isError) return <Failed error={number.error} onRetry={() => void number.refetch()} />;
  return <Digits code={number.data} label={t('members.safety')} />;
}
