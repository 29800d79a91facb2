/** Saying no: silently or with a note, and whether the account may ask again. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { useReject } from '../queries/requests.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Checkbox, TextArea } from '../ui/Field.tsx';
import type { RequestView } from '../../client/view.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';

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
  const [note, setNote] = useState('');
  const [block, setBlock] = useState(false);
  const count = requests.length;
  const [first] = requests;
  const name = first === undefined ? '' : nameOf(first.person);
  const close = (): void => {
    setNote('');
    setBlock(false);
    onClose();
  };
  const reject = useReject(gid, (rejection) => {
    showToast({ sentence: t('queue.rejected', { count: rejection.requests.length, name }) });
    close();
    onRejected(rejection.requests);
  });
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
          <Button
            look="danger"
            busy={reject.busy}
            onClick={() =>
              void reject.run({
                requests: requests.map((request) => request.hash),
                wishes: { note: note.trim(), block },
              })
            }
          >
            {t('queue.rejectSubmit', { count })}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <TextArea
          label={t('queue.rejectNote')}
          aside={t('app.optional')}
          hint={t('queue.rejectNoteHint')}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
        <Checkbox label={t('queue.rejectBlock')} checked={block} onChange={setBlock} />
      </div>
    </Dialog>
  );
}
