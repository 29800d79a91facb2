/** What stands over a talk whose server contradicted itself, or shows less than this device holds. */
import { Download, History, OctagonAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useContinue, useExportEvidence } from '../queries/proofs.ts';
import { askFirst } from '../stores/confirm.ts';
import { whenInWords } from '../text/when.ts';
import { Banner } from '../ui/Notice.tsx';
import { Button } from '../ui/Button.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';

export function HistoryBanners({ group }: { readonly group: GroupView }) {
  if (group.halted !== null) return <Halted group={group} reason={group.halted.name} />;
  return group.behind === null ? null : <Behind behind={group.behind} />;
}

function Halted({
  group,
  reason,
}: {
  readonly group: GroupView;
  readonly reason: NonNullable<GroupView['halted']>['name'];
}) {
  const { t } = useTranslation();
  const evidence = useExportEvidence(group.gid);
  const goOn = useContinue(group.gid);
  return (
    <Banner
      tone="bad"
      role="alert"
      icon={<OctagonAlert size={18} aria-hidden />}
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="small" busy={evidence.busy} onClick={() => void evidence.run()}>
            <Download size={16} aria-hidden />
            {t('chat.exportEvidence')}
          </Button>
          {reason === 'E_FORK' && (
            <Button
              size="small"
              busy={goOn.busy}
              onClick={() =>
                askFirst({
                  title: t('chat.goOnTitle'),
                  body: t('chat.goOnBody'),
                  action: t('chat.goOn'),
                  tone: 'plain',
                  run: () => void goOn.run(),
                })
              }
            >
              {t('chat.goOn')}
            </Button>
          )}
        </div>
      }
    >
      <strong className="font-[620]">{t('chat.haltedTitle')}</strong>{' '}
      {reason === 'E_FORK'
        ? `${t('failure.E_FORK.sentence')} ${t('failure.E_FORK.next')}`
        : t('chat.haltedRule')}
    </Banner>
  );
}

function Behind({ behind }: { readonly behind: NonNullable<GroupView['behind']> }) {
  const { t } = useTranslation();
  const now = useNow();
  const count = behind.missing;
  return (
    <Banner tone="warn" role="alert" icon={<History size={18} aria-hidden />}>
      {behind.since === null
        ? t('chat.behindAll', { count })
        : t('chat.behind', { count, when: whenInWords(behind.since, now) })}{' '}
      {behind.giving ? t('chat.behindGiving') : t('chat.behindOthers')}
    </Banner>
  );
}
