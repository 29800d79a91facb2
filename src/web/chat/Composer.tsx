/** Where messages are written; says why where nothing can be. */
import { SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotSend } from '../may.ts';
import { useSend } from '../queries/timeline.ts';
import { setDraft, useDrafts } from '../stores/draft.ts';
import { Button } from '../ui/Button.tsx';
import type { GroupView } from '../../client/view.ts';
import { Farewell } from './Farewell.tsx';

/** In UTF-16 units; three bytes each stay well below what one sealed message holds. */
const MAX_LENGTH = 16_000;
const MAX_HEIGHT = 220;

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
  const text = useDrafts((state) => state.byGroup[group.gid] ?? '');
  const send = useSend(group.gid);
  const area = useRef<HTMLTextAreaElement>(null);
  const tooLong = text.length - MAX_LENGTH;
  const name = group.name ?? t('group.unnamed');

  useLayoutEffect(() => {
    const box = area.current;
    if (box === null) return;
    box.style.blockSize = 'auto';
    box.style.blockSize = `${Math.min(box.scrollHeight, MAX_HEIGHT)}px`;
  }, [text]);

  useEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (!window.matchMedia('(pointer: coarse)').matches) area.current?.focus();
  }, []);

  const submit = (): void => {
    if (text.trim() === '' || tooLong > 0) return;
    setDraft(group.gid, '');
    void send.run(text.trim()).then((outcome) => {
      // Nothing typed is lost: what the outbox did not take comes back, unless something else was typed meanwhile.
      if (outcome?.ok !== true && useDrafts.getState().byGroup[group.gid] === '')
        setDraft(group.gid, text);
    });
  };

  const press = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  return (
    <form
      className="mx-5 mb-5 shrink-0 rounded-lg border border-line bg-bg transition-colors duration-100 focus-within:border-accent max-tablet:mx-2.5 max-tablet:mb-[max(0.625rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={text}
        aria-label={t('chat.composer', { name })}
        aria-describedby="composer-note"
        placeholder={t('chat.composer', { name })}
        onChange={(event) => setDraft(group.gid, event.target.value)}
        onKeyDown={press}
        className="block w-full resize-none bg-transparent px-4 pt-3 pb-1 outline-none"
      />
      <div className="flex items-center justify-between gap-3 ps-4 pe-2 pb-2">
        <p id="composer-note" className="clip text-tiny text-ink-3">
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
          aria-disabled={text.trim() === '' || tooLong > 0 || undefined}
        >
          <span>{t('chat.sendButton')}</span>
          <SendHorizontal size={15} aria-hidden className="rtl:-scale-x-100" />
        </Button>
      </div>
    </form>
  );
}
