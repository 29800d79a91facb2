/** What members told the staff about others: the open ones first, each with what was quoted and said. */
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Flag } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { GroupView, ReportView } from '../../client/view.ts';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { Notes } from '../parts/Notes.tsx';
import { useClient } from '../queries/clientContext.ts';
import { reportsQuery, useHandleReport } from '../queries/running.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Skeleton } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import { Panel } from './Panel.tsx';

export function Reports({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reports = useQuery(reportsQuery(useClient(), group.gid));
  const sorted = (reports.data ?? []).toSorted(
    (a, b) => Number(a.handled !== null) - Number(b.handled !== null),
  );
  const open = sorted.some((report) => report.handled === null);
  return (
    // What is open stands first in its column.
    <div className={open ? '-order-1 min-w-0' : 'min-w-0'}>
      <Panel title={t('reports.title')}>
        {reports.isPending && <Skeleton className="h-4 w-40" />}
        {reports.isError && <Failed error={reports.error} onRetry={() => void reports.refetch()} />}
        {reports.isSuccess && sorted.length === 0 && (
          <p className="flex items-center gap-2 text-ink-2">
            <CircleCheck size={17} aria-hidden className="text-good" />
            {t('reports.none')}
          </p>
        )}
        <ul className="grid gap-3">
          {sorted.map((report) => (
            <ReportItem key={report.id} report={report} group={group} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function ReportItem({ report, group }: { readonly report: ReportView; readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const handle = useHandleReport(group.gid);
  const about = nameOf(report.about);
  return (
    <li
      className={`grid gap-1.5 rounded-sm bg-sunken p-3 ${report.handled === null ? '' : 'text-ink-2'}`}
    >
      <p className="flex items-center gap-2 font-[550]">
        <Flag
          size={15}
          aria-hidden
          className={report.handled === null ? 'text-warn' : 'text-ink-3'}
        />
        <Isolated
          text={t('reports.about', { by: isolate(nameOf(report.by)), about: isolate(about) })}
        />
      </p>
      {report.quote !== '' && (
        <blockquote
          dir="auto"
          className="line-clamp-4 border-s-2 border-edge ps-2.5 text-small whitespace-pre-line [overflow-wrap:anywhere]"
        >
          {report.quote}
        </blockquote>
      )}
      {report.text !== '' && (
        <p dir="auto" className="text-small whitespace-pre-line [overflow-wrap:anywhere]">
          {report.text}
        </p>
      )}
      <details>
        <summary className="w-fit cursor-pointer rounded-sm py-1 text-small text-ink-2 hover:text-ink">
          {t('notes.aboutNamed', { name: about })}
        </summary>
        <div className="pt-2">
          <Notes gid={group.gid} about={{ pid: report.about.pid }} />
        </div>
      </details>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="num text-tiny text-ink-3">
          {report.handled === null ? (
            whenInWords(report.at, now)
          ) : (
            <Isolated
              text={t('reports.handledBy', {
                name: isolate(nameOf(report.handled.by)),
                when: whenInWords(report.handled.at, now),
              })}
            />
          )}
        </p>
        {report.handled === null && (
          <Button
            size="small"
            busy={handle.busy}
            aria-label={t('reports.handleNamed', { name: about })}
            onClick={() => void handle.run(report.id)}
          >
            {t('reports.handle')}
          </Button>
        )}
      </div>
    </li>
  );
}
