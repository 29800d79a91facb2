/** The queue: who asks to come in, decided one by one or several in one act. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { requestsQuery } from '../queries/requests.ts';
import { tasksQuery } from '../queries/tasks.ts';
import { SkeletonRows } from '../ui/Notice.tsx';
import type { Gid } from '../../protocol/ids.ts';
import { Queue } from './Queue.tsx';
import { SectionHeader } from './SectionHeader.tsx';

export function RequestsPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const client = useClient();
  const group = useQuery(groupQuery(client, gid));
  const requests = useQuery(requestsQuery(client, gid));
  const links = useQuery(linksQuery(client, gid));
  const tasks = useQuery(tasksQuery(client));
  if (requests.isError)
    return (
      <>
        <SectionHeader title={t('queue.title')} />
        <Failed error={requests.error} onRetry={() => void requests.refetch()} />
      </>
    );
  if (requests.isPending || group.data === undefined)
    return (
      <>
        <SectionHeader title={t('queue.title')} />
        <SkeletonRows count={5} label={t('app.loading')} />
      </>
    );
  return (
    <Queue
      group={group.data}
      requests={requests.data}
      links={links.data ?? []}
      tasks={tasks.data ?? []}
      asOf={requests.dataUpdatedAt}
    />
  );
}
