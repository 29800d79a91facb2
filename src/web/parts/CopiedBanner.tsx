/** Over the talk: this browser's profile exists twice, sending has stopped, and how it goes on. */
import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { connectionQuery, useEnrolAgain } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';

export function CopiedBanner() {
  const { t } = useTranslation();
  const connection = useQuery(connectionQuery(useClient()));
  const enrol = useEnrolAgain();
  if (connection.data?.state !== 'copied') return null;
  return (
    <Banner
      tone="bad"
      role="alert"
      icon={<Copy size={18} aria-hidden />}
      action={
        <Button size="small" busy={enrol.busy} onClick={() => void enrol.run()}>
          {t('copied.act')}
        </Button>
      }
    >
      <strong className="font-[620]">{t('copied.title')}</strong> {t('copied.body')}
    </Banner>
  );
}
