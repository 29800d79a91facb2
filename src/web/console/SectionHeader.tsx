import type { ReactNode } from 'react';
import { useLostFocus } from '../ui/lostFocus.ts';
import { WorkTray } from './WorkTray.tsx';

export function SectionHeader({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ReactNode;
}) {
  const heading = useLostFocus();
  return (
    <header className="flex min-h-[60px] shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-6 py-2.5 max-tablet:px-4">
      <h1
        ref={heading}
        tabIndex={-1}
        className="flex-1 outline-none text-title font-[620] tracking-[-0.01em]"
      >
        {title}
      </h1>
      <WorkTray />
      {children}
    </header>
  );
}
