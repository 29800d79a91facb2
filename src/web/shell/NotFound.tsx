import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Page } from '../account/Page.tsx';
import { Room } from '../parts/Room.tsx';
import { paths } from '../paths.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';

export function NotFound() {
  return (
    <Page>
      <Words />
    </Page>
  );
}

/** Beside the groups. */
export function NotFoundHere() {
  const { t } = useTranslation();
  return (
    <Room title={t('app.name')}>
      <Words />
    </Room>
  );
}

function Words() {
  const { t } = useTranslation();
  return (
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
  );
}
