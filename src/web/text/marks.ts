/** Light markdown: which marks of it a message uses, and what it says without them. */
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Nodes, Parents, RootContent } from 'mdast';
import { hostOf, isWebAddress } from './webAddress.ts';

/** What a message does not use is text. */
const UNUSED = [
  'headingAtx',
  'setextUnderline',
  'thematicBreak',
  'htmlFlow',
  'htmlText',
  'autolink',
  'definition',
  'labelStartImage',
  'codeIndented',
  'characterReference',
];
const OPTIONS = { extensions: [{ disable: { null: UNUSED } }] };

/**
 * Anything that may mean something to the parser: a text without it is one paragraph, which is what nearly all messages are.
 * Lists and quotes begin a line; a blank line begins a paragraph, a space at either end of a line is taken away.
 */
const MARKED = /[*_`[\]\\~]|^\s|\s$|\n|^(?:>|[-+]|\d{1,9}[.)])/u;

/** Deeper nesting is shown as it was written. */
const DEPTH_MAX = 8;

export const isMarked = (text: string): boolean => MARKED.test(text);

export const parse = (text: string): readonly RootContent[] => fromMarkdown(text, OPTIONS).children;

/** Whether a part is shown as it was written, whatever marks stand in it. */
export const isPlain = (node: RootContent, depth: number): boolean =>
  depth > DEPTH_MAX || (node.type === 'link' && !isWebAddress(node.url));

/** A part as it was written. */
export function sourceOf({ position }: Nodes, source: string): string {
  return position === undefined
    ? ''
    : source.slice(position.start.offset ?? 0, position.end.offset ?? 0);
}

/**
 * The words of a message without its marks, for where it is shown in a line or two. What the talk draws beside the words stands in
 * them: numbers of a list, where a link leads, and that something is quoted. Never empty where the message is not.
 */
export function withoutMarks(text: string): string {
  if (!isMarked(text)) return text;
  const words = wordsOf(parse(text), text, 0);
  return words.trim() === '' ? text : words;
}

const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'code',
  'blockquote',
  'list',
  'listItem',
]);

function wordsOf(nodes: readonly RootContent[], source: string, depth: number): string {
  return nodes
    .map((node, place) => {
      const words = wordsOfOne(node, source, depth);
      return place > 0 && BLOCKS.has(node.type) ? `\n${words}` : words;
    })
    .join('');
}

function wordsOfOne(node: RootContent, source: string, depth: number): string {
  if (isPlain(node, depth)) return sourceOf(node, source);
  const inner = (of: Parents): string => wordsOf(of.children, source, depth + 1);
  switch (node.type) {
    case 'text':
    case 'inlineCode':
    case 'code':
      return node.value;
    case 'break':
      return '\n';
    case 'paragraph':
    case 'strong':
    case 'emphasis':
    case 'listItem':
      return inner(node);
    case 'blockquote':
      return `> ${inner(node).replaceAll('\n', '\n> ')}`;
    case 'list':
      return node.children
        .map((item, place) => {
          const sign = node.ordered === true ? `${String((node.start ?? 1) + place)}.` : '•';
          return `${sign} ${wordsOfOne(item, source, depth + 1)}`;
        })
        .join('\n');
    case 'link':
      return `${inner(node)} (${hostOf(node.url)})`.trim();
    default:
      return sourceOf(node, source);
  }
}
