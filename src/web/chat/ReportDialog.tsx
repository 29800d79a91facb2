/** Telling owner and moderators about a message. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineItem } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { asWritten } from '../parts/inShort.ts';
import { nameOf } from '../parts/isolate.tsx';
import { useReport } from '../queries/running.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/Field.tsx';

type Message = Extract<TimelineItem, { kind: 'message' }>;

export function ReportDialog({
  gid,
  message,
  onClose,
}: {
  readonly gid: Gid;
  readonly message: Message;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const report = useReport(gid, () => {
    showToast({ sentence: t('reports.sent') });
    onClose();
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('reports.reportTitle')}
      lead={t('reports.reportLead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button
            look="primary"
            busy={report.busy}
            onClick={() => void report.run({ about: message.author.pid, item: message.item, text })}
          >
            {t('reports.send')}
          </Button>
        </>
      }
    >
      <p className="text-small font-[550]">
        {t('reports.quoted', { name: nameOf(message.author) })}
      </p>
      <blockquote
        dir="auto"
        className="mt-1 mb-4 line-clamp-6 border-s-2 border-edge ps-3 whitespace-pre-line text-ink-2 [overflow-wrap:anywhere]"
      >
        {asWritten(message)}
      </blockquote>
      <TextArea
        label={t('reports.words')}
        aside={t('app.optional')}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
