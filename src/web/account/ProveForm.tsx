/** Two groups of the code typed back: proof that the person can find it again. */
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { useProveRecoveryCode } from '../queries/account.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { lengthOf, signsOf, twoPlaces } from './recoveryCode.ts';

export function ProveForm({
  onProved,
  onShow,
}: {
  readonly onProved: () => void;
  readonly onShow: () => void;
}) {
  const { t } = useTranslation();
  const [places] = useState(() => twoPlaces(Math.random));
  const [wrong, setWrong] = useState(false);
  const prove = useProveRecoveryCode(onProved);
  const form = useForm({ defaultValues: { one: '', other: '' } });
  const submit = form.handleSubmit(async ({ one, other }) => {
    setWrong(false);
    const outcome = await prove.run([
      [places[0], signsOf(one)],
      [places[1], signsOf(other)],
    ]);
    setWrong(outcome?.ok === false && ['E_AUTH', 'E_FORMAT'].includes(outcome.error.name));
  });
  const field = (name: 'one' | 'other', place: number) => (
    <TextField
      label={t('recovery.group', { place: place + 1 })}
      hint={lengthOf(place) === 5 ? t('recovery.groupHint.five') : t('recovery.groupHint.six')}
      dir="ltr"
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={16}
      className="font-mono tracking-[0.06em] uppercase"
      fault={form.formState.errors[name]?.message}
      {...form.register(name, {
        validate: (typed) => signsOf(typed) !== '' || t('recovery.enterGroup'),
      })}
    />
  );
  return (
    <form
      noValidate
      aria-labelledby="prove-title"
      className="grid gap-4"
      onSubmit={(event) => void submit(event)}
    >
      <div>
        <h3 id="prove-title" tabIndex={-1} className="text-large font-[650] tracking-[-0.015em]">
          {t('recovery.proveTitle')}
        </h3>
        <p className="mt-1 text-ink-2">{t('recovery.proveBody')}</p>
      </div>
      <div className="grid gap-4 tablet:grid-cols-2">
        {field('one', places[0])}
        {field('other', places[1])}
      </div>
      {wrong && (
        <p role="alert" className="text-small text-bad">
          {t('recovery.wrong')}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" type="submit" busy={prove.busy}>
          {t('recovery.check')}
        </Button>
        <Button look="ghost" onClick={onShow}>
          {t('recovery.showAgain')}
        </Button>
      </div>
    </form>
  );
}
