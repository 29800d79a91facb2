/** Saying no: silently or with a note, and whether the account may ask again. It goes out after a while, and can be taken back until then. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useCancelTask, useStartTask } from '../queries/tasks.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Checkbox, Options, TextArea } from '../ui/Field.tsx';
import type { RequestView } from '../../client/view.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';

/** So long a rejection can be taken back. */
const DELAY_MS = 10_000;
const NAMES_SHOWN = 6;
/** The server takes so many acts of one person in a minute, and each rejection is one. */
const PER_MINUTE = 30;

export function RejectDialog({
  gid,
  requests,
  onClose,
  onRejected,
}: {
  readonly gid: Gid;
  /** Empty while nothing is asked. */
  readonly requests: readonly RequestView[];
  readonly onClose: () => void;
  readonly onRejected: (requests: readonly Hash[]) => void;
}) {
  const { t } = useTranslation();
  const [how, setHow] = useState<'silent' | 'note'>('silent');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const [block, setBlock] = useState(false);
  const count = requests.length;
  const [first] = requests;
  const name = first === undefined ? '' : nameOf(first.person);
  const names = requests.slice(0, NAMES_SHOWN).map(({ person }) => isolate(nameOf(person)));
  const takeBack = useCancelTask(() => showToast({ sentence: t('queue.tookBack') }));
  const close = (): void => {
    setHow('silent');
    setNote('');
    setTried(false);
    setBlock(false);
    onClose();
  };
  const start = useStartTask(gid, (id) => {
    showToast({
      sentence: t('queue.rejected', { count, name }),
      next: t('queue.rejectedNext'),
      action: { label: t('tray.takeBack'), run: () => void takeBack.run(id) },
      ms: DELAY_MS,
    });
    onRejected(requests.map((request) => request.hash));
    close();
  });
  const missing = how === 'note' && note.trim() === '';
  const reject = (): void => {
    setTried(true);
    if (missing) return;
    void start.run({
      act: {
        kind: 'reject',
        requests: requests.map((request) => request.hash),
        note: how === 'note' ? note.trim() : '',
        block,
      },
      delay: DELAY_MS,
    });
  };
  return (
    <Dialog
      open={count > 0}
      onClose={close}
      title={t('queue.rejectTitle', { count, name })}
      lead={t('queue.rejectLead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button look="danger" busy={start.busy} onClick={reject}>
            {t('queue.rejectSubmit', { count })}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {count > 1 && (
          <p className="text-small text-ink-2">
            <Isolated
              text={
                count > names.length
                  ? t('queue.rejectNamesMore', {
                      names: names.join(', '),
                      count: count - names.length,
                    })
                  : names.join(', ')
              }
            />
          </p>
        )}
        {count > PER_MINUTE && (
          <p className="text-small text-ink-2">{t('queue.rejectSlow', { count: PER_MINUTE })}</p>
        )}
        <Options
          label={t('queue.rejectHow')}
          value={how}
          options={[
            {
              value: 'silent',
              label: t('queue.rejectSilent'),
              note: t('queue.rejectSilentNote'),
            },
            {
              value: 'note',
              label: t('queue.rejectWithNote'),
              note: t('queue.rejectWithNoteNote'),
            },
          ]}
          onChoose={setHow}
        />
        {how === 'note' && (
          <TextArea
            label={t('queue.rejectNote')}
            maxLength={300}
            value={note}
            fault={tried && missing ? t('queue.rejectNoteMissing') : undefined}
            onChange={(event) => setNote(event.target.value)}
          />
        )}
        <div className="grid gap-1">
          <Checkbox label={t('queue.rejectBlock')} checked={block} onChange={setBlock} />
          <p className="ps-7 text-small text-ink-3">
            {t(block ? 'queue.rejectBlockNote' : 'queue.rejectAgainNote')}
          </p>
        </div>
      </div>
    </Dialog>
  );
}
