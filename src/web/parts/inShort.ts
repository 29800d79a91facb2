/** What a message says in a line: its words, or the name of the file that came without any. */
import type { FileView } from '../../client/view.ts';

export function inShort({
  text,
  file,
}: {
  readonly text: string;
  readonly file: FileView | null;
}): string {
  return text === '' && file !== null ? file.name : text;
}
