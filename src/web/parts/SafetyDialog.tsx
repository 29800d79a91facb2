/** The number two people compare, and the mark that they did. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { QrCode } from '../ui/QrCode.tsx';
import { useClient } from '../queries/clientContext.ts';
import { safetyNumberQuery } from '../queries/groups.ts';
import { useSetVerified } from '../queries/running.ts';
import type { MemberView, PersonView } from '../../client/view.ts';
import { Digits } from './Digits.tsx';
import { Failed } from './Failed.tsx';
import { nameOf } from './isolate.tsx';

export function SafetyDialog({
  person,
  onClose,
}: {
  readonly person: MemberView | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const mark = useSetVerified();
  const name = person === null ? '' : nameOf(person);
  const set = (on: boolean): void => {
    if (person === null) return;
    void mark.run({ pid: person.pid, on }).then((done) => done?.ok === true && onClose());
  };
  return (
    <Dialog
      open={person !== null}
      onClose={onClose}
      title={t('members.safetyTitle', { name })}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.close')}</Button>
          {person?.verified === true ? (
            <Button busy={mark.busy} onClick={() => set(false)}>
              {t('members.unmark')}
            </Button>
          ) : (
            <Button look="primary" busy={mark.busy} onClick={() => set(true)}>
              {t('members.mark')}
            </Button>
          )}
        </>
      }
    >
      {person !== null && <SafetyNumber person={person} />}
      <p className="mt-4 text-ink-2 text-pretty">{t('members.safetyBody', { name })}</p>
    </Dialog>
  );
}

function SafetyNumber({ person }: { readonly person: PersonView }) {
  const { t } = useTranslation();
  const number = useQuery(safetyNumberQuery(useClient(), person.pid));
  if (number.isPending) return <Skeleton className="h-28 w-64" />;
  if (number.isError) return <Failed error={number.error} onRetry={() => void number.refetch()} />;
  return (
    <div className="flex flex-wrap items-center gap-6">
      <Digits code={number.data} label={t('members.safety')} />
      <div className="w-32">
        <QrCode text={number.data.replaceAll(/\D/g, '')} label={t('members.safetySquare')} />
      </div>
    </div>
  );
}
