/** Around every page: says so when the engine has ended or a page could not be drawn. */
import { useQuery } from '@tanstack/react-query';
import { CatchBoundary } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { STOPPED_KEY } from '../live.ts';
import { paths } from '../paths.ts';
import { deletionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { type Trouble, troubleOf } from '../trouble.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { Farewell } from './Farewell.tsx';

/** The reason the engine gives, in every tab, when the account was erased from this browser. */
const LOGGED_OUT = 'loggedOut';

const reload = (): void => window.location.reload();

export function Root({ children }: { readonly children: ReactNode }) {
  const stopped = useQuery<string | null>({
    queryKey: STOPPED_KEY,
    queryFn: () => null,
    initialData: null,
  });
  const deletion = useQuery(deletionQuery(useClient())).data ?? null;
  if (deletion !== null) return <Farewell deletion={deletion} />;
  if (stopped.data === LOGGED_OUT) return <StartOver />;
  if (stopped.data !== null) return <Stopped trouble={troubleOf(stopped.data)} />;
  return (
    <CatchBoundary getResetKey={() => 'page'} errorComponent={Undrawn}>
      {children}
    </CatchBoundary>
  );
}

/** The page is loaded anew, so that nothing that was opened stays in its memory. */
function StartOver() {
  useEffect(() => window.location.replace(paths.home()), []);
  return null;
}

function Stopped({ trouble }: { readonly trouble: Trouble }) {
  const { t } = useTranslation();
  return (
    <main className="flex h-full" role="alert">
      <Empty
        title={t(`broken.stopped.${trouble}.title`)}
        action={
          <>
            {trouble === 'cleared' && (
              <Button look="primary" onClick={() => window.location.replace(paths.restore())}>
                {t('broken.restore')}
              </Button>
            )}
            <Button look={trouble === 'cleared' ? 'plain' : 'primary'} onClick={reload}>
              {t('app.reload')}
            </Button>
          </>
        }
      >
        {t(`broken.stopped.${trouble}.body`)}
      </Empty>
    </main>
  );
}

function Undrawn() {
  const { t } = useTranslation();
  return (
    <main className="flex h-full" role="alert">
      <Empty
        title={t('broken.drawTitle')}
        action={
          <Button look="primary" onClick={reload}>
            {t('app.reload')}
          </Button>
        }
      >
        {t('broken.drawBody')}
      </Empty>
    </main>
  );
}
