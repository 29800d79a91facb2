/** A page on its own, outside the three columns: one calm column of text. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';

export function Page({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="h-full overflow-y-auto bg-bg">
      <header className="mx-auto flex h-[60px] max-w-[1040px] items-center justify-between px-6 max-tablet:px-5">
        <Link to={paths.home()} className="rounded-sm text-title font-[650] tracking-[-0.01em]">
          {t('app.name')}
        </Link>
        <Link
          to={paths.privacy()}
          className="rounded-sm py-1 text-small text-ink-2 underline-offset-4 hover:text-ink hover:underline"
        >
          {t('start.what')}
        </Link>
      </header>
      <main className="mx-auto max-w-[1040px] px-6 pt-6 pb-16 max-tablet:px-5 tablet:pt-12">
        {children}
      </main>
    </div>
  );
}

export function Card({
  children,
  labelledBy,
}: {
  readonly children: ReactNode;
  readonly labelledBy?: string;
}) {
  return (
    <section
      aria-labelledby={labelledBy}
      className="rounded-lg border border-line bg-surface p-6 shadow-lift max-tablet:p-5"
    >
      {children}
    </section>
  );
}
