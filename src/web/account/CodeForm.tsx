/** The field for the 26 signs of a code, a recovery code or that of another device, and what is said while it is tried. */
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { connectionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button } from '../ui/Button.tsx';
import { TextArea } from '../ui/Field.tsx';
import { useLate } from '../ui/useLate.ts';
import { signsOf, SIGNS } from './recoveryCode.ts';

const SLOW_MS = 8000;

export interface CodeWords {
  readonly title: string;
  readonly lead: string;
  readonly label: string;
  readonly submit: string;
  /** Said where nothing was typed, and where it is not 26 signs. */
  readonly empty: string;
  readonly format: string;
}

interface CodeFormProps {
  readonly words: CodeWords;
  readonly busy: boolean;
  /** Tries the signs, without spaces and in capitals; answers what is wrong with them, or null. */
  readonly onCode: (signs: string) => Promise<string | null>;
}

export function CodeForm({ words, busy, onCode }: CodeFormProps): ReactNode {
  const { t } = useTranslation();
  const form = useForm({ defaultValues: { code: '' } });
  const typed = signsOf(useWatch({ control: form.control, name: 'code' })).length;
  const submit = form.handleSubmit(async ({ code }) => {
    const message = await onCode(signsOf(code));
    if (message !== null) form.setError('code', { message }, { shouldFocus: true });
  });
  return (
    <>
      <h1 id="code-title" className="text-large font-[650] tracking-[-0.015em]">
        {words.title}
      </h1>
      <p className="mt-1 mb-5 text-ink-2 text-pretty">{words.lead}</p>
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <TextArea
          label={words.label}
          hint={typed === 0 ? t('restore.hint') : t('restore.typed', { count: typed })}
          rows={2}
          dir="ltr"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          readOnly={busy}
          maxLength={200}
          className="font-mono text-[1.0625rem] tracking-[0.04em] uppercase"
          fault={form.formState.errors.code?.message}
          {...form.register('code', {
            validate: (code) => {
              const { length } = signsOf(code);
              if (length === 0) return words.empty;
              return length === SIGNS || words.format;
            },
          })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            void submit();
          }}
        />
        <Button look="primary" size="large" type="submit" busy={busy}>
          {words.submit}
        </Button>
        <output className="block text-small text-ink-2">{busy && <Working />}</output>
      </form>
    </>
  );
}

/** There is one step that takes time, and nobody knows how long: so it is named, not measured. */
export function Working() {
  const { t } = useTranslation();
  const connection = useQuery(connectionQuery(useClient()));
  const late = useLate(SLOW_MS);
  if (connection.data?.state === 'offline' || connection.data?.state === 'waiting')
    return t('restore.offline');
  return late ? t('restore.workingSlow') : t('restore.working');
}
