/** In place of everything, where the engine has ended or does not answer this tab. */
import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { STOPPED_KEY } from '../live.ts';
import { reload } from '../newBuild.ts';
import { paths } from '../paths.ts';
import type { Trouble } from '../trouble.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { NewBuildLine } from './NewBuildLine.tsx';

/** Why; null while it goes on. Only news sets it. */
export const stoppedQuery = () =>
  queryOptions<string | null>({ queryKey: STOPPED_KEY, queryFn: () => null, initialData: null });

export function Stopped({ trouble }: { readonly trouble: Trouble }) {
  const { t } = useTranslation();
  return (
    <div className="flex h-full flex-col">
      <main className="flex min-h-0 flex-1" role="alert">
        <Empty
          title={t(`broken.stopped.${trouble}.title`)}
          action={
            <>
              {trouble === 'cleared' && (
                <Button look="primary" onClick={() => window.location.replace(paths.restore())}>
                  {t('broken.restore')}
                </Button>
              )}
              <Button
                look={trouble === 'cleared' ? 'plain' : 'primary'}
                onClick={() => void reload()}
              >
                {t('app.reload')}
              </Button>
            </>
          }
        >
          {t(`broken.stopped.${trouble}.body`)}
        </Empty>
      </main>
      <NewBuildLine />
    </div>
  );
}
