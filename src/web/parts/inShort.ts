/** What a message says in a line or two: its words without their marks, or the name of the file that came without any. */
import type { FileView, InShort } from '../../client/view.ts';
import { withoutMarks } from '../text/marks.ts';

export const inShort = (message: {
  readonly text: string;
  readonly file: FileView | null;
}): string =>
  message.text === '' && message.file !== null ? message.file.name : withoutMarks(message.text);

/** The same of its beginning. */
export const begun = ({ text, isName }: InShort): string => (isName ? text : withoutMarks(text));
