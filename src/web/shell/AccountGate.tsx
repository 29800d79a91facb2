/** Shows the start page until there is an account. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failed } from '../parts/Failed.tsx';
import { accountQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Afterwards } from '../ui/Afterwards.tsx';
import { Opening } from './Opening.tsx';

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
  return (
    <Afterwards meanwhile={<Opening />}>{account.data === null ? start : children}</Afterwards>
  );
}
