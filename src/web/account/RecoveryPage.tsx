/** The recovery code: shown, kept somewhere, and two groups of it typed back. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { CircleCheck, KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failed } from '../parts/Failed.tsx';
import { paths } from '../paths.ts';
import { accountQuery, recoveryQuery, useShowRecoveryCode } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { keptQuery } from '../queries/kept.ts';
import { askFirst } from '../stores/confirm.ts';
import { Button } from '../ui/Button.tsx';
import { Banner, SkeletonRows } from '../ui/Notice.tsx';
import type { RecoveryView } from '../../client/view.ts';
import { ProveForm } from './ProveForm.tsx';
import { RecoveryKit } from './RecoveryKit.tsx';
import { Column, Room } from '../parts/Room.tsx';
import { WaysSection } from './WaysSection.tsx';

/** The code lives here while it is looked at, and nowhere else in the page. */
type Step =
  | { readonly at: 'start' }
  | { readonly at: 'kit'; readonly code: string }
  | { readonly at: 'prove'; readonly code: string };

export function RecoveryPage() {
  const { t } = useTranslation();
  const client = useClient();
  const recovery = useQuery(recoveryQuery(client));
  const account = useQuery(accountQuery(client));
  const [step, setStep] = useState<Step>({ at: 'start' });
  const show = useShowRecoveryCode((code) => setStep({ at: 'kit', code }));
  return (
    <Room title={t('recovery.title')}>
      {recovery.isPending && <SkeletonRows count={2} label={t('app.loading')} />}
      {recovery.isError && (
        <Failed error={recovery.error} onRetry={() => void recovery.refetch()} />
      )}
      {recovery.isSuccess && (
        <Column>
          {step.at === 'start' && (
            <Start state={recovery.data.state} busy={show.busy} onShow={() => void show.run()} />
          )}
          {step.at === 'kit' && (
            <Shown
              code={step.code}
              name={account.data?.name ?? ''}
              onSaved={() => setStep({ at: 'prove', code: step.code })}
            />
          )}
          {step.at === 'prove' && (
            <ProveForm
              onProved={() => setStep({ at: 'start' })}
              onShow={() => setStep({ at: 'kit', code: step.code })}
            />
          )}
          {step.at === 'start' && <WaysSection />}
        </Column>
      )}
    </Room>
  );
}

function Start({
  state,
  busy,
  onShow,
}: {
  readonly state: RecoveryView['state'];
  readonly busy: boolean;
  readonly onShow: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const kept = useQuery(keptQuery());
  if (state === 'proved') return <Proved busy={busy} onShow={onShow} />;
  return (
    <div className="grid gap-4">
      <p className="text-title text-ink-2 text-pretty">{t('recovery.lead')}</p>
      {kept.data === 'mayVanish' && <Banner tone="warn">{t('recovery.mayVanish')}</Banner>}
      {state === 'unproved' && <p className="text-ink-2">{t('recovery.shownBefore')}</p>}
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <Button look="primary" size="large" busy={busy} onClick={onShow}>
          <KeyRound size={17} aria-hidden />
          {t('recovery.show')}
        </Button>
        <Button look="ghost" size="large" onClick={() => void navigate({ to: paths.home() })}>
          {t('recovery.notNow')}
        </Button>
      </div>
      <p className="text-small text-ink-3">{t('recovery.showHint')}</p>
      <p className="border-t border-line pt-4 text-small text-ink-2">{t('recovery.stake')}</p>
    </div>
  );
}

function Shown({
  code,
  name,
  onSaved,
}: {
  readonly code: string;
  readonly name: string;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <div className="grid gap-4">
      <div>
        <h3 className="text-large font-[650] tracking-[-0.015em]">{t('recovery.kit')}</h3>
        <p className="mt-1 text-ink-2 text-pretty">{t('recovery.kitBody')}</p>
      </div>
      <RecoveryKit code={code} name={name} />
      <div className="flex flex-wrap gap-2">
        <Button look="primary" size="large" onClick={onSaved}>
          {t('recovery.saved')}
        </Button>
        <Button look="ghost" size="large" onClick={() => void navigate({ to: paths.home() })}>
          {t('recovery.notNow')}
        </Button>
      </div>
      <p className="border-t border-line pt-4 text-small text-ink-2">{t('recovery.stake')}</p>
    </div>
  );
}

function Proved({ busy, onShow }: { readonly busy: boolean; readonly onShow: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="grid gap-6">
      <output className="flex items-start gap-3">
        <CircleCheck size={22} aria-hidden className="mt-0.5 shrink-0 text-good" />
        <span>
          <strong className="block text-title font-[620]">{t('recovery.provedTitle')}</strong>
          <span className="text-ink-2">{t('recovery.provedBody')}</span>
        </span>
      </output>
      <section className="border-t border-line pt-4">
        <p className="mb-3 text-small text-ink-2">{t('recovery.anewBody')}</p>
        <Button
          busy={busy}
          onClick={() =>
            askFirst({
              title: t('recovery.anewTitle'),
              body: t('recovery.anewAsk'),
              action: t('recovery.anew'),
              tone: 'danger',
              run: onShow,
            })
          }
        >
          {t('recovery.anew')}
        </Button>
      </section>
    </div>
  );
}
