/** Over a list while there is no connection: how old it is, and that acts are kept until there is one. */
import { useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { connectionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { whenInWords } from '../text/when.ts';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';

export function OfflineNote({ asOf }: { readonly asOf: number }) {
  const { t } = useTranslation();
  const now = useNow();
  const connection = useQuery(connectionQuery(useClient())).data;
  if (connection === undefined || connection.state === 'online') return null;
  return (
    <div className="shrink-0 px-6 pt-3 max-tablet:px-4">
      <Banner icon={<CloudOff size={17} aria-hidden />}>
        {t('console.offline', { when: whenInWords(asOf, now) })}
      </Banner>
    </div>
  );
}
