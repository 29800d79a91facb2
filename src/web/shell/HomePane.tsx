/** The talk column while no group is chosen. */
import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { openDialog } from '../stores/opened.ts';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';

export function HomePane() {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery(useClient()));
  const none = groups.data?.length === 0;
  return (
    <main className="flex min-h-0 flex-1">
      <Empty
        icon={<MessagesSquare size={22} aria-hidden />}
        title={none ? t('shell.empty') : t('shell.choose')}
        action={
          none && (
            <Button look="primary" onClick={() => openDialog('createGroup')}>
              {t('start.create')}
            </Button>
          )
        }
      >
        {none ? t('shell.emptyBody') : t('shell.chooseBody')}
      </Empty>
    </main>
  );
}
