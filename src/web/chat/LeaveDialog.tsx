/** Leaving: what happens, and a word to those who stay. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { useLeaveGroup } from '../queries/groups.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';

export function LeaveDialog({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [reason, setReason] = useState('');
  const name = group.name ?? t('group.unnamed');
  const leave = useLeaveGroup(group.gid, () => {
    onClose();
    showToast({ sentence: t('chat.left', { name }) });
    void navigate({ to: paths.home() });
  });
  return (
    <Dialog
      firm
      open={open}
      onClose={onClose}
      title={t('chat.leaveTitle', { name })}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button data-start onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button look="danger" busy={leave.busy} onClick={() => void leave.run(reason.trim())}>
            {t('chat.leave')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <p className="text-ink-2 text-pretty">{t('chat.leaveBody')}</p>
        <TextField
          label={t('chat.leaveReason')}
          aside={t('app.optional')}
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
