/** Every way back into the account, with a passphrase and passkeys beside the code. */
import { useQuery } from '@tanstack/react-query';
import { Fingerprint, KeyRound, type LucideIcon, ScrollText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { WayView } from '../../client/view.ts';
import { Failed } from '../parts/Failed.tsx';
import { copyText } from '../parts/copyText.ts';
import { makePasskey } from '../passkey.ts';
import { useClient } from '../queries/clientContext.ts';
import { useAddWay, useRemoveWay, waysQuery } from '../queries/ways.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import { type Offered, OfferSecrets } from './OfferSecrets.tsx';

const ICONS: Readonly<Record<string, LucideIcon>> = {
  recoveryCode: ScrollText,
  passphrase: KeyRound,
  passkey: Fingerprint,
};
const NAMES = {
  recoveryCode: 'ways.recoveryCode',
  passphrase: 'ways.passphrase',
  passkey: 'ways.passkey',
  devices: 'ways.recoveryCode',
} as const;

export function WaysSection() {
  const { t } = useTranslation();
  const ways = useQuery(waysQuery(useClient()));
  return (
    <section aria-labelledby="ways-title" className="mt-8 border-t border-line pt-5">
      <h3 id="ways-title" className="font-[620]">
        {t('ways.title')}
      </h3>
      <p className="mt-1 mb-4 text-ink-2 text-pretty">{t('ways.lead')}</p>
      {ways.isPending && <SkeletonRows count={1} label={t('app.loading')} />}
      {ways.isError && <Failed error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.isSuccess && (
        <>
          {ways.data.length > 0 && (
            <ul aria-labelledby="ways-title" className="mb-3 grid gap-2">
              {ways.data.map((way) => (
                <Way key={way.slot} way={way} last={isLast(way, ways.data)} />
              ))}
            </ul>
          )}
          <Adding ways={ways.data} />
        </>
      )}
    </section>
  );
}

function isLast(way: WayView, ways: readonly WayView[]): boolean {
  return !ways.some((other) => other.proved && other.slot !== way.slot);
}

function Way({ way, last }: { readonly way: WayView; readonly last: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const remove = useRemoveWay();
  const name = t(NAMES[way.kind]);
  const Icon = ICONS[way.kind] ?? KeyRound;
  const run = async (): Promise<void> => {
    const outcome = await remove.run(way.slot);
    if (outcome?.ok === false)
      showToast({ tone: 'bad', sentence: t('ways.notRemoved'), next: t('ways.lastOne') });
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line px-4 py-3">
      <Icon size={20} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5 font-[580]">
          {name}
          {!way.proved && <Chip>{t('ways.unproved')}</Chip>}
        </p>
        {way.made !== null && (
          <p className="num text-small text-ink-2">
            {t('ways.made', { when: whenInWords(way.made, now) })}
          </p>
        )}
      </div>
      <Button
        look="dangerPlain"
        size="small"
        busy={remove.busy}
        refused={last ? t('ways.lastOne') : null}
        aria-label={t('ways.removeNamed', { name })}
        onClick={() =>
          askFirst({
            title: t('ways.removeTitle', { name }),
            body: t('ways.removeBody'),
            action: t('ways.remove'),
            tone: 'danger',
            run: () => void run(),
          })
        }
      >
        {t('ways.remove')}
      </Button>
      {way.address !== null && <Address address={way.address} />}
    </li>
  );
}

/** Opens nothing by itself, and is needed with the passphrase. */
function Address({ address }: { readonly address: string }) {
  const { t } = useTranslation();
  return (
    <div className="w-full rounded-sm bg-sunken p-3">
      <p className="text-small text-ink-2 text-pretty">{t('ways.address')}</p>
      <div className="mt-1.5 flex flex-wrap items-center gap-2">
        <code
          dir="ltr"
          translate="no"
          className="min-w-0 flex-1 font-mono text-small [overflow-wrap:anywhere] select-all"
        >
          {address}
        </code>
        <Button
          size="small"
          onClick={() =>
            void copyText(address).then((copied) => {
              if (copied) showToast({ sentence: t('app.copied') });
            })
          }
        >
          {t('app.copy')}
        </Button>
      </div>
    </div>
  );
}

function Adding({ ways }: { readonly ways: readonly WayView[] }) {
  const { t } = useTranslation();
  const add = useAddWay(() => showToast({ sentence: t('ways.added') }));
  const hasPassphrase = ways.some((way) => way.kind === 'passphrase');
  const offer = async (secret: Parameters<typeof add.run>[0]): Promise<Offered> => {
    const outcome = await add.run(secret);
    if (outcome?.ok === true) return 'taken';
    const why = outcome?.error.name === 'E_LIMIT' ? 'memory' : 'other';
    return { fault: outcome && t(`lock.refused.${why}`) };
  };
  const addPasskey = async (): Promise<Offered> => {
    const locator = crypto.getRandomValues(new Uint8Array(32));
    const made = await makePasskey('vault', t('ways.passkeyLabel'), locator.slice());
    if (typeof made === 'string') return { fault: t(`ways.fault.${made}`) };
    const { credential, prf } = made;
    return offer({ kind: 'passkey', credential, prf, locator });
  };
  return (
    <OfferSecrets
      use="vault"
      words={{
        passphrase: hasPassphrase ? t('ways.changePassphrase') : t('ways.addPassphrase'),
        passkey: t('ways.addPasskey'),
        noPasskeys: t('ways.noPasskeys'),
        lead: t('ways.passphraseLead'),
        act: t('ways.add'),
      }}
      leads={false}
      busy={add.busy}
      onPassphrase={offer}
      onPasskey={addPasskey}
    />
  );
}
