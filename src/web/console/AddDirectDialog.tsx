/** Adding somebody by contact code: they see an invitation and decide. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { useStartTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';
import { readContactCode } from './contactCode.ts';

export function AddDirectDialog({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const close = (): void => {
    setText('');
    setTried(false);
    onClose();
  };
  const start = useStartTask(group.gid, close);
  const pid = readContactCode(text);
  const member = group.members.find((one) => one.pid === pid);
  const fault = ((): string | null => {
    if (pid === null) return t('addDirect.noCode');
    if (member?.me === true) return t('addDirect.me');
    if (member !== undefined) return t('addDirect.member', { name: nameOf(member) });
    return group.banned.some((one) => one.pid === pid) ? t('addDirect.banned') : null;
  })();
  return (
    <Dialog
      open={open}
      onClose={close}
      title={t('addDirect.title')}
      lead={t('addDirect.lead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <p className="num min-w-48 flex-1 text-small text-ink-2">
            {t('addDirect.newKey', { count: group.members.length + 1 })}
          </p>
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button
            look="primary"
            busy={start.busy}
            onClick={() => {
              setTried(true);
              if (fault === null && pid !== null)
                void start.run({ act: { kind: 'add', people: [pid] } });
            }}
          >
            {t('addDirect.submit')}
          </Button>
        </>
      }
    >
      <TextArea
        label={t('addDirect.code')}
        hint={t('addDirect.codeHint')}
        fault={tried && fault !== null ? fault : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
