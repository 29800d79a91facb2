/** The person's data: taking it along, and deleting the account. */
import { useQuery } from '@tanstack/react-query';
import { Download, FileArchive } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { type Exported, useExport } from '../queries/export.ts';
import {
  type ExportedFile,
  filesIn,
  type SavedFiles,
  useSaveFiles,
} from '../queries/exportFiles.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { Button } from '../ui/Button.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { DeleteDialog } from './DeleteDialog.tsx';
import { OwnGroups } from './OwnGroups.tsx';
import { Column, Room } from '../parts/Room.tsx';
import { ownedBy } from './ownedGroups.ts';
import type { Gid } from '../../protocol/ids.ts';
import type { ExportEnd } from '../../protocol/exported.ts';

export function DataPage() {
  const { t } = useTranslation();
  return (
    <Room title={t('data.title')}>
      <Column>
        <TakeAlong />
        <Delete />
      </Column>
    </Room>
  );
}

function TakeAlong() {
  const { t } = useTranslation();
  const [exported, setExported] = useState<Exported | null>(null);
  const taking = useExport(setExported);
  return (
    <section aria-labelledby="export-title">
      <h3 id="export-title" className="text-title font-[620]">
        {t('data.exportTitle')}
      </h3>
      <p className="mt-1 text-ink-2 text-pretty">{t('data.exportBody')}</p>
      <p className="mt-2 mb-4 text-small text-ink-3 text-pretty">{t('data.exportCare')}</p>
      <Button busy={taking.busy} onClick={() => void taking.run()}>
        <Download size={16} aria-hidden />
        {t('data.export')}
      </Button>
      <output className="mt-3 block text-small text-ink-2">
        {taking.busy && t('data.exporting', { done: taking.done, total: taking.total })}
        {!taking.busy && exported !== null && <Written end={exported.end} />}
      </output>
      {!taking.busy && exported !== null && <Files files={filesIn(exported.lines)} />}
    </section>
  );
}

const WHY = ['notShared', 'withheld', 'unreadable', 'notLoaded', 'staffOnly'] as const;

/** Files lie on the server until somebody fetches them: they are taken along in a second step. */
function Files({ files }: { readonly files: readonly ExportedFile[] }) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState<SavedFiles | null>(null);
  const saving = useSaveFiles(setSaved);
  if (files.length === 0) return null;
  return (
    <div className="mt-3">
      <Button busy={saving.busy} onClick={() => void saving.run(files)}>
        <FileArchive size={16} aria-hidden />
        {t('data.files', { count: files.length })}
      </Button>
      <output className="mt-2 block text-small text-ink-2">
        {saving.busy && t('data.savingFiles', { done: saving.done + 1, total: files.length })}
        {!saving.busy && saved !== null && t('data.savedFiles', { count: saved.saved })}
        {!saving.busy && saved !== null && saved.missing > 0 && (
          <> {t('data.missingFiles', { count: saved.missing })}</>
        )}
      </output>
    </div>
  );
}

function Written({ end }: { readonly end: ExportEnd }) {
  const { t } = useTranslation();
  const missing = WHY.filter((why) => end.missing[why] > 0);
  return (
    <>
      <p>
        {t('data.exported', {
          groups: t('data.groups', { count: end.counts.groups }),
          messages: t('data.messages', { count: end.counts.messages }),
        })}
      </p>
      {missing.length > 0 && (
        <ul className="mt-1 list-disc ps-5 marker:text-ink-3">
          {missing.map((why) => (
            <li key={why}>{t(`data.missing.${why}`, { count: end.missing[why] })}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Delete() {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery(useClient()));
  const [close, setClose] = useState<ReadonlySet<Gid>>(new Set());
  const [asking, setAsking] = useState(false);
  const owned = ownedBy(groups.data ?? []);
  const undecided = owned.filter((group) => !close.has(group.gid));
  return (
    <section aria-labelledby="delete-title" className="mt-8 border-t border-line pt-6">
      <h3 id="delete-title" className="text-title font-[620]">
        {t('data.deleteTitle')}
      </h3>
      <p className="mt-1 text-ink-2 text-pretty">{t('data.deleteBody')}</p>
      <ul className="mt-2 list-disc space-y-1 ps-5 text-ink-2 marker:text-ink-3">
        <li>{t('data.goes.here')}</li>
        <li>{t('data.goes.server')}</li>
        <li>{t('data.goes.groups')}</li>
        <li>{t('data.goes.devices')}</li>
      </ul>
      <p className="mt-3 font-[580]">{t('data.staysTitle')}</p>
      <ul className="mt-1 list-disc space-y-1 ps-5 text-ink-2 marker:text-ink-3">
        <li>{t('data.stays.messages')}</li>
        <li>{t('data.stays.log')}</li>
        <li>{t('data.stays.cards')}</li>
      </ul>
      {groups.isPending && <SkeletonRows count={2} label={t('app.loading')} />}
      {groups.isError && <Failed error={groups.error} onRetry={() => void groups.refetch()} />}
      {owned.length > 0 && <OwnGroups groups={owned} close={close} onChange={setClose} />}
      <Button
        look="dangerPlain"
        className="mt-5"
        refused={
          !groups.isSuccess
            ? t('app.loading')
            : undecided.length > 0
              ? t('data.handOverFirst', { count: undecided.length })
              : null
        }
        onClick={() => setAsking(true)}
      >
        {t('data.delete')}
      </Button>
      {asking && (
        <DeleteDialog close={owned.map((group) => group.gid)} onClose={() => setAsking(false)} />
      )}
    </section>
  );
}
