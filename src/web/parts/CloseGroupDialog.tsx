/** Closing a group for good: its name has to be typed. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCloseGroup } from '../queries/groups.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';
import { isolate, Isolated } from './isolate.tsx';
import { sameName } from './sameName.ts';

export function CloseGroupDialog({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const name = group.name ?? t('group.unnamed');
  const end = (): void => {
    setTyped('');
    setTried(false);
    onClose();
  };
  const close = useCloseGroup(group.gid, () => {
    end();
    showToast({ sentence: t('settings.closed', { name }) });
  });
  const right = sameName(typed, name);
  return (
    <Dialog
      firm
      open={open}
      onClose={end}
      title={t('settings.closeTitle', { name })}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={end}>{t('app.cancel')}</Button>
          <Button look="danger" type="submit" form="close-group" busy={close.busy}>
            {t('settings.close')}
          </Button>
        </>
      }
    >
      <form
        id="close-group"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (right) void close.run();
        }}
      >
        <p className="text-ink-2 text-pretty">{t('settings.closeBody')}</p>
        <TextField
          label={t('settings.closeType')}
          hint={<Isolated text={isolate(name)} />}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          fault={tried && !right ? t('settings.closeWrong', { name }) : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
