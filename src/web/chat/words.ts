/** The words for all rows of a talk, asked for once: many rows would each make the same question. */
import { createContext, useContext } from 'react';
import type { TFunction } from 'i18next';
import { i18n } from '../text/i18n.ts';

export const WordsContext = createContext<TFunction>(i18n.t);

export function useWords(): TFunction {
  return useContext(WordsContext);
}
