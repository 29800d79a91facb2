/** The number in the title and on the installed app's badge: what the list of groups counts as unread. */
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { attention } from '../attention.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';

export function Attention() {
  const { t } = useTranslation();
  const count = useQuery({ ...groupsQuery(useClient()), select: attention }).data ?? 0;
  useEffect(() => {
    const name = t('app.name');
    document.title = count === 0 ? name : `(${count > 99 ? '99+' : String(count)}) ${name}`;
    // Refused where the page is not installed: then there is no badge to set.
    if ('setAppBadge' in navigator) void navigator.setAppBadge(count).catch(() => undefined);
    return () => {
      document.title = name;
    };
  }, [count, t]);
  return null;
}
