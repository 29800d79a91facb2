/** A newer version is ready: said quietly, taken when it suits. */
import { RefreshCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { takeBuild } from '../newBuild.ts';
import { putBuildOff, useOfferedBuild } from '../stores/offeredBuild.ts';
import { Button } from '../ui/Button.tsx';

export function NewBuildLine() {
  const { t } = useTranslation();
  const { build, later } = useOfferedBuild();
  if (build === null || later) return <output />;
  return (
    <output className="flex flex-wrap items-center gap-x-2.5 gap-y-1 border-t border-line bg-sunken py-2 ps-5 pe-3 pb-[max(0.5rem,env(safe-area-inset-bottom))] text-small text-ink-2">
      <RefreshCw size={15} aria-hidden />
      <span className="min-w-0 flex-1">
        {t('shell.newBuild', { version: build.version, build: build.id })}
      </span>
      <span className="ms-auto flex gap-1">
        <Button look="ghost" size="small" onClick={putBuildOff}>
          {t('shell.newBuildLater')}
        </Button>
        <Button size="small" onClick={takeBuild}>
          {t('app.reload')}
        </Button>
      </span>
    </output>
  );
}
