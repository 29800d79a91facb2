/** Tells the pieces that place themselves on which side a line begins. */
import { DirectionProvider } from '@base-ui/react/direction-provider';
import type { ReactNode } from 'react';
import { useLanguage } from '../stores/language.ts';
import { LANGUAGES } from '../text/languages.ts';

export function Direction({ children }: { readonly children: ReactNode }) {
  const shown = useLanguage((state) => state.shown);
  return <DirectionProvider direction={LANGUAGES[shown].dir}>{children}</DirectionProvider>;
}
