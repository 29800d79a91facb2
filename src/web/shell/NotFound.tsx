import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="flex h-full flex-1">
      <Empty
        title={t('broken.notFound')}
        action={
          <Link to={paths.home()} className={buttonClasses('primary')}>
            {t('join.toGroups')}
          </Link>
        }
      >
        {t('broken.notFoundNext')}
      </Empty>
    </main>
  );
}
