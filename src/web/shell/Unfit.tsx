/** In place of everything, where the browser cannot run the engine. */
import { useTranslation } from 'react-i18next';
import type { Missing } from '../missingInBrowser.ts';
import { Empty } from '../ui/Notice.tsx';

export function Unfit({ missing }: { readonly missing: Missing }) {
  const { t } = useTranslation();
  return (
    <main className="flex h-full">
      <Empty title={t('broken.missingTitle')}>{t(`broken.missing.${missing}`)}</Empty>
    </main>
  );
}
