/** For somebody without an account: what this is, a group of one's own, or a link. */
import { Link } from '@tanstack/react-router';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { useCreateAccount } from '../queries/account.ts';
import { openDialog } from '../stores/opened.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { OpenLinkForm } from './OpenLinkForm.tsx';
import { Card, Page } from './Page.tsx';
import { neutralise } from '../../client/shownName.ts';

export function StartPage() {
  const { t } = useTranslation();
  const create = useCreateAccount();
  const form = useForm({ defaultValues: { name: '' } });
  const submit = form.handleSubmit(async ({ name }) => {
    // Opened first: the page that draws it appears with the account.
    openDialog('createGroup');
    const outcome = await create.run(name.trim());
    if (outcome?.ok !== true) openDialog('none');
  });
  return (
    <Page>
      <div className="grid gap-10 tablet:gap-12 desktop:grid-cols-[minmax(0,1fr)_420px] desktop:items-start">
        <div className="grid gap-4 desktop:pt-6">
          <h1 className="max-w-[17ch] text-[2.125rem] leading-[1.15] font-[680] tracking-[-0.025em] text-balance tablet:text-[2.75rem]">
            {t('start.title')}
          </h1>
          <p className="max-w-[52ch] text-title text-ink-2 text-pretty">{t('start.lead')}</p>
        </div>
        <div className="grid max-w-[460px] gap-4">
          <Card labelledBy="start-create">
            <h2 id="start-create" className="mb-4 text-title font-[620]">
              {t('start.createTitle')}
            </h2>
            <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
              <TextField
                label={t('start.name')}
                hint={t('start.nameHint')}
                maxLength={60}
                autoComplete="nickname"
                fault={form.formState.errors.name?.message}
                {...form.register('name', {
                  validate: (name) => neutralise(name) !== null || t('start.enterName'),
                })}
              />
              <Button look="primary" size="large" type="submit" busy={create.busy}>
                {t('start.create')}
              </Button>
            </form>
          </Card>
          <Card labelledBy="start-link">
            <h2 id="start-link" className="mb-4 text-title font-[620]">
              {t('start.linkTitle')}
            </h2>
            <OpenLinkForm />
          </Card>
          <p className="px-1 text-small text-ink-2">
            <Link
              to={paths.restore()}
              className="inline-block rounded-sm py-1 font-[580] text-accent underline-offset-4 hover:underline"
            >
              {t('start.have')}
            </Link>{' '}
            {t('start.haveHint')}
          </p>
        </div>
      </div>
    </Page>
  );
}
