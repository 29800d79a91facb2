/** An owner cannot just leave: hand over, close, or stay. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CloseGroupDialog } from '../parts/CloseGroupDialog.tsx';
import { HandOverDialog } from '../parts/HandOverDialog.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Options } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';

const WAYS = ['handOver', 'close', 'stay'] as const;
type Way = (typeof WAYS)[number];

export function OwnerLeaveDialog({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>('handOver');
  const [taken, setTaken] = useState<Way>('stay');
  const stay = (): void => setTaken('stay');
  return (
    <>
      <Dialog
        open={open}
        onClose={onClose}
        title={t('chat.ownerLeaveTitle', { name: group.name ?? t('group.unnamed') })}
        lead={t('chat.ownerLeaveBody')}
        closeLabel={t('app.close')}
        foot={
          <>
            <Button onClick={onClose}>{t('app.cancel')}</Button>
            <Button
              look="primary"
              onClick={() => {
                onClose();
                setTaken(way);
              }}
            >
              {t('chat.ownerLeaveGo')}
            </Button>
          </>
        }
      >
        <Options
          label={t('chat.ownerLeaveHow')}
          value={way}
          options={WAYS.map((value) => ({
            value,
            label: t(`chat.ownerLeave.${value}`),
            note: t(`chat.ownerLeaveNote.${value}`),
          }))}
          onChoose={setWay}
        />
      </Dialog>
      <HandOverDialog group={group} open={taken === 'handOver'} onClose={stay} />
      <CloseGroupDialog group={group} open={taken === 'close'} onClose={stay} />
    </>
  );
}
