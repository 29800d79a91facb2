/** Asks for good: the own name has to be typed. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated } from '../parts/isolate.tsx';
import { sameName } from '../parts/sameName.ts';
import { accountQuery, recoveryQuery, useDeleteAccount } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import type { Gid } from '../../protocol/ids.ts';

export function DeleteDialog({
  close,
  onClose,
}: {
  readonly close: readonly Gid[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const name = useQuery(accountQuery(useClient())).data?.name ?? '';
  const saved = useQuery(recoveryQuery(useClient())).data?.state === 'proved';
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const remove = useDeleteAccount();
  const right = sameName(typed, name);
  return (
    <Dialog
      firm
      open
      onClose={onClose}
      title={t('data.askTitle')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button look="danger" type="submit" form="delete-account" busy={remove.busy}>
            {t('data.delete')}
          </Button>
        </>
      }
    >
      <form
        id="delete-account"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (right) void remove.run(close);
        }}
      >
        <p className="text-ink-2 text-pretty">
          {t('data.askBody')} {saved && t('data.askCode')}
        </p>
        <TextField
          label={t('data.askType')}
          hint={<Isolated text={isolate(name)} />}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          fault={tried && !right ? t('data.askWrong') : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
      </form>
    </Dialog>
  );
}
