/** Shows the start page until there is an account. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { accountQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { useLate } from '../ui/useLate.ts';

const LATE_MS = 5000;

export function AccountGate({
  start,
  children,
}: {
  readonly start: ReactNode;
  readonly children: ReactNode;
}) {
  const account = useQuery(accountQuery(useClient()));
  if (account.isPending) return <Opening />;
  if (account.isError)
    return (
      <main className="flex h-full">
        <Failed error={account.error} onRetry={() => void account.refetch()} />
      </main>
    );
  return account.data === null ? start : children;
}

/** Usually gone before it could be read. */
function Opening() {
  const { t } = useTranslation();
  const late = useLate(LATE_MS);
  if (!late) return <p className="sr-only">{t('app.loading')}</p>;
  return (
    <main className="flex h-full">
      <Empty
        title={t('broken.slowTitle')}
        action={<Button onClick={() => window.location.reload()}>{t('app.reload')}</Button>}
      >
        {t('broken.slowBody')}
      </Empty>
    </main>
  );
}
