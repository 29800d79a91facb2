/** Over the talk and the console: this device is no part of the account any more, and how it becomes one again. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MonitorOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { signedOutQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';

export function SignedOutBanner() {
  const { t } = useTranslation();
  const signedOut = useQuery(signedOutQuery(useClient()));
  if (signedOut.data !== true) return null;
  return (
    <Banner
      tone="bad"
      role="alert"
      icon={<MonitorOff size={18} aria-hidden />}
      action={
        <Link to={paths.restore()} className={buttonClasses('plain', 'small')}>
          {t('signedOut.go')}
        </Link>
      }
    >
      <strong className="font-[620]">{t('signedOut.title')}</strong> {t('signedOut.body')}
    </Banner>
  );
}
