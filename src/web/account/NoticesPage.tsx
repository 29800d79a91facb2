/** What may make itself heard on this device, what others may notice, and whose messages are folded. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { Failed } from '../parts/Failed.tsx';
import { PersonAvatar } from '../parts/Person.tsx';
import { useClient } from '../queries/clientContext.ts';
import { preferencesQuery, useChangePreferences } from '../queries/preferences.ts';
import { Button } from '../ui/Button.tsx';
import { Checkbox, Options } from '../ui/Field.tsx';
import { Banner, SkeletonRows } from '../ui/Notice.tsx';
import type { PreferencesView } from '../../client/view.ts';
import { Card } from './Page.tsx';
import { Column, Room } from '../parts/Room.tsx';

const NOTICES = ['off', 'bare', 'names', 'texts'] as const;

export function NoticesPage() {
  const { t } = useTranslation();
  const preferences = useQuery(preferencesQuery(useClient()));
  return (
    <Room title={t('notices.title')}>
      <Column>
        {preferences.isPending && <SkeletonRows count={4} label={t('app.loading')} />}
        {preferences.isError && (
          <Failed error={preferences.error} onRetry={() => void preferences.refetch()} />
        )}
        {preferences.isSuccess && (
          <div className="grid gap-4">
            <Heard preferences={preferences.data} />
            <Noticed preferences={preferences.data} />
            <Folded preferences={preferences.data} />
          </div>
        )}
      </Column>
    </Room>
  );
}

type Permission = NotificationPermission | 'missing';

function Heard({ preferences }: { readonly preferences: PreferencesView }) {
  const { t } = useTranslation();
  const change = useChangePreferences();
  const [permission, setPermission] = useState<Permission>(() =>
    'Notification' in window ? Notification.permission : 'missing',
  );
  const choose = async (notices: PreferencesView['notices']): Promise<void> => {
    if (notices !== 'off' && permission === 'default')
      setPermission(await Notification.requestPermission());
    await change.run({ notices });
  };
  const silent = preferences.notices !== 'off' && permission !== 'granted';
  return (
    <Card>
      <Options
        label={t('notices.heard')}
        value={preferences.notices}
        options={NOTICES.map((value) => ({
          value,
          label: t(`notices.choice.${value}`),
          note: t(`notices.note.${value}`),
        }))}
        onChoose={(value) => void choose(value)}
      />
      {silent && (
        <div className="mt-4">
          <Banner tone="warn" role="alert">
            {t(permission === 'missing' ? 'notices.missing' : 'notices.denied')}
          </Banner>
        </div>
      )}
      <p className="mt-4 text-small text-ink-3 text-pretty">{t('notices.onlyOpen')}</p>
    </Card>
  );
}

function Noticed({ preferences }: { readonly preferences: PreferencesView }) {
  const { t } = useTranslation();
  const change = useChangePreferences();
  return (
    <Card>
      <Checkbox
        label={t('notices.signals')}
        checked={preferences.signals}
        onChange={(signals) => void change.run({ signals })}
      />
      <p className="mt-2 ps-7 text-small text-ink-3 text-pretty">{t('notices.signalsNote')}</p>
    </Card>
  );
}

function Folded({ preferences }: { readonly preferences: PreferencesView }) {
  const { t } = useTranslation();
  const change = useChangePreferences();
  return (
    <Card labelledBy="folded">
      <h2 id="folded" className="font-[620]">
        {t('notices.blocked')}
      </h2>
      <p className="mt-1 text-small text-ink-2 text-pretty">{t('notices.blockedNote')}</p>
      {preferences.blocked.length === 0 ? (
        <p className="mt-3 text-small text-ink-3">{t('notices.nobody')}</p>
      ) : (
        <ul className="mt-3 grid gap-1">
          {preferences.blocked.map((person) => (
            <li key={person.pid} className="flex items-center gap-3">
              <PersonAvatar person={person} size="s" />
              <bdi className="clip flex-1">{nameOf(person)}</bdi>
              <Button
                size="small"
                aria-label={t('notices.unblockNamed', { name: nameOf(person) })}
                onClick={() => void change.run({ block: { pid: person.pid, on: false } })}
              >
                {t('members.unblock')}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
