/** Whether a media query holds, kept up to date. */
import { useSyncExternalStore } from 'react';

export const TABLET = '(min-width: 768px)';
export const DESKTOP = '(min-width: 1200px)';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (tell) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', tell);
      return () => list.removeEventListener('change', tell);
    },
    () => window.matchMedia(query).matches,
  );
}
