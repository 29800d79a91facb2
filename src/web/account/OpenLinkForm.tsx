/** A field to paste a join link into. */
import { useNavigate } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { isBadLink, useOpenLink } from '../queries/joining.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';

export function OpenLinkForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const form = useForm({ defaultValues: { link: '' } });
  const open = useOpenLink((view) => void navigate({ to: paths.joining(view.joinId) }), isBadLink);
  const submit = form.handleSubmit(async ({ link }) => {
    const outcome = await open.run(link.trim());
    if (outcome?.ok === false && isBadLink(outcome.error)) {
      const message = `${t('join.state.badLink')}. ${t('join.stateNext.badLink')}`;
      form.setError('link', { message }, { shouldFocus: true });
    }
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
      <TextField
        label={t('start.link')}
        hint={t('start.linkHint')}
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        fault={form.formState.errors.link?.message}
        {...form.register('link', {
          validate: (link) => link.trim() !== '' || t('start.enterLink'),
        })}
      />
      <Button type="submit" busy={open.busy}>
        {t('start.openLink')}
      </Button>
    </form>
  );
}
