/** Takes an account back with its recovery code, on a browser that has none. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { accountQuery, connectionQuery, useRestoreAccount } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { useRestoreByWay } from '../queries/ways.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { useLate } from '../ui/useLate.ts';
import type { AccountView } from '../../client/view.ts';
import { Card, Page } from './Page.tsx';
import { signsOf, SIGNS } from './recoveryCode.ts';
import { RestoreByWay } from './RestoreByWay.tsx';
import { AccountHere, Returned } from './Returned.tsx';

const SLOW_MS = 8000;

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
  const form = useForm({ defaultValues: { code: '' } });
  const typed = signsOf(useWatch({ control: form.control, name: 'code' })).length;
  const submit = form.handleSubmit(async ({ code }) => {
    const outcome = await restore.run(signsOf(code));
    if (outcome?.ok === false && isFault(outcome.error.name))
      form.setError('code', { message: t(FAULTS[outcome.error.name]) }, { shouldFocus: true });
  });
  return (
    <Card labelledBy="restore-title">
      <h1 id="restore-title" className="text-large font-[650] tracking-[-0.015em]">
        {t('restore.title')}
      </h1>
      <p className="mt-1 mb-5 text-ink-2 text-pretty">{t('restore.lead')}</p>
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <TextArea
          label={t('restore.code')}
          hint={typed === 0 ? t('restore.hint') : t('restore.typed', { count: typed })}
          rows={2}
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          readOnly={restore.busy}
          maxLength={200}
          className="font-mono text-[1.0625rem] tracking-[0.04em] uppercase"
          fault={form.formState.errors.code?.message}
          {...form.register('code', {
            validate: (code) => {
              const { length } = signsOf(code);
              if (length === 0) return t('restore.enter');
              return length === SIGNS || t('restore.format');
            },
          })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void submit();
          }}
        />
        <Button look="primary" size="large" type="submit" busy={restore.busy}>
          {t('restore.submit')}
        </Button>
        <output className="block text-small text-ink-2">{restore.busy && <Working />}</output>
      </form>
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

/** There is one step that takes time, and nobody knows how long: so it is named, not measured. */
export function Working() {
  const { t } = useTranslation();
  const connection = useQuery(connectionQuery(useClient()));
  const late = useLate(SLOW_MS);
  if (connection.data?.state === 'offline' || connection.data?.state === 'waiting')
    return t('restore.offline');
  return late ? t('restore.workingSlow') : t('restore.working');
}
