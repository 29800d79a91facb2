/** Offering the group to one of its moderators; where there is none, how to make one. */
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { useOfferOwnership } from '../queries/groups.ts';
import { showToast } from '../stores/toast.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Options } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { ROLE } from '../../protocol/role.ts';
import { nameOf } from './isolate.tsx';

export function HandOverDialog({
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
  const [chosen, setChosen] = useState<Pid | null>(null);
  const moderators = group.members.filter((member) => member.role === ROLE.moderator);
  const to = moderators.find((member) => member.pid === chosen) ?? moderators[0];
  const offer = useOfferOwnership(group.gid, (pid) => {
    const who = moderators.find((member) => member.pid === pid);
    onClose();
    if (who !== undefined) showToast({ sentence: t('settings.offerSent', { who: nameOf(who) }) });
  });
  const title = t('settings.handOverTitle', { name: group.name ?? t('group.unnamed') });
  if (to === undefined)
    return (
      <Dialog
        open={open}
        onClose={onClose}
        title={title}
        closeLabel={t('app.close')}
        foot={
          <>
            <Button onClick={onClose}>{t('app.cancel')}</Button>
            <Button
              look="primary"
              onClick={() => {
                onClose();
                void navigate({ to: paths.manageMembers(group.gid) });
              }}
            >
              {t('settings.toMembers')}
            </Button>
          </>
        }
      >
        <p className="font-[580]">{t('settings.handOverNobody')}</p>
        <p className="mt-1 text-ink-2 text-pretty">{t('settings.handOverNobodyNext')}</p>
      </Dialog>
    );
  return (
    <Dialog
      firm
      open={open}
      onClose={onClose}
      title={title}
      lead={t('settings.handOverBody')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="primary" busy={offer.busy} onClick={() => void offer.run(to.pid)}>
            {t('settings.handOverSubmit')}
          </Button>
        </>
      }
    >
      <Options
        label={t('settings.handOverTo')}
        value={to.pid}
        options={moderators.map((member) => ({
          value: member.pid,
          label: nameOf(member),
          note: t('settings.handOverNote', { mark: member.mark }),
        }))}
        onChoose={setChosen}
      />
    </Dialog>
  );
}
