/** A new link: how long, for how many, who decides; one sentence says what it means. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ShareLink } from '../parts/ShareLink.tsx';
import { useClient } from '../queries/clientContext.ts';
import { useCreateLink } from '../queries/links.ts';
import { serverTime, useServerNow } from '../queries/serverClock.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choices, TextField } from '../ui/Field.tsx';
import type { GroupView } from '../../client/view.ts';
import { ROLE } from '../../protocol/role.ts';
import {
  LIVES,
  type Life,
  type LinkForm,
  mayBeAuto,
  SEATS,
  type Seats,
  sentenceOf,
  usualForm,
  wishesOf,
} from './linkForm.ts';

const LIFE_NAMES = Object.keys(LIVES) as Life[];
const SEAT_NAMES = Object.keys(SEATS) as Seats[];

export function CreateLinkSheet({
  group,
  open,
  onClose,
}: {
  readonly group: GroupView;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const now = useServerNow();
  const [form, setForm] = useState<LinkForm>(() => usualForm(group.gid));
  const [address, setAddress] = useState<string | null>(null);
  const create = useCreateLink(group.gid, setAddress);
  const auto = form.auto && mayBeAuto(form);
  const change = (part: Partial<LinkForm>): void => setForm({ ...form, ...part });
  const close = (): void => {
    setForm(usualForm(group.gid));
    setAddress(null);
    onClose();
  };

  if (address !== null)
    return (
      <Dialog
        key="ready"
        shape="sheet"
        open={open}
        onClose={close}
        title={t('links.readyTitle')}
        closeLabel={t('app.close')}
        foot={
          <Button look="primary" onClick={close}>
            {t('links.done')}
          </Button>
        }
      >
        <ShareLink address={address} group={group.name} />
      </Dialog>
    );

  return (
    <Dialog
      key="form"
      shape="sheet"
      open={open}
      onClose={close}
      title={t('links.sheet')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button
            look="primary"
            busy={create.busy}
            onClick={() => void serverTime(client).then((time) => create.run(wishesOf(form, time)))}
          >
            {t('links.submit')}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        <TextField
          label={t('links.label')}
          aside={t('app.optional')}
          hint={t('links.labelHint')}
          maxLength={40}
          value={form.label}
          onChange={(event) => change({ label: event.target.value })}
        />
        <Choices
          label={t('links.life')}
          value={form.life}
          choices={LIFE_NAMES.map((value) => ({ value, label: t(`links.lifeChoice.${value}`) }))}
          onChoose={(life) => change({ life })}
        />
        <Choices
          label={t('links.uses_label')}
          value={form.seats}
          choices={SEAT_NAMES.map((value) => ({ value, label: t(`links.usesChoice.${value}`) }))}
          onChoose={(seats) => change({ seats })}
        />
        <Choices
          label={t('links.admission')}
          value={auto}
          choices={[
            { value: false, label: t('links.admissionReview') },
            {
              value: true,
              label: t('links.admissionAuto'),
              refused: mayBeAuto(form) ? null : t('links.autoRefused'),
            },
          ]}
          onChoose={(next) => change({ auto: next })}
        />
        <Choices
          label={t('links.role')}
          value={form.role}
          choices={[
            { value: ROLE.member, label: t('role.member') },
            { value: ROLE.observer, label: t('role.observer') },
          ]}
          onChoose={(role) => change({ role })}
        />
        <output className="block rounded-md bg-accent-soft px-4 py-3 text-small text-ink">
          {sentenceOf(form, whenInWords(now + LIVES[form.life], now), t)}
        </output>
      </div>
    </Dialog>
  );
}
