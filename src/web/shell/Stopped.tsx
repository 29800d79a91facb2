/** In place of everything, where the engine has ended or does not answer this tab. */
import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { STOPPED_KEY } from '../live.ts';
import { paths } from '../paths.ts';
import type { Trouble } from '../trouble.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';

/** Why; null while it goes on. Only news sets it. */
export const stoppedQuery = () =>
  queryOptions<string | null>({ queryKey: STOPPED_KEY, queryFn: () => null, initialData: null });

const reload = (): void => window.location.reload();

export function Stopped({ trouble }: { readonly trouble: Trouble }) {
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
