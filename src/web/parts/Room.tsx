/** A page of the account beside the groups: its title, and back to the groups on a phone. */
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { useLostFocus } from '../ui/lostFocus.ts';

export function Room({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const heading = useLostFocus();
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <header className="flex h-[60px] shrink-0 items-center gap-2 border-b border-line px-6 max-tablet:px-2">
        <Link
          to={paths.home()}
          aria-label={t('app.back')}
          className={buttonClasses('ghost', 'icon', 'tablet:hidden')}
        >
          <ArrowLeft size={19} aria-hidden className="rtl:-scale-x-100" />
        </Link>
        <h2 ref={heading} tabIndex={-1} className="outline-none text-title font-[620]">
          {title}
        </h2>
      </header>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
    </main>
  );
}

/** The one column of text in such a page. */
export function Column({ children }: { readonly children: ReactNode }) {
  return <div className="w-full max-w-[640px] p-6 max-tablet:p-4">{children}</div>;
}
