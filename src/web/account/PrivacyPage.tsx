/** One honest page about what the server sees, how long it keeps it and who runs it; it says what docs/PROTOCOL.md says. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { aboutQuery, contactAddress } from '../queries/about.ts';
import { en } from '../text/en.ts';
import { Button } from '../ui/Button.tsx';
import { Banner, Skeleton } from '../ui/Notice.tsx';
import { Page } from './Page.tsx';

const SEES = Object.keys(en.privacy.seesList) as (keyof typeof en.privacy.seesList)[];
const NEVER = Object.keys(en.privacy.neverList) as (keyof typeof en.privacy.neverList)[];
const LIMITS = Object.keys(en.privacy.limitsList) as (keyof typeof en.privacy.limitsList)[];

export function PrivacyPage() {
  const { t } = useTranslation();
  return (
    <Page>
      <article className="mx-auto max-w-[640px]">
        <h1 className="text-[1.875rem] leading-tight font-[670] tracking-[-0.02em]">
          {t('privacy.title')}
        </h1>
        <p className="mt-3 text-title text-ink-2 text-pretty">{t('privacy.lead')}</p>
        <Lines title={t('privacy.sees')} lines={SEES.map((key) => t(`privacy.seesList.${key}`))} />
        <Lines
          title={t('privacy.never')}
          lines={NEVER.map((key) => t(`privacy.neverList.${key}`))}
        />
        <Lines
          title={t('privacy.limits')}
          lines={LIMITS.map((key) => t(`privacy.limitsList.${key}`))}
        />
        <Operator />
      </article>
    </Page>
  );
}

function Operator() {
  const { t } = useTranslation();
  const about = useQuery(aboutQuery());
  if (about.isPending) return <Skeleton className="mt-8 h-24 w-full" />;
  if (about.isError)
    return (
      <div className="mt-8">
        <Banner
          tone="warn"
          action={
            <Button size="small" onClick={() => void about.refetch()}>
              {t('app.retry')}
            </Button>
          }
        >
          {t('privacy.aboutFailed')}
        </Banner>
      </div>
    );
  const { operator, contact, retention } = about.data;
  return (
    <>
      <Part title={t('privacy.retention')}>
        <p className="mt-2 whitespace-pre-line text-ink-2">
          {retention ?? t('privacy.retentionNotStated')}
        </p>
      </Part>
      <Part title={t('privacy.operator')}>
        <dl className="mt-2 grid gap-x-6 gap-y-1.5 text-ink-2 tablet:grid-cols-[max-content_1fr]">
          <dt className="text-ink-3">{t('privacy.operatorName')}</dt>
          <dd className="[overflow-wrap:anywhere]">
            <bdi>{operator ?? t('privacy.notStated')}</bdi>
          </dd>
          <dt className="text-ink-3 max-tablet:mt-2">{t('privacy.operatorContact')}</dt>
          <dd className="[overflow-wrap:anywhere]">
            {contact === null ? t('privacy.notStated') : <Contact text={contact} />}
          </dd>
        </dl>
      </Part>
    </>
  );
}

function Contact({ text }: { readonly text: string }) {
  const address = contactAddress(text);
  if (address === null) return <bdi className="whitespace-pre-line">{text}</bdi>;
  return (
    <a
      href={address}
      rel="noopener noreferrer"
      className="rounded-sm text-accent underline underline-offset-4"
    >
      {text}
    </a>
  );
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <Part title={title}>
      <ul className="mt-2 list-disc space-y-1.5 ps-5 text-ink-2 marker:text-ink-3">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="mt-8">
      <h2 className="text-title font-[620]">{title}</h2>
      {children}
    </section>
  );
}
