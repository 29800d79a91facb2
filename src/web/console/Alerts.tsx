/** What wants attention, in one line each with one thing to do about it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CalendarClock, Flag, KeyRound, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupView } from '../../client/view.ts';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { linksQuery } from '../queries/links.ts';
import { reportsQuery } from '../queries/running.ts';
import { useServerNow } from '../queries/serverClock.ts';
import { lasting } from '../text/when.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';

/** A link that ends within this is told of. */
export const SOON_MS = 24 * 3_600_000;

interface Alert {
  readonly key: string;
  readonly tone: 'bad' | 'warn' | 'plain';
  readonly icon: ReactNode;
  readonly text: string;
  readonly action: string;
  readonly to: string;
}

export function Alerts({ group }: { readonly group: GroupView }) {
  const alerts = useAlerts(group);
  if (alerts.length === 0) return null;
  return (
    <div className="grid gap-2">
      {alerts.map((alert) => (
        <Banner
          key={alert.key}
          tone={alert.tone}
          icon={alert.icon}
          action={
            <Link to={alert.to} className={buttonClasses('plain', 'small')}>
              {alert.action}
            </Link>
          }
        >
          {alert.text}
        </Banner>
      ))}
    </div>
  );
}

function useAlerts(group: GroupView): readonly Alert[] {
  const { t } = useTranslation();
  const now = useServerNow();
  const client = useClient();
  const links = useQuery(linksQuery(client, group.gid));
  const reports = useQuery(reportsQuery(client, group.gid));
  const { gid, halted, warnings, key } = group;
  const open = reports.data?.filter((report) => report.handled === null).length ?? 0;
  const soon = (links.data ?? []).filter(
    (link) => link.state === 'live' && link.expires !== 0 && link.expires - now < SOON_MS,
  );
  const paused = (links.data ?? []).filter((link) => link.state === 'paused' && link.waiting > 0);
  const first = soon.toSorted((a, b) => a.expires - b.expires)[0];
  const security = { action: t('overview.toSecurity'), to: paths.manageSecurity(gid) };
  const toLinks = { action: t('queue.toLinks'), to: paths.manageLinks(gid) };
  const all: readonly (Alert | null)[] = [
    halted === null
      ? null
      : {
          key: 'halted',
          tone: 'bad',
          icon: <OctagonAlert size={17} aria-hidden />,
          text: t(`failure.${halted.name}.sentence`),
          action: t('overview.toActivity'),
          to: paths.manageActivity(gid),
        },
    warnings.length === 0
      ? null
      : {
          key: 'warnings',
          tone: 'warn',
          icon: <TriangleAlert size={17} aria-hidden />,
          text: t('overview.warnings', { count: warnings.length }),
          ...security,
        },
    key.state === 'secured'
      ? null
      : {
          key: 'key',
          tone: 'warn',
          icon: <KeyRound size={17} aria-hidden />,
          text:
            key.state === 'pending'
              ? t(`security.pending.${key.reason}`)
              : t(`failure.${key.reason.name}.sentence`),
          ...security,
        },
    open === 0
      ? null
      : {
          key: 'reports',
          tone: 'warn',
          icon: <Flag size={17} aria-hidden />,
          text: t('overview.reports', { count: open }),
          action: t('overview.toReports'),
          to: paths.manageSecurity(gid),
        },
    paused[0] === undefined
      ? null
      : {
          key: 'paused',
          tone: 'warn',
          icon: <TriangleAlert size={17} aria-hidden />,
          text: t('overview.paused', {
            count: paused[0].waiting,
            label: nameOfLink(paused[0].label, t('links.noLabel')),
          }),
          ...toLinks,
        },
    first === undefined
      ? null
      : {
          key: 'soon',
          tone: 'plain',
          icon: <CalendarClock size={17} aria-hidden />,
          text: t('overview.linkSoon', {
            label: nameOfLink(first.label, t('links.noLabel')),
            time: lasting(first.expires - now),
          }),
          ...toLinks,
        },
  ];
  return all.filter((alert) => alert !== null);
}

const nameOfLink = (label: string, none: string): string => (label === '' ? none : label);
