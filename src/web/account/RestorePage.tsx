/** Takes an account back with its recovery code, on a browser that has none. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { accountQuery, useRestoreAccount } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { useRestoreByWay } from '../queries/ways.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import type { AccountView } from '../../client/view.ts';
import { CodeForm } from './CodeForm.tsx';
import { Card, Page } from './Page.tsx';
import { RestoreByWay } from './RestoreByWay.tsx';
import { AccountHere, Returned } from './Returned.tsx';

export function RestorePage({ joinId }: { readonly joinId: string | null }) {
  const account = useQuery(accountQuery(useClient()));
  const [restored, setRestored] = useState<AccountView | null>(null);
  return (
    <Page>
      <div className="mx-auto max-w-[520px]">
        {restored !== null && <Returned account={restored} joinId={joinId} />}
        {restored === null && account.isPending && <Skeleton className="h-64 w-full rounded-lg" />}
        {restored === null && !account.isPending && (
          <Asking account={account.data ?? null} joinId={joinId} onRestored={setRestored} />
        )}
      </div>
    </Page>
  );
}

function Asking({
  account,
  joinId,
  onRestored,
}: {
  readonly account: AccountView | null;
  readonly joinId: string | null;
  readonly onRestored: (account: AccountView) => void;
}) {
  const restore = useRestoreAccount(onRestored);
  const byWay = useRestoreByWay(onRestored);
  // While the code is being opened the account appears before the answer does.
  if (account !== null && !restore.busy && !byWay.busy) return <AccountHere account={account} />;
  return <RestoreForm restore={restore} byWay={byWay} joinId={joinId} />;
}

/** What a refusal says about the code; other failures are notes. */
const FAULTS = {
  E_FORMAT: 'restore.format',
  E_AUTH: 'restore.unknown',
  E_NOT_FOUND: 'restore.unknown',
} as const;

function isFault(name: string): name is keyof typeof FAULTS {
  return Object.hasOwn(FAULTS, name);
}

function RestoreForm({
  restore,
  byWay,
  joinId,
}: {
  readonly restore: ReturnType<typeof useRestoreAccount>;
  readonly byWay: ReturnType<typeof useRestoreByWay>;
  readonly joinId: string | null;
}) {
  const { t } = useTranslation();
  const onCode = async (signs: string): Promise<string | null> => {
    const outcome = await restore.run(signs);
    return outcome?.ok === false && isFault(outcome.error.name)
      ? t(FAULTS[outcome.error.name])
      : null;
  };
  return (
    <Card labelledBy="code-title">
      <CodeForm
        words={{
          title: t('restore.title'),
          lead: t('restore.lead'),
          label: t('restore.code'),
          submit: t('restore.submit'),
          empty: t('restore.enter'),
          format: t('restore.format'),
        }}
        busy={restore.busy}
        onCode={onCode}
      />
      <RestoreByWay restore={byWay} />
      <Link to={paths.device()} className={buttonClasses('ghost', 'normal', 'mt-2 w-full')}>
        {t('restore.fromDevice')}
      </Link>
      <Link
        to={joinId === null ? paths.home() : paths.joining(joinId)}
        className={buttonClasses('ghost', 'normal', 'mt-1 w-full')}
      >
        {t('restore.back')}
      </Link>
    </Card>
  );
}
