/** Name and description of a new group, then its first link to hand on. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { ShareLink } from '../parts/ShareLink.tsx';
import { paths } from '../paths.ts';
import { recoveryQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupsQuery, type NewGroup, useCreateGroup } from '../queries/groups.ts';
import { keptQuery } from '../queries/kept.ts';
import { openDialog, useOpened } from '../stores/opened.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { Banner } from '../ui/Notice.tsx';
import { neutralise } from '../../client/shownName.ts';

interface Form {
  readonly name: string;
  readonly about: string;
}

interface Made {
  readonly name: string;
  readonly group: NewGroup;
}

const close = (): void => openDialog('none');

export function CreateGroupDialog() {
  const open = useOpened((state) => state.dialog === 'createGroup');
  const [made, setMade] = useState<Made | null>(null);
  if (made !== null)
    return (
      <ReadyDialog
        made={made}
        onClose={() => {
          setMade(null);
          close();
        }}
      />
    );
  return open ? <FormDialog onMade={setMade} /> : null;
}

function FormDialog({ onMade }: { readonly onMade: (made: Made) => void }) {
  const { t } = useTranslation();
  const create = useCreateGroup();
  const form = useForm<Form>({ defaultValues: { name: '', about: '' } });
  const submit = form.handleSubmit(async ({ name, about }) => {
    const trimmed = name.trim();
    const outcome = await create.run({
      info: { group_name: trimmed, about: about.trim() },
      linkLabel: t('create.firstLink'),
    });
    if (outcome?.ok === true) onMade({ name: trimmed, group: outcome.value });
  });
  return (
    <Dialog
      open
      onClose={close}
      title={t('create.title')}
      lead={t('create.lead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button look="primary" type="submit" form="create-group" busy={create.busy}>
            {t('create.submit')}
          </Button>
        </>
      }
    >
      <form
        id="create-group"
        noValidate
        className="grid gap-4"
        onSubmit={(event) => void submit(event)}
      >
        <TextField
          label={t('create.name')}
          maxLength={100}
          autoComplete="off"
          fault={form.formState.errors.name?.message}
          {...form.register('name', {
            validate: (name) => neutralise(name) !== null || t('create.enterName'),
          })}
        />
        <TextArea
          label={t('create.about')}
          aside={t('app.optional')}
          hint={t('create.aboutHint')}
          maxLength={2000}
          {...form.register('about')}
        />
      </form>
    </Dialog>
  );
}

function ReadyDialog({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { name, group } = made;
  const enter = (): void => {
    onClose();
    void navigate({ to: paths.group(group.gid) });
  };
  return (
    <Dialog
      open
      onClose={enter}
      title={t('create.ready', { name })}
      lead={group.link === null ? undefined : t('create.readyLead')}
      closeLabel={t('app.close')}
      foot={
        <Button look="primary" onClick={enter}>
          {t('create.open')}
        </Button>
      }
    >
      {group.link === null ? (
        <p className="text-ink-2">{t('create.noLink')}</p>
      ) : (
        <div className="grid gap-4">
          <p className="text-ink-2">{t('create.readyTerms')}</p>
          <ShareLink address={group.link.address} />
        </div>
      )}
      <RecoveryOffer onClose={onClose} />
    </Dialog>
  );
}

/** Said once, beside the first group. */
function RecoveryOffer({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const client = useClient();
  const groups = useQuery(groupsQuery(client));
  const recovery = useQuery(recoveryQuery(client));
  const kept = useQuery(keptQuery());
  const offered =
    recovery.isSuccess && recovery.data.state !== 'proved' && groups.data?.length === 1;
  if (!offered) return null;
  return (
    <div className="mt-5">
      <Banner
        icon={<KeyRound size={17} aria-hidden />}
        action={
          <Link
            to={paths.recovery()}
            onClick={onClose}
            className="rounded-sm py-1 font-[580] text-accent underline-offset-4 hover:underline"
          >
            {t('create.toRecovery')}
          </Link>
        }
      >
        {kept.data === 'mayVanish' ? t('create.recoveryVanish') : t('create.recovery')}
      </Banner>
    </div>
  );
}
