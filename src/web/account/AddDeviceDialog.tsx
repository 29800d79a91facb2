/** Shows a code, and the same as a square to scan, that lets a further device in. Nothing of it outlives the dialog. */
import { useQuery } from '@tanstack/react-query';
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../parts/copyText.ts';
import { isolate, Isolated } from '../parts/isolate.tsx';
import {
  deviceCodeQuery,
  devicesQuery,
  useOfferDevice,
  useWithdrawDeviceOffer,
} from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Banner, Skeleton } from '../ui/Notice.tsx';
import { QrCode } from '../ui/QrCode.tsx';
import type { DeviceOfferView } from '../../client/view.ts';
import { groupsOf } from './recoveryCode.ts';

export function AddDeviceDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [offer, setOffer] = useState<DeviceOfferView | null>(null);
  const [failed, setFailed] = useState(false);
  const used = useQuery(deviceCodeQuery()).data === 'used';
  const devices = useQuery(devicesQuery(useClient())).data ?? [];
  const [before] = useState(() => new Set(devices.map((device) => device.dev)));
  const added = devices.find((device) => !before.has(device.dev));
  const left = useSecondsLeft(offer?.exp ?? 0);
  const over = offer !== null && left === 0;
  const ask = useOfferDevice(setOffer);
  const withdraw = useWithdrawDeviceOffer();
  const make = useRef(async (): Promise<void> => {
    setFailed(false);
    setFailed((await ask.run())?.ok !== true);
  });
  const begun = useRef(false);
  useEffect(() => {
    // Drawn once, though development mounts twice: the second code would end the first.
    if (begun.current) return;
    begun.current = true;
    void make.current();
  }, []);
  const end = (): void => {
    // A code nobody sees any more is called off; where it was used or is over there is nothing to call off.
    if (offer !== null && !used && !over) void withdraw.run();
    onClose();
  };
  return (
    <Dialog
      firm
      open
      onClose={end}
      title={t('addDevice.title')}
      closeLabel={t('app.close')}
      foot={
        <Button look={used ? 'primary' : 'plain'} onClick={end}>
          {used ? t('addDevice.done') : t('app.cancel')}
        </Button>
      }
    >
      {used && (
        <Banner tone="good">
          {added === undefined ? (
            t('addDevice.used')
          ) : (
            <Isolated text={t('addDevice.added', { name: isolate(added.name) })} />
          )}
        </Banner>
      )}
      {!used && (failed || over) && (
        <div className="grid justify-items-start gap-3">
          <p className="text-ink-2">{failed ? t('addDevice.failed') : t('addDevice.over')}</p>
          <Button onClick={() => void make.current()}>{t('addDevice.again')}</Button>
        </div>
      )}
      {!used && !failed && !over && <Offer offer={offer} left={left} />}
    </Dialog>
  );
}

function Offer({ offer, left }: { readonly offer: DeviceOfferView | null; readonly left: number }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  if (offer === null)
    return (
      <section aria-busy aria-label={t('app.loading')} className="grid gap-3">
        <Skeleton className="mx-auto size-48 rounded-md" />
        <Skeleton className="h-4 w-full" />
      </section>
    );
  const minutes = Math.floor(left / 60);
  const seconds = String(left % 60).padStart(2, '0');
  return (
    <div className="grid gap-4">
      <p className="text-ink-2 text-pretty">{t('addDevice.scan')}</p>
      <div className="mx-auto w-full max-w-52 rounded-md border border-line bg-white p-1">
        <QrCode text={offer.link} label={t('addDevice.qr')} />
      </div>
      <p className="text-ink-2 text-pretty">{t('addDevice.type')}</p>
      <figure
        aria-label={t('addDevice.code')}
        dir="ltr"
        translate="no"
        className="flex flex-wrap justify-center gap-x-4 gap-y-1 rounded-md bg-sunken px-3 py-2 font-mono text-[1.0625rem] leading-8 font-[620] tracking-[0.05em] select-all"
      >
        {groupsOf(offer.code).map((group, place) => (
          // Two groups may be equal, so their place is the key.
          <span key={place}>{`${group} `}</span>
        ))}
      </figure>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Button size="small" onClick={() => void copyText(offer.link).then(setCopied)}>
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {copied ? t('app.copied') : t('addDevice.copy')}
        </Button>
        <span className="num text-small text-ink-2">
          {t('addDevice.left', { time: `${String(minutes)}:${seconds}` })}
        </span>
      </div>
      <p className="text-small text-ink-3 text-pretty">{t('addDevice.care')}</p>
    </div>
  );
}

/** Whole seconds until a time; zero once it is over. */
function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1000));
}
