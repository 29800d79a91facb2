/** Tabs over a list, with a count each. */
import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export function Tabs<T extends string>({
  label,
  value,
  onChoose,
  tabs,
  children,
}: {
  readonly label: string;
  readonly value: T;
  readonly onChoose: (value: T) => void;
  readonly tabs: readonly { readonly value: T; readonly label: string; readonly count: number }[];
  readonly children: ReactNode;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next: T) => onChoose(next)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <Base.List
        aria-label={label}
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-4 pt-2 max-tablet:px-2"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="-mb-px flex items-center gap-2 border-b-2 border-transparent px-3 py-2 whitespace-nowrap text-ink-2 hover:text-ink focus-visible:-outline-offset-2 data-[active]:border-accent data-[active]:font-[580] data-[active]:text-ink touch:py-3"
          >
            {tab.label}
            <span className="num text-small font-normal text-ink-3">{tab.count}</span>
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={value} className="flex min-h-0 flex-1 flex-col outline-none" tabIndex={-1}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}
