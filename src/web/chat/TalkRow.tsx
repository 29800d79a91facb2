/** One row of the talk. */
import { Pin } from 'lucide-react';
import { memo, useState } from 'react';
import { whyNotSend } from '../may.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { knownAs, logText } from '../parts/logText.ts';
import { PersonAvatar } from '../parts/Person.tsx';
import { RoleChip } from '../parts/RoleChip.tsx';
import { Verified } from '../parts/Verified.tsx';
import type { Message } from '../stores/composing.ts';
import { useLostFocus } from '../ui/lostFocus.ts';
import { dayInWords, timeOfDay, whenInWords } from '../text/when.ts';
import { never } from '../../lib/assert.ts';
import type { GoneView, GroupView, PersonView } from '../../client/view.ts';
import { isStaff } from '../../protocol/role.ts';
import { FileLine } from './FileLine.tsx';
import { MessageActs } from './MessageActs.tsx';
import { Markdown } from './Markdown.tsx';
import { OnceStill } from './OnceStill.tsx';
import { Quote } from './Quote.tsx';
import { Reactions } from './Reactions.tsx';
import type { LogItem, Row, SpokenItem } from './rows.ts';
import { SendMark } from './SendMark.tsx';
import { Unreadable } from './Unreadable.tsx';
import { useWords } from './words.ts';

const INSET = 'px-6 max-tablet:px-4';

interface TalkRowProps {
  readonly row: Row;
  readonly group: GroupView;
  readonly now: number;
  /** Goes to the message at this position. */
  readonly onJump: (t: number) => void;
}

export const TalkRow = memo(function TalkRow({ row, group, now, onJump }: TalkRowProps) {
  const t = useWords();
  const { unsharedBefore, shared } = group.history ?? { unsharedBefore: null, shared: null };
  switch (row.kind) {
    case 'beginning':
      return (
        <p className={`${INSET} pt-8 pb-2 text-center text-small text-ink-3`}>
          {unsharedBefore === null
            ? t('chat.beginning')
            : t('chat.notShared', { when: whenInWords(unsharedBefore, now) })}
        </p>
      );
    case 'day':
      return <Divider text={dayInWords(row.at, now)} />;
    case 'shared':
      return (
        <Divider
          text={t('chat.sharedBy', {
            name: shared === null ? '' : nameOf(shared.by),
          })}
        />
      );
    case 'new':
      return <Divider text={t('chat.new')} accent />;
    case 'log':
      return <LogLine item={row.item} group={group} />;
    case 'fold':
      return <Fold items={row.items} group={group} />;
    case 'blocked':
      return <Blocked items={row.items} group={group} onJump={onJump} />;
    case 'spoken':
      return <Spoken item={row.item} first={row.first} group={group} onJump={onJump} />;
    case 'end':
      return <div className="h-5" />;
    default:
      return never(row);
  }
}, isSame);

/** Rows are made anew with every page and message: what they show is compared. */
function isSame(before: TalkRowProps, now: TalkRowProps): boolean {
  const { row } = now;
  const items = (of: Row): readonly unknown[] =>
    'items' in of ? of.items : 'item' in of ? [of.item] : [];
  const shown = items(row);
  const held = items(before.row);
  return (
    before.group === now.group &&
    (row.kind !== 'day' || before.now === now.now) &&
    before.onJump === now.onJump &&
    before.row.kind === row.kind &&
    before.row.key === row.key &&
    (row.kind !== 'spoken' || (before.row.kind === 'spoken' && before.row.first === row.first)) &&
    shown.length === held.length &&
    shown.every((item, place) => item === held[place])
  );
}

