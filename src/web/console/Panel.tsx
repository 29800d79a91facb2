/** A titled part of a page of the console, with room for one act at its head. */
import type { ReactNode } from 'react';

export function Panel({
  title,
  body,
  aside,
  children,
}: {
  readonly title: string;
  readonly body?: ReactNode;
  readonly aside?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <section aria-label={title} className="min-w-0 rounded-md border border-line p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
        <h2 className="font-[620]">{title}</h2>
        {aside}
      </div>
      {body !== undefined && <p className="mt-1 text-ink-2 text-pretty">{body}</p>}
      {children !== undefined && <div className="mt-4">{children}</div>}
    </section>
  );
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num min-w-0 text-end font-[550]">{children}</dd>
    </div>
  );
}
