/** Light markdown as React elements: bold, italic, code, quotes, lists, links. Everything else stays the text it is; nothing is fetched. */
import type { RootContent } from 'mdast';
import { Fragment, memo, type ReactNode } from 'react';
import { isMarked, isPlain, parse, sourceOf } from '../text/marks.ts';
import { hostOf } from '../text/webAddress.ts';
import { MessageText } from './MessageText.tsx';

interface Around {
  readonly source: string;
  /** Names that are marked where they stand after an @. */
  readonly mentions: readonly string[];
}

export const Markdown = memo(function Markdown({
  text,
  mentions,
}: {
  readonly text: string;
  readonly mentions: readonly string[];
}): ReactNode {
  if (!isMarked(text))
    return (
      <p>
        <Words text={text} mentions={mentions} />
      </p>
    );
  const around = { source: text, mentions };
  return draw(parse(text), around, 0);
});

function draw(nodes: readonly RootContent[], around: Around, depth: number): ReactNode {
  return nodes.map((node, place) => (
    // Parts of one text have no other name than their place.
    <Fragment key={place}>{drawOne(node, around, depth)}</Fragment>
  ));
}

function drawOne(node: RootContent, around: Around, depth: number): ReactNode {
  if (isPlain(node, depth)) return sourceOf(node, around.source);
  const inner = (): ReactNode =>
    'children' in node ? draw(node.children, around, depth + 1) : null;
  switch (node.type) {
    case 'text':
      return <Words text={node.value} mentions={around.mentions} />;
    case 'paragraph':
      return <p className="not-first:mt-2">{inner()}</p>;
    case 'strong':
      return <strong className="font-[650]">{inner()}</strong>;
    case 'emphasis':
      return <em>{inner()}</em>;
    case 'inlineCode':
      return (
        <code className="rounded-sm bg-sunken px-1 py-px font-mono text-[0.9em]">{node.value}</code>
      );
    case 'code':
      return (
        <pre
          dir="ltr"
          className="my-1.5 max-w-full rounded-md bg-sunken px-3 py-2 font-mono text-[0.9em] whitespace-pre-wrap"
        >
          <code>{node.value}</code>
        </pre>
      );
    case 'blockquote':
      return (
        <blockquote className="my-1 border-s-2 border-edge ps-3 text-ink-2">{inner()}</blockquote>
      );
    case 'list':
      return node.ordered === true ? (
        <ol start={node.start ?? 1} className="my-1 list-decimal ps-6">
          {inner()}
        </ol>
      ) : (
        <ul className="my-1 list-disc ps-5">{inner()}</ul>
      );
    case 'listItem':
      return <li>{inner()}</li>;
    case 'break':
      return '\n';
    case 'link':
      return <Link href={node.url}>{inner()}</Link>;
    default:
      return sourceOf(node, around.source);
  }
}

/** A named link says where it leads. */
function Link({ href, children }: { readonly href: string; readonly children: ReactNode }) {
  return (
    <>
      <a
        href={href}
        title={href}
        target="_blank"
        rel="noopener noreferrer"
        className="text-accent underline underline-offset-2"
      >
        {children}
      </a>{' '}
      <span className="text-small text-ink-3">({hostOf(href)})</span>
    </>
  );
}

function Words({
  text,
  mentions,
}: {
  readonly text: string;
  readonly mentions: readonly string[];
}) {
  const name = mentions.find((one) => text.includes(`@${one}`));
  if (name === undefined) return <MessageText text={text} />;
  const at = text.indexOf(`@${name}`);
  const end = at + name.length + 1;
  return (
    <>
      <MessageText text={text.slice(0, at)} />
      <bdi className="rounded-sm bg-accent-soft px-1 font-[550] text-accent">
        {text.slice(at, end)}
      </bdi>
      <Words text={text.slice(end)} mentions={mentions} />
    </>
  );
}
