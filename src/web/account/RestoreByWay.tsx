/** Taking an account back without the code: with a passkey, or with a passphrase and the vault's address. */
import { useQuery } from '@tanstack/react-query';
import { Fingerprint, KeyRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Failure } from '../../protocol/failure.ts';
import { present } from '../../lib/assert.ts';
import { touchPasskey } from '../passkey.ts';
import { passphraseOf } from '../queries/lock.ts';
import { passkeysQuery } from '../queries/passkeys.ts';
import type { useRestoreByWay } from '../queries/ways.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';

type Restoring = ReturnType<typeof useRestoreByWay>;

function faultOf(failure: Failure): 'format' | 'memory' | 'unknown' {
  if (failure.name === 'E_FORMAT') return 'format';
  return failure.name === 'E_LIMIT' && failure.retryAt === undefined ? 'memory' : 'unknown';
}

export function RestoreByWay({ restore }: { readonly restore: Restoring }) {
  const { t } = useTranslation();
  const passkeys = useQuery(passkeysQuery());
  const [typing, setTyping] = useState(false);
  const [fault, setFault] = useState<string | null>(null);

  const touch = async (): Promise<void> => {
    setFault(null);
    const touched = await touchPasskey('vault', []);
    if (typeof touched === 'string') return setFault(t(`ways.fault.${touched}`));
    const { userHandle, prf } = touched;
    if (userHandle === null) return setFault(t('ways.restore.unknownPasskey'));
    const outcome = await restore.run({ kind: 'passkey', locator: userHandle.slice(), prf });
    if (outcome?.ok === false) setFault(t('ways.restore.unknownPasskey'));
  };
  return (
    <section
      aria-label={t('ways.restore.title')}
      className="mt-5 grid gap-2 border-t border-line pt-5"
    >
      {passkeys.data === true && (
        <Button busy={restore.busy && !typing} onClick={() => void touch()}>
          <Fingerprint size={16} aria-hidden />
          {t('ways.restore.passkey')}
        </Button>
      )}
      {fault !== null && (
        <p role="alert" className="text-small text-bad">
          {fault}
        </p>
      )}
      {!typing && (
        <Button onClick={() => setTyping(true)}>
          <KeyRound size={16} aria-hidden />
          {t('ways.restore.passphrase')}
        </Button>
      )}
      {typing && <ByPassphrase restore={restore} />}
    </section>
  );
}

function ByPassphrase({ restore }: { readonly restore: Restoring }) {
  const { t } = useTranslation();
  const address = useRef<HTMLInputElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | undefined>();
  const submit = async (): Promise<void> => {
    const typed = present(field.current, 'the field is drawn');
    const where = present(address.current, 'the field is drawn');
    const secret = typed.value === '' ? null : passphraseOf(typed.value);
    if (secret === null) return setFault(t('lock.enter'));
    setFault(undefined);
    const outcome = await restore.run({ ...secret, address: where.value });
    typed.value = '';
    if (outcome?.ok === false) setFault(t(`ways.restore.${faultOf(outcome.error)}`));
  };
  return (
    <form
      noValidate
      aria-label={t('ways.restore.passphrase')}
      className="mt-3 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (!restore.busy) void submit();
      }}
    >
      <TextField
        ref={address}
        data-start
        label={t('ways.restore.address')}
        hint={t('ways.restore.addressHint')}
        dir="ltr"
        autoComplete="username"
        spellCheck={false}
        maxLength={200}
        className="font-mono"
      />
      <TextField
        ref={field}
        type="password"
        label={t('lock.passphrase')}
        autoComplete="current-password"
        dir="auto"
        maxLength={1024}
        fault={fault}
      />
      <Button look="primary" type="submit" busy={restore.busy}>
        {t('restore.submit')}
      </Button>
    </form>
  );
}