function Divider({ text, accent = false }: { readonly text: string; readonly accent?: boolean }) {
  return (
    <h3
      className={`${INSET} flex items-center gap-3 pt-5 pb-2 text-small ${accent ? 'text-accent' : 'text-ink-3'}`}
    >
      <span className={`h-px flex-1 ${accent ? 'bg-accent/40' : 'bg-line'}`} />
      <span>{text}</span>
      <span className={`h-px flex-1 ${accent ? 'bg-accent/40' : 'bg-line'}`} />
    </h3>
  );
}

function LogLine({ item, group }: { readonly item: LogItem; readonly group: GroupView }) {
  const t = useWords();
  return (
    <p
      className={`${INSET} py-1 text-center text-small text-pretty ${item.line.what === 'rotated' ? 'text-good' : 'text-ink-3'}`}
    >
      <Isolated text={logText(item.line, item.actor, group, t)} />
      <span className="num text-ink-3"> · {timeOfDay(item.at)}</span>
    </p>
  );
}

function Fold({ items, group }: { readonly items: readonly LogItem[]; readonly group: GroupView }) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  const joins = items.flatMap((item) => (item.line.what === 'added' ? item.line.who : []));
  // The key changes with each arrival: that line says nothing more here.
  const onlyJoins = items.every((item) => ['added', 'rotated'].includes(item.line.what));
  const text =
    onlyJoins && joins.length > 0
      ? t('chat.joinedMany', { count: joins.length })
      : t('chat.showChanges', { count: items.length });
  return (
    <div className={`${INSET} py-1 text-center`}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="rounded-full border border-line px-3 py-1 text-small text-ink-2 hover:border-edge hover:text-ink touch:py-2.5"
      >
        {open ? t('chat.hideChanges') : text}
      </button>
      {open && items.map((item) => <LogLine key={item.key} item={item} group={group} />)}
    </div>
  );
}

/** What blocked people wrote is one line until somebody wants to see it. */
function Blocked({
  items,
  group,
  onJump,
}: {
  readonly items: readonly SpokenItem[];
  readonly group: GroupView;
  readonly onJump: (t: number) => void;
}) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <div className={`${INSET} py-1 text-center`}>
        <button
          type="button"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
          className="rounded-full border border-line px-3 py-1 text-small text-ink-2 hover:border-edge hover:text-ink touch:py-2.5"
        >
          {open ? t('chat.hideChanges') : t('chat.blocked', { count: items.length })}
        </button>
      </div>
      {open &&
        items.map((item) => (
          <Spoken key={item.key} item={item} first group={group} onJump={onJump} />
        ))}
    </>
  );
}

function Spoken({
  item,
  first,
  group,
  onJump,
}: {
  readonly item: SpokenItem;
  readonly first: boolean;
  readonly group: GroupView;
  readonly onJump: (t: number) => void;
}) {
  const t = useWords();
  const mine = item.kind === 'outgoing' || (item.kind === 'message' && item.mine);
  const author = authorOf(item, group);
  const name = author === null ? t('person.you') : nameOf(author);
  const member = group.members.find((one) => one.pid === author?.pid);
  const role = member?.role;
  return (
    <article
      aria-label={t('chat.messageFrom', { name, time: timeOfDay(item.at) })}
      className={`${INSET} group grid grid-cols-[34px_minmax(0,1fr)] gap-x-3 ${first ? 'pt-3.5' : 'pt-1.5'}`}
    >
      <span className="row-span-2">
        {first && author !== null && <PersonAvatar person={author} />}
        {!first && (
          <span
            aria-hidden
            className="num block pt-[5px] text-center text-[10px] leading-none text-ink-3 opacity-0 group-hover:opacity-100"
          >
            {timeOfDay(item.at)}
          </span>
        )}
      </span>
      {first && (
        <p className="flex items-baseline gap-2">
          <bdi className="clip font-[600]">{name}</bdi>
          {member?.verified === true && !mine && <Verified />}
          {mine && author !== null && (
            <span className="text-tiny text-ink-3">{t('person.me')}</span>
          )}
          {role !== undefined && isStaff(role) && !mine && <RoleChip role={role} />}
          <span className="num shrink-0 text-tiny text-ink-3">{timeOfDay(item.at)}</span>
        </p>
      )}
      <div className={`relative touch:pe-6 ${first ? '' : 'col-start-2 row-start-1'}`}>
        {item.kind !== 'unreadable' && item.reply !== null && (
          <Quote quote={item.reply} onJump={onJump} />
        )}
        <Body item={item} group={group} mine={mine} />
        {item.kind === 'message' && (
          <>
            <Reactions
              gid={group.gid}
              item={item.item}
              reactions={item.reactions}
              off={whyNotSend(group) !== null}
            />
            <OnceStill>
              <MessageActs item={item} group={group} />
            </OnceStill>
          </>
        )}
        {item.kind === 'outgoing' && <SendMark item={item} gid={group.gid} />}
      </div>
    </article>
  );
}

