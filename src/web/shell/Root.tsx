/** Around every page: says so when the engine has ended or a page could not be drawn. */
import { useQuery } from '@tanstack/react-query';
import { CatchBoundary } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { reload } from '../newBuild.ts';
import { paths } from '../paths.ts';
import { deletionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { troubleOf } from '../trouble.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { Farewell } from './Farewell.tsx';
import { NewBuildLine } from './NewBuildLine.tsx';
import { Stopped, stoppedQuery } from './Stopped.tsx';

/** The reason the engine gives, in every tab, when the account was erased from this browser. */
const LOGGED_OUT = 'loggedOut';

export function Root({ children }: { readonly children: ReactNode }) {
  const stopped = useQuery(stoppedQuery());
  const deletion = useQuery(deletionQuery(useClient())).data ?? null;
  if (deletion !== null) return <Farewell deletion={deletion} />;
  if (stopped.data === LOGGED_OUT) return <StartOver />;
  if (stopped.data !== null) return <Stopped trouble={troubleOf(stopped.data)} />;
  return (
    <div className="flex h-full flex-col">
      <div className="min-h-0 flex-1">
        <CatchBoundary getResetKey={() => 'page'} errorComponent={Undrawn}>
          {children}
        </CatchBoundary>
      </div>
      <NewBuildLine />
    </div>
  );
}

/** The page is loaded anew, so that nothing that was opened stays in its memory. */
function StartOver() {
  useEffect(() => window.location.replace(paths.home()), []);
  return null;
}

function Undrawn() {
  const { t } = useTranslation();
  return (
    <main className="flex h-full" role="alert">
      <Empty
        title={t('broken.drawTitle')}
        action={
          <Button look="primary" onClick={() => void reload()}>
            {t('app.reload')}
          </Button>
        }
      >
        {t('broken.drawBody')}
      </Empty>
    </main>
  );
}
