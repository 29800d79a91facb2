/** Sentences in place of content: nothing here, still loading, gone wrong, and lines that need attention. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

export function Empty({
  icon,
  title,
  children,
  action,
}: {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-sm flex-1 content-center justify-items-center gap-2 px-6 py-14 text-center">
      {icon !== undefined && (
        <span className="mb-2 grid size-12 place-items-center rounded-lg bg-sunken text-ink-3">
          {icon}
        </span>
      )}
      <p className="text-title font-[600]">{title}</p>
      {children !== undefined && <p className="text-ink-2 text-pretty">{children}</p>}
      {action !== undefined && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}

const TONES = {
  plain: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  good: 'bg-good-soft text-good',
} as const;

export function Banner({
  tone = 'plain',
  icon,
  children,
  action,
  role,
}: {
  readonly tone?: keyof typeof TONES;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly action?: ReactNode;
  readonly role?: 'alert';
}) {
  return (
    <div
      role={role}
      className={classes(
        'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md px-4 py-3 text-small',
        TONES[tone],
      )}
    >
      {icon !== undefined && <span className="shrink-0">{icon}</span>}
      <div className="min-w-40 flex-1">{children}</div>
      {action}
    </div>
  );
}

export function Skeleton({ className }: { readonly className: string }) {
  return (
    <span aria-hidden className={classes('block animate-pulse rounded-sm bg-line', className)} />
  );
}

/** Rows that stand for a list that is still coming. */
export function SkeletonRows({ count, label }: { readonly count: number; readonly label: string }) {
  return (
    <section aria-busy aria-label={label} className="grid">
      {Array.from({ length: count }, (_, row) => (
        <div key={row} className="flex items-center gap-3 px-6 py-3 max-tablet:px-4">
          <Skeleton className="size-[34px] rounded-[10px]" />
          <span className="grid flex-1 gap-2">
            <Skeleton className={row % 2 === 0 ? 'h-3 w-32' : 'h-3 w-24'} />
            <Skeleton className={row % 2 === 0 ? 'h-3 w-2/3' : 'h-3 w-1/2'} />
          </span>
        </div>
      ))}
    </section>
  );
}
