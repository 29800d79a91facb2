/** Where messages are written; says why where nothing can be. */
import { Paperclip, SendHorizontal, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotSend } from '../may.ts';
import { inShort } from '../parts/inShort.ts';
import { nameOf } from '../parts/isolate.tsx';
import { useEdit } from '../queries/talk.ts';
import { useSend } from '../queries/timeline.ts';
import { type Composing, setComposing } from '../stores/composing.ts';
import { setDraft, useDrafts } from '../stores/draft.ts';
import { Button, buttonClasses, IconButton } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import type { GroupView } from '../../client/view.ts';
import { AttachmentTray } from './AttachmentTray.tsx';
import { Farewell } from './Farewell.tsx';
import { CAPTION_MAX, useAttaching } from './useAttaching.ts';
import { useKeptDraft } from './useKeptDraft.ts';
import { mentionedIn, useMentions } from './useMentions.tsx';

/** In UTF-16 units; three bytes each stay well below what one sealed message holds. */
const MAX_LENGTH = 16_000;
/** Whether the browser fits the field to its text by itself; measuring makes it lay out the whole page at each key. */
const GROWS = CSS.supports('field-sizing', 'content');

export function Composer({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const off = whyNotSend(group);
  if (off === 'left' || off === 'removed' || off === 'closed')
    return <Farewell group={group} standing={off} />;
  if (off !== null)
    return (
      <output className="block mx-5 mb-5 shrink-0 rounded-lg bg-sunken px-4 py-3.5 text-center text-small text-ink-2 max-tablet:mx-3 max-tablet:mb-3">
        {t(`chat.off.${off}`)}
      </output>
    );
  return <Writing group={group} />;
}

function Writing({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const { gid } = group;
  const { text, composing } = useKeptDraft(gid);
  const send = useSend(gid);
  const edit = useEdit(gid);
  const attaching = useAttaching(gid);
  const area = useRef<HTMLTextAreaElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const tooLong = text.length - MAX_LENGTH;
  const name = group.name ?? t('group.unnamed');
  const mentions = useMentions(group, text, area);

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null || GROWS) return;
    box.style.blockSize = 'auto';
    box.style.blockSize = `${box.scrollHeight}px`;
  }, [text]);

  useEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (window.matchMedia('(pointer: coarse)').matches) return undefined;
    // With the frame that lays out the page anyway.
    const frame = requestAnimationFrame(() => area.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);

  useEffect(() => {
    if (composing !== null) area.current?.focus();
  }, [composing]);

  /** Ends an answer or an edit; the text of an edit goes with it. */
  const endComposing = (): void => {
    if (composing?.what === 'edit') setDraft(gid, '');
    setComposing(gid, null);
  };

  const hasFiles = attaching.files.some(({ state }) => state.is === 'ready');

  /** Files go out with what was written as the caption of the first; what none of them took comes back. */
  const submitFiles = (caption: string): void => {
    setDraft(gid, '');
    void attaching.send(caption).then((taken) => {
      if (!taken && useDrafts.getState().byGroup[gid] === '') setDraft(gid, caption);
    });
  };

  const submit = (): void => {
    if ((text.trim() === '' && !hasFiles) || tooLong > 0) return;
    const said = text.trim();
    const named = mentionedIn(said, group.members);
    const asCaption = composing === null && named.length === 0 && said.length <= CAPTION_MAX;
    if (hasFiles && (asCaption || said === '')) {
      submitFiles(said);
      return;
    }
    // An answer, and words that name somebody, are a message of their own.
    if (hasFiles && composing?.what !== 'edit') void attaching.send('');
    const about = named.length === 0 ? {} : { mentions: named };
    setDraft(gid, '');
    setComposing(gid, null);
    const sent =
      composing?.what === 'edit'
        ? edit.run({ item: composing.message.item, text: said, about })
        : send.run({
            text: said,
            about: composing === null ? about : { ...about, reply: composing.message.item },
          });
    void sent.then((outcome) => {
      if (outcome?.ok === true) return;
      // Nothing typed is lost: what the outbox did not take comes back, before what was typed meanwhile.
      const typed = useDrafts.getState().byGroup[gid] ?? '';
      setDraft(gid, typed === '' ? text : `${text}\n${typed}`);
      if (typed === '') setComposing(gid, composing);
    });
  };

  const press = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || mentions.press(event)) return;
    if (event.key === 'Escape' && composing !== null) {
      event.preventDefault();
      endComposing();
    }
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      className="relative mx-5 mb-5 shrink-0 rounded-lg border border-line bg-bg transition-colors duration-100 focus-within:border-accent max-tablet:mx-2.5 max-tablet:mb-[max(0.625rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {mentions.list}
      {composing !== null && <ComposingBar composing={composing} onEnd={endComposing} />}
      <AttachmentTray files={attaching.files} onRemove={attaching.remove} />
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label={t('files.choose')}
        onChange={(event) => {
          attaching.add([...(event.target.files ?? [])]);
          // The same file can be chosen again.
          event.target.value = '';
          area.current?.focus();
        }}
      />
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={text}
        aria-label={t('chat.composer', { name })}
        aria-describedby="composer-note"
        placeholder={t('chat.composer', { name })}
        onChange={(event) => {
          setDraft(gid, event.target.value);
          mentions.moved(event.target);
        }}
        onSelect={(event) => mentions.moved(event.currentTarget)}
        onKeyDown={press}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (pasted.length === 0) return;
          event.preventDefault();
          attaching.add(pasted);
        }}
        className="block field-sizing-content max-h-[234px] w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none"
      />
      <div className="flex items-center gap-2 ps-2 pe-2 pb-2">
        <IconButton
          label={t('files.choose')}
          size="small"
          className="px-2"
          onClick={() => chooser.current?.click()}
        >
          <Paperclip size={16} aria-hidden />
        </IconButton>
        <p
          id="composer-note"
          className={classes('min-w-0 flex-1 text-tiny text-ink-3', tooLong <= 0 && 'clip')}
        >
          {tooLong > 0 ? (
            <span className="text-bad">{t('chat.tooLong', { count: tooLong })}</span>
          ) : (
            <>
              {group.shareable ? t('chat.shareable') : t('chat.notShareable')}
              <span className="sr-only"> {t('chat.keys')}</span>
            </>
          )}
        </p>
        <Button
          look="primary"
          size="small"
          type="submit"
          aria-disabled={(text.trim() === '' && !hasFiles) || tooLong > 0 || undefined}
        >
          <span>{composing?.what === 'edit' ? t('chat.saveEdit') : t('chat.sendButton')}</span>
          <SendHorizontal size={15} aria-hidden className="rtl:-scale-x-100" />
        </Button>
      </div>
    </form>
  );
}

/** Says what the text is about, and offers to let go of it. */
function ComposingBar({
  composing,
  onEnd,
}: {
  readonly composing: Composing;
  readonly onEnd: () => void;
}) {
  const { t } = useTranslation();
  const { what, message } = composing;
  const who = nameOf(message.author);
  return (
    <div className="flex items-start gap-2 border-b border-line ps-4 pe-2 pt-2 pb-1.5 text-small text-ink-2">
      <p className="min-w-0 flex-1">
        <span className="font-[550]">
          {what === 'edit' ? t('chat.editing') : t('chat.replying', { who })}
        </span>
        <span dir="auto" className="line-clamp-1">
          {inShort(message)}
        </span>
      </p>
      <button
        type="button"
        aria-label={what === 'edit' ? t('chat.endEdit') : t('chat.endReply')}
        onClick={onEnd}
        className={buttonClasses('ghost', 'small', 'px-1.5')}
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
