/** A small mark of a state; colour never says it alone. */
import type { ReactNode } from 'react';
import { classes } from './classes.ts';

const TONES = {
  plain: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
} as const;

export type Tone = keyof typeof TONES;

export function Chip({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={classes(
        'inline-flex shrink-0 items-center gap-1 rounded-full px-2 py-px text-tiny font-[550] whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}

/** A number that wants attention; `label` is what a screen reader says. */
export function Count({
  value,
  label,
  soft = false,
}: {
  readonly value: number;
  readonly label: string;
  readonly soft?: boolean;
}) {
  return (
    <span
      className={classes(
        'num inline-grid h-5 min-w-5 shrink-0 place-items-center rounded-full px-1.5 text-tiny font-[620]',
        soft ? 'bg-accent-soft text-accent' : 'bg-accent text-accent-ink',
      )}
    >
      <span aria-hidden>{value > 99 ? '99+' : value}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}