function authorOf(item: SpokenItem, group: GroupView): PersonView | null {
  if (item.kind !== 'outgoing') return knownAs(item.author, group);
  return group.members.find((member) => member.me) ?? null;
}

const NOBODY: readonly string[] = [];

const namesOf = (item: Message): readonly string[] =>
  item.mentions.flatMap(({ name }) => (name === null ? [] : [name]));

/** Small words after a text: edited, pinned. */
function Marks({ item }: { readonly item: Message }) {
  const t = useWords();
  const { edited, pinned } = item;
  if (edited === null && !pinned) return null;
  return (
    <p className="mt-0.5 flex gap-2 text-tiny text-ink-3">
      {edited !== null && <span title={timeOfDay(edited.at)}>{t('chat.edited')}</span>}
      {pinned && (
        <span className="flex items-center gap-1">
          <Pin size={11} aria-hidden />
          {t('chat.pinnedMark')}
        </span>
      )}
    </p>
  );
}

/** What stays where a message was: who took it away, and why where a reason was given. */
function Gone({
  gone,
  now,
}: {
  readonly gone: GoneView;
  /** Whether it has just gone, and was not drawn so from the start. */
  readonly now: boolean;
}) {
  const t = useWords();
  const who = isolate(nameOf(gone.by));
  // The buttons are gone with the message.
  const line = useLostFocus<HTMLParagraphElement>(now);
  return (
    <p
      ref={line}
      tabIndex={-1}
      data-gone
      className="w-fit max-w-[68ch] py-0.5 text-small text-ink-3 italic"
    >
      <Isolated text={t(`chat.gone.${gone.what}`, { who })} />
      {gone.reason !== '' && <> {t('chat.gone.reason', { reason: isolate(gone.reason) })}</>}
    </p>
  );
}

function Body({
  item,
  group,
  mine,
}: {
  readonly item: SpokenItem;
  readonly group: GroupView;
  readonly mine: boolean;
}) {
  const gone = item.kind === 'message' ? item.gone : null;
  const [wasGone] = useState(gone !== null);
  if (item.kind === 'unreadable') return <Unreadable item={item} group={group} />;
  if (gone !== null) return <Gone gone={gone} now={!wasGone} />;
  const pale = item.kind === 'outgoing' && item.send.state !== 'failed';
  return (
    <div
      dir="auto"
      className={`w-fit max-w-[min(68ch,100%)] whitespace-pre-wrap [overflow-wrap:anywhere] ${mine ? '-ms-2 rounded-md bg-accent-soft px-2.5 py-1' : ''} ${pale ? 'opacity-65' : ''}`}
    >
      {item.file !== null && (
        <FileLine
          file={item.file}
          gid={group.gid}
          item={item.kind === 'message' ? item.item : null}
        />
      )}
      {(item.text !== '' || item.file === null) && (
        <Markdown text={item.text} mentions={item.kind === 'message' ? namesOf(item) : NOBODY} />
      )}
      {item.kind === 'message' && <Marks item={item} />}
    </div>
  );
}
