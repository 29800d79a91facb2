import type { ReactNode } from 'react';

export function SectionHeader({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  return (
    <header className="flex min-h-[60px] shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-6 py-2.5 max-tablet:px-4">
      <h1 className="flex-1 text-title font-[620] tracking-[-0.01em]">{title}</h1>
      {children}
    </header>
  );
}
