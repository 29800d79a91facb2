/** After an account came to this browser, and where there was one already. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { signedOutQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { LogOutDialog } from '../shell/LogOutDialog.tsx';
import { Button, buttonClasses } from '../ui/Button.tsx';
import type { AccountView } from '../../client/view.ts';
import { Card } from './Page.tsx';

export function AccountHere({ account }: { readonly account: AccountView }) {
  const { t } = useTranslation();
  const signedOut = useQuery(signedOutQuery(useClient())).data === true;
  const [leaving, setLeaving] = useState(false);
  return (
    <Card labelledBy="restore-here">
      <h1 id="restore-here" className="text-large font-[650] tracking-[-0.015em]">
        {signedOut ? t('signedOut.title') : t('restore.here')}
      </h1>
      <p className="mt-1 mb-5 text-ink-2">
        {signedOut ? (
          t('signedOut.how')
        ) : (
          <Isolated text={t('restore.hereBody', { name: isolate(account.name) })} />
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        <Link to={paths.home()} className={buttonClasses(signedOut ? 'plain' : 'primary')}>
          {t('restore.open')}
        </Link>
        {signedOut && (
          <Button look="primary" onClick={() => setLeaving(true)}>
            {t('logOut.act')}
          </Button>
        )}
      </div>
      <LogOutDialog open={leaving} onClose={() => setLeaving(false)} name={account.name} />
    </Card>
  );
}

export function Returned({
  account,
  joinId,
}: {
  readonly account: AccountView;
  readonly joinId: string | null;
}) {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery(useClient()));
  const count = groups.data?.length ?? 0;
  return (
    <Card labelledBy="restored">
      <div className="flex items-start gap-3">
        <CircleCheck size={24} aria-hidden className="mt-0.5 shrink-0 text-good" />
        <div className="min-w-0">
          <h1 id="restored" className="text-large font-[650] tracking-[-0.015em]">
            <Isolated text={t('restore.found', { name: isolate(account.name) })} />
          </h1>
          <output className="mt-1 block text-ink-2">{t('restore.groups', { count })}</output>
        </div>
      </div>
      <div className="mt-5 flex flex-wrap gap-2">
        {joinId !== null && (
          <Link to={paths.joining(joinId)} className={buttonClasses('primary')}>
            {t('restore.goOn')}
          </Link>
        )}
        <Link to={paths.home()} className={buttonClasses(joinId === null ? 'primary' : 'plain')}>
          {t('restore.open')}
        </Link>
      </div>
    </Card>
  );
}
