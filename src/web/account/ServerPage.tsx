/** One honest page about what the server sees; it says what docs/PROTOCOL.md says. */
import { useTranslation } from 'react-i18next';
import { en } from '../text/en.ts';
import { Page } from './Page.tsx';

const SEES = Object.keys(en.server.seesList) as (keyof typeof en.server.seesList)[];
const NEVER = Object.keys(en.server.neverList) as (keyof typeof en.server.neverList)[];
const LIMITS = Object.keys(en.server.limitsList) as (keyof typeof en.server.limitsList)[];

export function ServerPage() {
  const { t } = useTranslation();
  return (
    <Page>
      <article className="mx-auto max-w-[640px]">
        <h1 className="text-[1.875rem] leading-tight font-[670] tracking-[-0.02em]">
          {t('server.title')}
        </h1>
        <p className="mt-3 text-title text-ink-2 text-pretty">{t('server.lead')}</p>
        <Part title={t('server.sees')} lines={SEES.map((key) => t(`server.seesList.${key}`))} />
        <Part title={t('server.never')} lines={NEVER.map((key) => t(`server.neverList.${key}`))} />
        <Part
          title={t('server.limits')}
          lines={LIMITS.map((key) => t(`server.limitsList.${key}`))}
        />
      </article>
    </Page>
  );
}

function Part({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  return (
    <section className="mt-8">
      <h2 className="text-title font-[620]">{title}</h2>
      <ul className="mt-2 list-disc space-y-1.5 ps-5 text-ink-2 marker:text-ink-3">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
