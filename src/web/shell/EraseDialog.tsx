/** Without a way to unlock, this device can only be erased; the recovery code then brings the account back. */
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { useLogOut } from '../queries/account.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

export function EraseDialog({
  open,
  onClose,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const erase = useLogOut();
  const run = async (): Promise<void> => {
    const outcome = await erase.run({ evenSo: true });
    if (outcome?.ok === true) window.location.replace(paths.restore());
  };
  return (
    <Dialog
      firm
      open={open}
      onClose={onClose}
      title={t('lock.eraseTitle')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="danger" busy={erase.busy} onClick={() => void run()}>
            {t('lock.erase')}
          </Button>
        </>
      }
    >
      <p className="text-ink-2 text-pretty">{t('lock.eraseBody')}</p>
      <p className="mt-2 text-ink-2 text-pretty">{t('lock.eraseStake')}</p>
    </Dialog>
  );
}
