/** A long list or table of which only the rows near the view are drawn. Rows that come or go elsewhere move neither what is in sight nor the focus. */
import {
  createContext,
  type ReactNode,
  type Ref,
  useContext,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import {
  type CustomContainerComponentProps,
  type CustomItemComponentProps,
  Virtualizer,
  type VirtualizerHandle,
} from 'virtua';
import { classes } from './classes.ts';
import { TableRow, TableRows } from './Table.tsx';

interface Frame {
  readonly label: string;
  readonly size: number;
}

const FrameContext = createContext<Frame>({ label: '', size: 0 });

function ListFrame({ style, children, ref }: CustomContainerComponentProps) {
  const { label } = useContext(FrameContext);
  return (
    <ul ref={ref} style={style} aria-label={label}>
      {children}
    </ul>
  );
}

function ListItem({ style, index, children, ref }: CustomItemComponentProps) {
  const { size } = useContext(FrameContext);
  return (
    <li ref={ref} style={style} data-row={index} aria-posinset={index + 1} aria-setsize={size}>
      {children}
    </li>
  );
}

export interface RowsHandle {
  /** Brings a row into sight and puts the focus on what in it carries `data-start`. */
  readonly focus: (index: number) => void;
}

export function Rows<T>({
  ref,
  kind = 'list',
  label,
  rows,
  keyOf,
  children,
  foot,
}: {
  readonly ref?: Ref<RowsHandle>;
  /** Rows of a table stand in a Table, which the caller draws together with its head. */
  readonly kind?: 'list' | 'table';
  readonly label: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly children: (row: T, index: number) => ReactNode;
  /** Below the last row. */
  readonly foot?: ReactNode;
}) {
  const list = useRef<VirtualizerHandle>(null);
  const view = useRef<HTMLDivElement>(null);
  const [wanted, setWanted] = useState<{ readonly index: number } | null>(null);
  const inSight = useRef<{ readonly key: string; readonly beyond: number } | null>(null);

  useImperativeHandle(ref, () => ({ focus: (index) => setWanted({ index }) }), []);

  useLayoutEffect(() => {
    if (wanted === null) return;
    list.current?.scrollToIndex(wanted.index, { align: 'nearest' });
    view.current
      ?.querySelector<HTMLElement>(`[data-row="${String(wanted.index)}"] [data-start]`)
      ?.focus({ preventScroll: true });
  }, [wanted]);

  const remember = (): void => {
    const handle = list.current;
    if (handle === null) return;
    const index = handle.findItemIndex(handle.scrollOffset);
    const row = rows[index];
    inSight.current =
      row === undefined || handle.scrollOffset <= 0
        ? null
        : { key: keyOf(row), beyond: handle.scrollOffset - handle.getItemOffset(index) };
  };

  // The row that stood at the top stays there, whatever came or went above it.
  const drawn = useRef(rows);
  useLayoutEffect(() => {
    const before = drawn.current;
    drawn.current = rows;
    const top = inSight.current;
    if (before === rows || top === null || list.current === null) return;
    const index = rows.findIndex((row) => keyOf(row) === top.key);
    if (index < 0 || (before[index] !== undefined && keyOf(before[index]) === top.key)) return;
    list.current.scrollTo(list.current.getItemOffset(index) + top.beyond);
  }, [rows, keyOf]);

  return (
    <FrameContext value={{ label, size: rows.length }}>
      <div
        ref={view}
        className={classes(
          'min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]',
          // As in the head of the table, so that columns stand below their names.
          kind === 'table' && '[scrollbar-gutter:stable]',
        )}
      >
        <Virtualizer
          ref={list}
          scrollRef={view}
          data={rows}
          as={kind === 'list' ? ListFrame : TableRows}
          item={kind === 'list' ? ListItem : TableRow}
          keepMounted={wanted === null ? [] : [Math.min(wanted.index, rows.length - 1)]}
          onScroll={remember}
        >
          {(row, index) => <DrawnRow key={keyOf(row)}>{children(row, index)}</DrawnRow>}
        </Virtualizer>
        {foot}
      </div>
    </FrameContext>
  );
}

function DrawnRow({ children }: { readonly children: ReactNode }) {
  return children;
}
