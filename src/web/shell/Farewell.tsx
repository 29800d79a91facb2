/** While the account is being deleted, and the last page after it: what was done, and what could not be. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { connectionQuery, useEraseNow } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { askFirst } from '../stores/confirm.ts';
import { Button } from '../ui/Button.tsx';
import type { DeletionView } from '../../client/view.ts';

export function Farewell({ deletion }: { readonly deletion: DeletionView }) {
  const { t } = useTranslation();
  const done = deletion.state === 'done';
  const kept = deletion.steps.filter((step) => step.outcome === 'kept');
  return (
    <main className="flex h-full overflow-y-auto bg-bg">
      <div className="mx-auto my-auto w-full max-w-[520px] px-6 py-10">
        <h1 className="text-large font-[650] tracking-[-0.015em]">
          {done ? t('farewell.title') : t('farewell.running')}
        </h1>
        <p className="mt-1 text-ink-2 text-pretty">
          {done ? t('farewell.body') : t('farewell.runningBody')}
        </p>
        {deletion.steps.length > 0 && (
          <ul aria-label={t('farewell.report')} className="mt-5 grid gap-1">
            {deletion.steps.map((step) => (
              <li
                key={`${step.gid}${step.outcome}`}
                className="flex flex-wrap items-baseline justify-between gap-x-4 rounded-md border border-line px-4 py-2"
              >
                <bdi className="font-[580]">{step.name ?? t('group.unnamed')}</bdi>
                <span className={step.outcome === 'kept' ? 'text-warn' : 'text-ink-2'}>
                  {t(`farewell.outcome.${step.outcome}`)}
                </span>
                {step.outcome === 'kept' && step.reason !== null && (
                  <span className="w-full text-small text-ink-2">
                    {t(`failure.${step.reason.name}.sentence`)}
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
        {kept.length > 0 && <p className="mt-3 text-small text-ink-2">{t('farewell.kept')}</p>}
        {done ? (
          <Button className="mt-6" onClick={() => window.location.replace(paths.home())}>
            {t('farewell.start')}
          </Button>
        ) : (
          <Going left={deletion.left} />
        )}
      </div>
    </main>
  );
}

function Going({ left }: { readonly left: number }) {
  const { t } = useTranslation();
  const connection = useQuery(connectionQuery(useClient()));
  const erase = useEraseNow();
  const offline = connection.data !== undefined && connection.data.state !== 'online';
  return (
    <>
      <output className="mt-5 block text-ink-2">
        {offline ? t('farewell.offline') : t('farewell.left', { count: left })}
      </output>
      {offline && (
        <Button
          look="dangerPlain"
          className="mt-4"
          busy={erase.busy}
          onClick={() =>
            askFirst({
              title: t('farewell.nowTitle'),
              body: t('farewell.nowBody'),
              action: t('farewell.now'),
              tone: 'danger',
              run: () => void erase.run(),
            })
          }
        >
          {t('farewell.now')}
        </Button>
      )}
    </>
  );
}
