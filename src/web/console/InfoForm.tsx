/** What the group is called and says of itself: picture, name, about, rules. */
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { GroupInfo } from '../../client/client.ts';
import type { GroupView } from '../../client/view.ts';
import { SIZE } from '../../protocol/limits.ts';
import { whyNotInfo } from '../may.ts';
import { useClient } from '../queries/clientContext.ts';
import { imageQuery, useEditInfo } from '../queries/running.ts';
import { showToast } from '../stores/toast.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Button } from '../ui/Button.tsx';
import { TextArea, TextField } from '../ui/Field.tsx';
import { useBlobUrl } from '../ui/useBlobUrl.ts';
import { Panel } from './Panel.tsx';
import { smallPicture } from './picture.ts';
import { useReason } from './useReason.ts';
import { neutralise } from '../../client/shownName.ts';

interface Words {
  readonly name: string;
  readonly about: string;
  readonly rules: string;
}

export function InfoForm({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const refused = reason(whyNotInfo(group));
  const held = { name: group.name ?? '', about: group.about, rules: group.rules };
  // Untouched fields follow what others change; a field somebody is typing in stays.
  const form = useForm<Words>({ values: held, resetOptions: { keepDirtyValues: true } });
  // `undefined`: the picture stays.
  const [picture, setPicture] = useState<Uint8Array | null | undefined>(undefined);
  const save = useEditInfo(group.gid, () => {
    setPicture(undefined);
    form.reset(form.getValues());
    showToast({ sentence: t('settings.saved') });
  });
  const { dirtyFields, errors } = form.formState;
  const typed = useWatch({ control: form.control, defaultValue: held });
  /** Touched, and other than what stands now. */
  const differs = (field: keyof Words): boolean =>
    dirtyFields[field] === true && typed[field]?.trim() !== held[field];
  const changed = differs('name') || differs('about') || differs('rules') || picture !== undefined;
  const submit = form.handleSubmit(async (words) => {
    // Only what was changed is sent, so that nothing another moderator wrote meanwhile is undone.
    const info: Partial<GroupInfo> = {
      ...(differs('name') ? { group_name: words.name.trim() } : {}),
      ...(differs('about') ? { about: words.about.trim() } : {}),
      ...(differs('rules') ? { rules: words.rules.trim() } : {}),
      ...(picture === undefined ? {} : { image: picture }),
    };
    await save.run(info);
  });
  return (
    <Panel title={t('settings.info')} body={refused ?? t('settings.infoBody')}>
      <form noValidate className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <Picture group={group} picture={picture} refused={refused} onChoose={setPicture} />
        <TextField
          label={t('create.name')}
          maxLength={100}
          autoComplete="off"
          readOnly={refused !== null}
          fault={errors.name?.message}
          {...form.register('name', {
            validate: (name) => neutralise(name) !== null || t('create.enterName'),
          })}
        />
        <TextArea
          label={t('create.about')}
          aside={t('app.optional')}
          hint={t('create.aboutHint')}
          maxLength={2000}
          readOnly={refused !== null}
          {...form.register('about')}
        />
        <TextArea
          label={t('settings.rules')}
          aside={t('app.optional')}
          hint={t('settings.rulesHint')}
          maxLength={4000}
          readOnly={refused !== null}
          {...form.register('rules')}
        />
        <div className="flex flex-wrap gap-2">
          <Button
            look="primary"
            type="submit"
            busy={save.busy}
            refused={refused ?? (changed ? null : t('settings.nothingChanged'))}
          >
            {t('settings.save')}
          </Button>
          {changed && (
            <Button
              look="ghost"
              onClick={() => {
                form.reset(held);
                setPicture(undefined);
              }}
            >
              {t('settings.discard')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  );
}

function Picture({
  group,
  picture,
  refused,
  onChoose,
}: {
  readonly group: GroupView;
  readonly picture: Uint8Array | null | undefined;
  readonly refused: string | null;
  readonly onChoose: (picture: Uint8Array | null) => void;
}) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const [unreadable, setUnreadable] = useState(false);
  const held = useQuery(imageQuery(useClient(), group.gid, group.image));
  const shown = picture === undefined ? (group.image === null ? null : held.data) : picture;
  const url = useBlobUrl(shown);
  const take = async (chosen: File | undefined): Promise<void> => {
    if (chosen === undefined) return;
    const small = await smallPicture(chosen, SIZE.imageBytes);
    setUnreadable(small === null);
    if (small !== null) onChoose(small);
  };
  return (
    <div className="flex items-center gap-4">
      <Avatar id={group.gid} name={group.name ?? ''} size="xl" picture={url} />
      <div className="min-w-0">
        <div className="flex flex-wrap gap-2">
          <Button size="small" refused={refused} onClick={() => file.current?.click()}>
            {shown === null ? t('settings.choosePicture') : t('settings.otherPicture')}
          </Button>
          {shown !== null && shown !== undefined && (
            <Button size="small" look="ghost" refused={refused} onClick={() => onChoose(null)}>
              {t('settings.noPicture')}
            </Button>
          )}
        </div>
        <p className={`mt-1.5 text-small ${unreadable ? 'text-bad' : 'text-ink-3'}`}>
          {unreadable ? t('settings.pictureUnreadable') : t('settings.pictureNote')}
        </p>
        <input
          ref={file}
          type="file"
          accept="image/*"
          tabIndex={-1}
          aria-label={t('settings.picture')}
          className="sr-only"
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
    </div>
  );
}
