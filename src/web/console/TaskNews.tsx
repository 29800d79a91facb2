/** Tells the end of each act that was begun on this page, once, in one sentence. Draws nothing. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery } from '../queries/links.ts';
import { requestsQuery } from '../queries/requests.ts';
import { showToast } from '../stores/toast.ts';
import { noteTold, showTray, useTray } from '../stores/tray.ts';
import type { TaskView } from '../../client/view.ts';
import { resultOf } from './taskText.ts';

export function TaskNews({ tasks }: { readonly tasks: readonly TaskView[] }) {
  const { t } = useTranslation();
  const client = useClient();
  const cache = useQueryClient();
  const begun = useTray((tray) => tray.begun);
  useEffect(() => {
    for (const task of tasks) {
      if (!begun.has(task.id) || (task.state !== 'done' && task.state !== 'failed')) continue;
      noteTold(task.id);
      const told = resultOf(
        task,
        {
          group: cache.getQueryData(groupQuery(client, task.gid).queryKey),
          requests: cache.getQueryData(requestsQuery(client, task.gid).queryKey),
          links: cache.getQueryData(linksQuery(client, task.gid).queryKey),
        },
        t,
      );
      const partly = told.next !== null;
      showToast({
        ...told,
        ...(partly ? { action: { label: t('tray.show'), run: () => showTray(true) } } : {}),
      });
    }
  }, [tasks, begun, cache, client, t]);
  return null;
}
