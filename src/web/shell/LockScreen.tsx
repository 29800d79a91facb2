/** All that is left of the page while the device is locked: ways to open it, and what to do without one. */
import { Fingerprint, LockKeyhole } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { present } from '../../lib/assert.ts';
import type { LockView } from '../../client/view.ts';
import type { Failure } from '../../protocol/failure.ts';
import { touchPasskey } from '../passkey.ts';
import { passphraseOf, useUnlock } from '../queries/lock.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { useNow } from '../ui/useNow.ts';
import { EraseDialog } from './EraseDialog.tsx';

type Unlocking = ReturnType<typeof useUnlock>;

export function LockScreen({ lock }: { readonly lock: LockView }) {
  const { t } = useTranslation();
  const [erasing, setErasing] = useState(false);
  const unlock = useUnlock();
  const byPassphrase = lock.slots.some((slot) => slot.kind === 'passphrase');
  const passkeys = lock.slots.flatMap(({ credential }) =>
    credential === null ? [] : [credential],
  );
  return (
    <main className="flex h-full overflow-y-auto bg-bg">
      <section
        aria-labelledby="lock-title"
        className="m-auto w-full max-w-[400px] p-6 max-tablet:p-5"
      >
        <LockKeyhole size={28} aria-hidden className="mb-4 text-ink-3" />
        <h1 id="lock-title" className="text-large font-[650] tracking-[-0.015em]">
          {t('lock.locked')}
        </h1>
        <p className="mt-1 mb-5 text-ink-2 text-pretty">{t('lock.lockedBody')}</p>
        <div className="grid gap-3">
          {byPassphrase && <ByPassphrase unlock={unlock} waitUntil={lock.waitUntil} />}
          {passkeys.length > 0 && (
            <ByPasskey unlock={unlock} credentials={passkeys} alone={!byPassphrase} />
          )}
        </div>
        <Button look="ghost" className="mt-3 w-full" onClick={() => setErasing(true)}>
          {t('lock.forgot')}
        </Button>
      </section>
      <EraseDialog open={erasing} onClose={() => setErasing(false)} />
    </main>
  );
}

/** What a refusal says about the attempt; others are notes. */
function faultOf(failure: Failure): 'wrong' | 'early' | 'memory' | 'damaged' {
  if (failure.name === 'E_AUTH') return 'wrong';
  if (failure.name === 'E_LIMIT') return failure.retryAt === undefined ? 'memory' : 'early';
  return 'damaged';
}

function ByPassphrase({
  unlock,
  waitUntil,
}: {
  readonly unlock: Unlocking;
  readonly waitUntil: number;
}) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | undefined>();
  const [until, setUntil] = useState(waitUntil);
  const now = useNow(1000);
  const wait = Math.ceil((Math.max(until, waitUntil) - now) / 1000);

  useEffect(() => field.current?.focus(), []);

  const submit = async (): Promise<void> => {
    const input = present(field.current, 'the field is drawn');
    const secret = input.value === '' ? null : passphraseOf(input.value);
    if (secret === null) return setFault(t('lock.enter'));
    setFault(undefined);
    const outcome = await unlock.run(secret);
    input.value = '';
    if (outcome?.ok !== false) return;
    const why = faultOf(outcome.error);
    setFault(t(`lock.fault.${why}`));
    setUntil(outcome.error.retryAt ?? 0);
    input.focus();
  };

  let said: ReactNode = null;
  if (unlock.busy) said = t('lock.opening');
  else if (wait > 0) said = t('lock.wait', { count: wait });
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (wait <= 0 && !unlock.busy) void submit();
      }}
    >
      {/* For password managers, which keep a passphrase under a name. */}
      <input type="text" autoComplete="username" value="Conclave" readOnly hidden />
      <TextField
        ref={field}
        type="password"
        label={t('lock.passphrase')}
        autoComplete="current-password"
        dir="auto"
        readOnly={unlock.busy}
        maxLength={1024}
        fault={fault}
      />
      <Button
        look="primary"
        size="large"
        type="submit"
        busy={unlock.busy}
        refused={wait > 0 && !unlock.busy ? t('lock.wait', { count: wait }) : null}
      >
        {t('lock.unlock')}
      </Button>
      <output className="block min-h-5 text-center text-small text-ink-2">{said}</output>
    </form>
  );
}

function ByPasskey({
  unlock,
  credentials,
  alone,
}: {
  readonly unlock: Unlocking;
  readonly credentials: readonly Uint8Array<ArrayBuffer>[];
  readonly alone: boolean;
}) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<string | null>(null);
  const touch = async (): Promise<void> => {
    setFault(null);
    const touched = await touchPasskey('lock', credentials);
    if (touched === 'cancelled') return setFault(t('lock.fault.cancelled'));
    if (touched === 'unfit') return setFault(t('lock.fault.unfit'));
    const { credential, prf } = touched;
    const outcome = await unlock.run({ kind: 'passkey', credential, prf });
    if (outcome?.ok === false) setFault(t(`lock.fault.${faultOf(outcome.error)}`));
  };
  return (
    <>
      <Button
        data-start
        look={alone ? 'primary' : 'plain'}
        size="large"
        busy={unlock.busy}
        onClick={() => void touch()}
      >
        <Fingerprint size={17} aria-hidden />
        {t('lock.unlockPasskey')}
      </Button>
      {fault !== null && (
        <p role="alert" className="text-small text-bad">
          {fault}
        </p>
      )}
    </>
  );
}
