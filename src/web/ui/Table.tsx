/**
 * A table whose rows are placed one by one (ui/Rows.tsx): the browser's own table elements lay their rows out together
 * and cannot leave most of them undrawn, so the roles say what they would say.
 */
/* oxlint-disable jsx-a11y/prefer-tag-over-role */
import type { CSSProperties, ReactNode, Ref } from 'react';

export function Table({
  label,
  size,
  head,
  children,
}: {
  readonly label: string;
  readonly size: number;
  readonly head: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div
      role="table"
      aria-label={label}
      aria-rowcount={size + 1}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div role="rowgroup" className="shrink-0 overflow-hidden [scrollbar-gutter:stable]">
        <div role="row" aria-rowindex={1}>
          {head}
        </div>
      </div>
      {children}
    </div>
  );
}

interface Piece {
  readonly ref?: Ref<HTMLDivElement>;
  readonly style: CSSProperties;
  readonly children: ReactNode;
}

export function TableRows({ ref, style, children }: Piece) {
  return (
    <div ref={ref} style={style} role="rowgroup">
      {children}
    </div>
  );
}

/** The head of the table is row 1. */
export function TableRow({ ref, style, index, children }: Piece & { readonly index: number }) {
  return (
    <div ref={ref} style={style} data-row={index} role="row" aria-rowindex={index + 2}>
      {children}
    </div>
  );
}

const ROLES = { cell: 'cell', name: 'rowheader', head: 'columnheader' } as const;

/** `name`: names its row; `head`: names its column. */
export function Cell({
  kind = 'cell',
  className,
  children,
}: {
  readonly kind?: keyof typeof ROLES;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <div role={ROLES[kind]} className={className}>
      {children}
    </div>
  );
}
