/** Focus goes to nowhere when the thing that had it is taken away; whatever came in its place takes it over. */
import { type RefObject, useEffect, useRef, useState } from 'react';

let last: EventTarget | null = null;
document.addEventListener('focusin', (event) => {
  last = event.target;
});

/** Not where the person clicked beside everything, and not on a page that has just been loaded. */
export function focusIsLost(): boolean {
  return document.activeElement === document.body && last instanceof Element && !last.isConnected;
}

/** For a heading, or a line, with `tabIndex` -1, when it appears; `takes`: whether it came in the place of something. */
export function useLostFocus<Line extends HTMLElement = HTMLHeadingElement>(
  takes = true,
): RefObject<Line | null> {
  const line = useRef<Line>(null);
  const [came] = useState(takes);
  useEffect(() => {
    if (came && focusIsLost()) line.current?.focus({ preventScroll: true });
  }, [came]);
  return line;
}

/** After a window: where what had the focus before it is gone, the first thing of the page that can be used has it. */
export function takeLostFocus(): void {
  if (document.activeElement !== document.body) return;
  const first = document.querySelector<HTMLElement>('main :is(a[href], button, input, textarea)');
  first?.focus({ preventScroll: true });
}
