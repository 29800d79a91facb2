/** What a message says in a line or two: its words without their marks, or the name of the file that came without any. */
import type { FileView, InShort } from '../../client/view.ts';
import { withoutMarks } from '../text/marks.ts';

interface Said {
  readonly text: string;
  readonly file: FileView | null;
}

/** As it was written, for whoever decides about it. */
export const asWritten = ({ text, file }: Said): string =>
  text === '' && file !== null ? file.name : text;

export const inShort = (message: Said): string =>
  message.text === '' ? asWritten(message) : withoutMarks(message.text);

/** The same of its beginning. */
export const beginningOf = ({ text, isName }: InShort): string =>
  isName ? text : withoutMarks(text);
