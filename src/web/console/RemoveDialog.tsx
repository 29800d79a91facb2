/** Removing a member: for now or for good, and what it costs the others. */
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { useEditMembers } from '../queries/groups.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Options } from '../ui/Field.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';

type How = 'remove' | 'ban';

export function RemoveDialog({
  group,
  member,
  onClose,
}: {
  readonly group: GroupView;
  readonly member: MemberView | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [how, setHow] = useState<How>('remove');
  const edit = useEditMembers(group.gid);
  const name = member === null ? '' : nameOf(member);
  const close = (): void => {
    setHow('remove');
    onClose();
  };
  const remove = async (): Promise<void> => {
    if (member === null) return;
    const outcome = await edit.run({ [how]: [member.pid] });
    if (outcome?.ok !== true) return;
    showToast({ sentence: t('table.removed', { name }) });
    close();
  };
  return (
    <Dialog
      firm
      open={member !== null}
      onClose={close}
      title={t('table.removeTitle', { name })}
      lead={t('table.removeLead', { name })}
      closeLabel={t('app.close')}
      foot={
        <>
          <p className="num flex min-w-48 flex-1 items-center gap-2 text-small text-ink-2">
            <KeyRound size={15} aria-hidden className="shrink-0" />
            {t('table.newKey', { count: Math.max(0, group.members.length - 1) })}
          </p>
          <Button data-start onClick={close}>
            {t('app.cancel')}
          </Button>
          <Button look="danger" busy={edit.busy} onClick={() => void remove()}>
            {how === 'ban' ? t('table.removeBlock') : t('table.onlyRemove')}
          </Button>
        </>
      }
    >
      <Options
        label={t('table.how')}
        value={how}
        options={[
          {
            value: 'remove',
            label: t('table.onlyRemove'),
            note: t('table.onlyRemoveNote', { name }),
          },
          {
            value: 'ban',
            label: t('table.removeBlock'),
            note: t('table.removeBlockNote', { name }),
          },
        ]}
        onChoose={setHow}
      />
    </Dialog>
  );
}
