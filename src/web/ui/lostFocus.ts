/** Focus goes to nowhere when the thing that had it is taken away; whatever came in its place takes it over. */
import { type RefObject, useEffect, useRef } from 'react';

let last: EventTarget | null = null;
document.addEventListener('focusin', (event) => {
  last = event.target;
});

/** Not where the person clicked beside everything, and not on a page that has just been loaded. */
export function focusIsLost(): boolean {
  return document.activeElement === document.body && last instanceof Element && !last.isConnected;
}

/** For a heading, or a line, with `tabIndex` -1, when it appears. */
export function useLostFocus<
  Line extends HTMLElement = HTMLHeadingElement,
>(): RefObject<Line | null> {
  const line = useRef<Line>(null);
  useEffect(() => {
    if (focusIsLost()) line.current?.focus({ preventScroll: true });
  }, []);
  return line;
}
