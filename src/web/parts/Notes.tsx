/** Notes of owner and moderators about one person or request, and a place to write another. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NoteAbout } from '../../client/client.ts';
import type { NoteView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { useClient } from '../queries/clientContext.ts';
import { notesQuery, useAddNote } from '../queries/running.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { useNow } from '../ui/useNow.ts';
import { isolate, Isolated, nameOf } from './isolate.tsx';

function concerns(note: NoteView, about: NoteAbout): boolean {
  return (
    (about.pid !== undefined && note.about?.pid === about.pid) ||
    (about.request !== undefined && note.request === about.request)
  );
}

export function Notes({ gid, about }: { readonly gid: Gid; readonly about: NoteAbout }) {
  const { t } = useTranslation();
  const now = useNow();
  const notes = useQuery(notesQuery(useClient(), gid));
  const [text, setText] = useState('');
  const add = useAddNote(gid, about, () => setText(''));
  const shown = (notes.data ?? []).filter((note) => concerns(note, about));
  return (
    <section aria-label={t('notes.title')}>
      <h3 className="font-[620]">{t('notes.title')}</h3>
      <p className="text-small text-ink-3">{t('notes.who')}</p>
      <ul className="mt-2 grid gap-2">
        {shown.map((note) => (
          <li key={note.item} className="rounded-sm border border-line px-3 py-2">
            <p dir="auto" className="text-small whitespace-pre-line [overflow-wrap:anywhere]">
              {note.text === '' && note.verdict !== null
                ? t(`notes.verdict.${note.verdict}`)
                : note.text}
            </p>
            <p className="num text-tiny text-ink-3">
              <Isolated
                text={t('notes.by', {
                  name: isolate(nameOf(note.by)),
                  when: whenInWords(note.at, now),
                })}
              />
            </p>
          </li>
        ))}
      </ul>
      <form
        className="mt-3 grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== '') void add.run(text);
        }}
      >
        <TextArea
          label={t('notes.new')}
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          size="small"
          type="submit"
          className="w-fit"
          busy={add.busy}
          refused={text.trim() === '' ? t('notes.empty') : null}
        >
          {t('notes.add')}
        </Button>
      </form>
    </section>
  );
}
