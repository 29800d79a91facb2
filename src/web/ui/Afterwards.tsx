/** Draws its content after what is around it, in slices between which the page answers. */
import { type ReactNode, useDeferredValue } from 'react';

/** Whether what is around this piece has been drawn. */
export const useDue = (): boolean => useDeferredValue(true, false);

/** `meanwhile`: what stands there until then, of the same size where that matters. */
export function Afterwards({
  children,
  meanwhile = null,
}: {
  readonly children: ReactNode;
  readonly meanwhile?: ReactNode;
}) {
  return useDue() ? children : meanwhile;
}
