/** Logging out erases this browser's copy; without a saved recovery code it is said what that costs. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { recoveryQuery, useLogOut } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery } from '../queries/groups.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ROLE } from '../../protocol/role.ts';

export function LogOutDialog({
  open,
  onClose,
  name,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly name: string;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const recovery = useQuery(recoveryQuery(useClient()));
  const logOut = useLogOut();
  // Where it is not known, the warning is the safer mistake.
  const safe = recovery.data?.state === 'proved';
  if (safe)
    return (
      <Dialog
        firm
        open={open}
        onClose={onClose}
        title={t('logOut.title')}
        closeLabel={t('app.close')}
        foot={
          <>
            <Button onClick={onClose}>{t('app.cancel')}</Button>
            <Button
              look="danger"
              busy={logOut.busy}
              onClick={() => void logOut.run({ evenSo: false })}
            >
              {t('logOut.act')}
            </Button>
          </>
        }
      >
        <p className="text-ink-2 text-pretty">{t('logOut.body')}</p>
      </Dialog>
    );
  return (
    <Dialog
      firm
      open={open}
      onClose={onClose}
      title={t('logOut.lossTitle')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button
            look="dangerPlain"
            busy={logOut.busy}
            onClick={() => void logOut.run({ evenSo: true })}
          >
            {t('logOut.evenSo')}
          </Button>
          <Button
            data-start
            look="primary"
            onClick={() => {
              onClose();
              void navigate({ to: paths.recovery() });
            }}
          >
            {t('logOut.saveFirst')}
          </Button>
        </>
      }
    >
      <Loss name={name} />
    </Dialog>
  );
}

function Loss({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const groups = useQuery(groupsQuery(useClient()));
  const inside = (groups.data ?? []).filter((group) => group.standing === 'member');
  const owned = inside.filter((group) => group.role === ROLE.owner && group.members > 1);
  return (
    <>
      <p className="text-ink-2">{t('logOut.lossBody')}</p>
      <ul className="mt-2 list-disc space-y-1 ps-5 text-ink-2 marker:text-ink-3">
        <li>
          <Isolated text={t('logOut.loss.account', { name: isolate(name) })} />
        </li>
        {inside.length > 0 && <li>{t('logOut.loss.groups', { count: inside.length })}</li>}
        {owned.length > 0 && <li>{t('logOut.loss.owned', { count: owned.length })}</li>}
      </ul>
    </>
  );
}
