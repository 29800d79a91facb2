/** While the engine opens. */
import { useTranslation } from 'react-i18next';
import { reload } from '../newBuild.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { useLate } from '../ui/useLate.ts';

const LATE_MS = 5000;

/** Usually gone before it could be read. */
export function Opening() {
  const { t } = useTranslation();
  const late = useLate(LATE_MS);
  if (!late) return <p className="sr-only">{t('app.loading')}</p>;
  return (
    <main className="flex h-full">
      <Empty
        title={t('broken.slowTitle')}
        action={<Button onClick={() => void reload()}>{t('app.reload')}</Button>}
      >
        {t('broken.slowBody')}
      </Empty>
    </main>
  );
}
