/** Locking this device: with what, when by itself, and now. */
import { useQuery } from '@tanstack/react-query';
import { Fingerprint, KeyRound, LockKeyhole } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LockSlotView, LockView } from '../../client/view.ts';
import type { Failure } from '../../protocol/failure.ts';
import { IDLE_MINUTES } from '../../protocol/lock.ts';
import { Failed } from '../parts/Failed.tsx';
import { lockKeys } from '../parts/lockKeys.ts';
import { makePasskey } from '../passkey.ts';
import { useClient } from '../queries/clientContext.ts';
import { lockQuery, useAddLock, useLockNow, useRemoveLock, useSetIdle } from '../queries/lock.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Choices } from '../ui/Field.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import { type Offered, OfferSecrets } from './OfferSecrets.tsx';
import { Column, Room } from '../parts/Room.tsx';

export function LockPage() {
  const { t } = useTranslation();
  const lock = useQuery(lockQuery(useClient()));
  return (
    <Room title={t('lock.title')}>
      {lock.isPending && <SkeletonRows count={2} label={t('app.loading')} />}
      {lock.isError && <Failed error={lock.error} onRetry={() => void lock.refetch()} />}
      {lock.isSuccess && (
        <Column>{lock.data.slots.length === 0 ? <Unset /> : <Set lock={lock.data} />}</Column>
      )}
    </Room>
  );
}

function Unset() {
  const { t } = useTranslation();
  return (
    <div className="grid gap-4">
      <p className="text-title text-ink-2 text-pretty">{t('lock.lead')}</p>
      <ul className="list-disc space-y-1 ps-5 text-ink-2 marker:text-ink-3">
        <li>{t('lock.what.hides')}</li>
        <li>{t('lock.what.disk')}</li>
        <li>{t('lock.what.start')}</li>
      </ul>
      <Ways slots={[]} />
      <p className="border-t border-line pt-4 text-small text-ink-2">{t('lock.stake')}</p>
    </div>
  );
}

function Set({ lock }: { readonly lock: LockView }) {
  const { t } = useTranslation();
  const lockNow = useLockNow();
  const setIdle = useSetIdle();
  return (
    <div className="grid gap-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <p className="min-w-52 flex-1 text-ink-2 text-pretty">{t('lock.isSet')}</p>
        <Button look="primary" busy={lockNow.busy} onClick={() => void lockNow.run()}>
          <LockKeyhole size={16} aria-hidden />
          {t('lock.now')}
        </Button>
      </div>
      <p className="text-small text-ink-3">{t('lock.keys', { keys: lockKeys() })}</p>
      <section aria-labelledby="lock-ways" className="border-t border-line pt-4">
        <h3 id="lock-ways" className="mb-3 font-[620]">
          {t('lock.opensWith')}
        </h3>
        <ul aria-labelledby="lock-ways" className="mb-3 grid gap-2">
          {lock.slots.map((slot) => (
            <Slot key={slot.slot} slot={slot} last={lock.slots.length === 1} />
          ))}
        </ul>
        <Ways slots={lock.slots} />
      </section>
      <section className="border-t border-line pt-4">
        <Choices
          label={t('lock.idle')}
          value={lock.idleMinutes}
          choices={IDLE_MINUTES.map((value) => ({
            value,
            label: value === 0 ? t('lock.never') : t('lock.minutes', { count: value }),
          }))}
          onChoose={(minutes) => void setIdle.run(minutes)}
        />
        <p className="mt-2 text-small text-ink-3 text-pretty">{t('lock.idleNote')}</p>
      </section>
      <p className="border-t border-line pt-4 text-small text-ink-2">{t('lock.stake')}</p>
    </div>
  );
}

function Slot({ slot, last }: { readonly slot: LockSlotView; readonly last: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const remove = useRemoveLock();
  const name = slot.kind === 'passphrase' ? t('lock.passphrase') : t('lock.passkey');
  const Icon = slot.kind === 'passphrase' ? KeyRound : Fingerprint;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line px-4 py-3">
      <Icon size={20} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-40 flex-1">
        <p className="font-[580]">{name}</p>
        <p className="num text-small text-ink-2">
          {t('lock.made', { when: whenInWords(slot.made, now) })}
        </p>
      </div>
      <Button
        look="dangerPlain"
        size="small"
        busy={remove.busy}
        aria-label={t('lock.removeNamed', { name })}
        onClick={() =>
          askFirst({
            title: last ? t('lock.offTitle') : t('lock.removeTitle', { name }),
            body: last ? t('lock.offBody') : t('lock.removeBody'),
            action: last ? t('lock.off') : t('lock.remove'),
            tone: 'danger',
            run: () => void remove.run(slot.slot),
          })
        }
      >
        {last ? t('lock.off') : t('lock.remove')}
      </Button>
    </li>
  );
}

/** E_LIMIT says that there was not enough memory, or that there are enough ways. */
function faultOf(failure: Failure): 'memory' | 'weak' | 'other' {
  if (failure.name === 'E_LIMIT') return 'memory';
  return failure.name === 'E_FORMAT' ? 'weak' : 'other';
}

function Ways({ slots }: { readonly slots: readonly LockSlotView[] }) {
  const { t } = useTranslation();
  const add = useAddLock(() => {
    if (slots.length > 0) showToast({ sentence: t('lock.added') });
  });
  const hasPasskey = slots.some((slot) => slot.kind === 'passkey');
  const hasPassphrase = slots.some((slot) => slot.kind === 'passphrase');
  const offer = async (secret: Parameters<typeof add.run>[0]): Promise<Offered> => {
    const outcome = await add.run(secret);
    if (outcome?.ok === true) return 'taken';
    return { fault: outcome && t(`lock.refused.${faultOf(outcome.error)}`) };
  };
  const addPasskey = async (): Promise<Offered> => {
    const made = await makePasskey('lock', t('lock.passkeyLabel'));
    if (typeof made === 'string') return { fault: t(`lock.fault.${made}`) };
    return offer({ kind: 'passkey', credential: made.credential, prf: made.prf });
  };
  return (
    <OfferSecrets
      use="lock"
      words={{
        passphrase: hasPassphrase ? t('lock.changePassphrase') : t('lock.addPassphrase'),
        passkey: hasPasskey ? t('lock.anotherPasskey') : t('lock.addPasskey'),
        noPasskeys: t('lock.noPasskeys'),
        lead: t('lock.passphraseLead'),
        act: slots.length === 0 ? t('lock.set') : t('lock.add'),
      }}
      leads={slots.length === 0}
      busy={add.busy}
      onPassphrase={offer}
      onPasskey={addPasskey}
    />
  );
}
