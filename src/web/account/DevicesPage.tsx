/** Where the account is signed in, and ending it somewhere. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MonitorSmartphone, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { paths } from '../paths.ts';
import { devicesQuery, useSignOutDevice } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { DeviceView } from '../../client/view.ts';
import { AddDeviceDialog } from './AddDeviceDialog.tsx';
import { Column, Room } from '../parts/Room.tsx';

export function DevicesPage() {
  const { t } = useTranslation();
  const devices = useQuery(devicesQuery(useClient()));
  return (
    <Room title={t('devices.title')}>
      {devices.isPending && <SkeletonRows count={2} label={t('app.loading')} />}
      {devices.isError && <Failed error={devices.error} onRetry={() => void devices.refetch()} />}
      {devices.isSuccess && <Devices devices={devices.data} />}
    </Room>
  );
}

function Devices({ devices }: { readonly devices: readonly DeviceView[] }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const alone = !devices.some((device) => !device.me && !device.signedOut);
  const unconfirmed = devices.some((device) => device.unconfirmed > 0);
  return (
    <Column>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <p className="text-ink-2">{t('devices.lead')}</p>
        <Button onClick={() => setAdding(true)}>
          <Plus size={16} aria-hidden />
          {t('addDevice.title')}
        </Button>
      </div>
      {adding && <AddDeviceDialog onClose={() => setAdding(false)} />}
      <ul aria-label={t('devices.list')} className="mt-4 grid gap-2">
        {devices.toSorted(inOrder).map((device) => (
          <DeviceRow key={device.dev} device={device} />
        ))}
      </ul>
      {unconfirmed && (
        <p className="mt-3 text-small text-ink-3 text-pretty">{t('devices.unconfirmedNote')}</p>
      )}
      {alone && (
        <section className="mt-6 border-t border-line pt-4">
          <p className="font-[580]">{t('devices.alone')}</p>
          <p className="mt-0.5 mb-3 text-ink-2">{t('devices.aloneNext')}</p>
          <Link to={paths.recovery()} className={buttonClasses()}>
            {t('recovery.title')}
          </Link>
        </section>
      )}
    </Column>
  );
}

/** This one first, then those that are in, newest first. */
function inOrder(one: DeviceView, other: DeviceView): number {
  return (
    Number(other.me) - Number(one.me) ||
    Number(one.signedOut) - Number(other.signedOut) ||
    other.since - one.since
  );
}

function DeviceRow({ device }: { readonly device: DeviceView }) {
  const { t } = useTranslation();
  const now = useNow();
  const name = device.name === '' ? t('devices.unnamed') : device.name;
  const signOut = useSignOutDevice(() => showToast({ sentence: t('devices.signedOut', { name }) }));
  const when = whenInWords(device.since, now);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md border border-line px-4 py-3">
      <MonitorSmartphone size={20} aria-hidden className="shrink-0 text-ink-3" />
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <bdi className="font-[580] [overflow-wrap:anywhere]">{name}</bdi>
          {device.me && <Chip tone="accent">{t('devices.here')}</Chip>}
          {device.signedOut && <Chip>{t('devices.out')}</Chip>}
        </p>
        <p className="num text-small text-ink-2">
          {device.signedOut ? t('devices.outSince', { when }) : t('devices.since', { when })}
          {device.signedOut && (
            <>
              {' · '}
              {device.unconfirmed > 0 ? (
                <span className="text-warn">
                  {t('devices.unconfirmed', { count: device.unconfirmed })}
                </span>
              ) : (
                t('devices.confirmed')
              )}
            </>
          )}
        </p>
      </div>
      {!device.me && !device.signedOut && (
        <Button
          look="dangerPlain"
          size="small"
          busy={signOut.busy}
          aria-label={t('devices.signOutNamed', { name })}
          onClick={() =>
            askFirst({
              title: t('devices.signOutTitle', { name }),
              body: t('devices.signOutBody'),
              action: t('devices.signOut'),
              tone: 'danger',
              run: () => void signOut.run(device.dev),
            })
          }
        >
          {t('devices.signOut')}
        </Button>
      )}
    </li>
  );
}
