/** Shows the start page until there is an account. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { accountQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';

export function AccountGate({
  start,
  children,
}: {
  readonly start: ReactNode;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const account = useQuery(accountQuery(useClient()));
  if (account.isPending) return <p className="sr-only">{t('app.loading')}</p>;
  if (account.isError)
    return (
      <main className="flex h-full">
        <Failed error={account.error} onRetry={() => void account.refetch()} />
      </main>
    );
  return account.data === null ? start : children;
}
