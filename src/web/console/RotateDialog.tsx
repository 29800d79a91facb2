/** Changing the key by hand, with a word to the rest of the staff why. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupView } from '../../client/view.ts';
import { useRotateFor } from '../queries/running.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';

export function RotateDialog({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [why, setWhy] = useState('');
  const rotate = useRotateFor(group.gid, () => {
    showToast({ sentence: t('security.rotated') });
    setWhy('');
    onClose();
  });
  const name = group.name ?? t('group.unnamed');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t('security.rotateTitle', { name })}
      lead={t('security.rotateLead', { count: group.members.length })}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="primary" busy={rotate.busy} onClick={() => void rotate.run(why)}>
            {t('security.rotate')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('security.rotateWhy')}
        aside={t('app.optional')}
        hint={t('security.rotateWhyHint')}
        maxLength={500}
        autoComplete="off"
        value={why}
        onChange={(event) => setWhy(event.target.value)}
      />
    </Dialog>
  );
}
