/** Files that others can check without the server: the signed log, and evidence where the group is halted. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useExportEvidence, useExportLog } from '../queries/proofs.ts';
import { Button } from '../ui/Button.tsx';
import type { GroupView } from '../../client/view.ts';
import { Panel } from './Panel.tsx';

export function SignedLog({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const log = useExportLog(group.gid);
  const evidence = useExportEvidence(group.gid);
  return (
    <Panel title={t('signedLog.title')} body={t('signedLog.body')}>
      <Button busy={log.busy} onClick={() => void log.run()}>
        <Download size={16} aria-hidden />
        {t('signedLog.export')}
      </Button>
      {group.halted !== null && (
        <div className="mt-5 border-t border-line pt-4">
          <p className="mb-3 text-small text-ink-2">{t('signedLog.evidenceBody')}</p>
          <Button busy={evidence.busy} onClick={() => void evidence.run()}>
            <Download size={16} aria-hidden />
            {t('signedLog.evidence')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
