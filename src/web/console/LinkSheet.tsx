/** One link: what it does, how it ended, and its terms to change. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { useChangeLink } from '../queries/links.ts';
import { serverTime, useServerNow } from '../queries/serverClock.ts';
import { useStartTask } from '../queries/tasks.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Choices, TextField } from '../ui/Field.tsx';
import { Banner } from '../ui/Notice.tsx';
import type { GroupView, LinkView } from '../../client/view.ts';
import { roleName } from '../../protocol/role.ts';
import {
  changeOf,
  editOf,
  faultOf,
  LIVES,
  type Life,
  type LinkEdit,
  SEATS,
  type Seats,
} from './linkForm.ts';
import { howEnded, labelOf, LINK_TONES, runsOut } from './linkText.ts';

const LIFE_NAMES: readonly (Life | 'same')[] = ['same', ...(Object.keys(LIVES) as Life[])];
const SEAT_NAMES: readonly (Seats | 'same')[] = ['same', ...(Object.keys(SEATS) as Seats[])];

export function LinkSheet({
  group,
  link,
  refused,
  onClose,
  onRevoke,
}: {
  readonly group: GroupView;
  readonly link: LinkView | null;
  readonly refused: string | null;
  readonly onClose: () => void;
  readonly onRevoke: (link: LinkView) => void;
}) {
  return link === null ? null : (
    <Sheet
      key={link.pk}
      group={group}
      link={link}
      refused={refused}
      onClose={onClose}
      onRevoke={onRevoke}
    />
  );
}

function Sheet({
  group,
  link,
  refused,
  onClose,
  onRevoke,
}: {
  readonly group: GroupView;
  readonly link: LinkView;
  readonly refused: string | null;
  readonly onClose: () => void;
  readonly onRevoke: (link: LinkView) => void;
}) {
  const { t } = useTranslation();
  const client = useClient();
  const now = useServerNow();
  const [edit, setEdit] = useState<LinkEdit>(() => editOf(link));
  const label = labelOf(link, t);
  const change = useChangeLink(group.gid, () => {
    showToast({ sentence: t('links.changed', { label }) });
    onClose();
  });
  const start = useStartTask(group.gid);
  const fault = faultOf(link, edit, now);
  const differs = Object.keys(changeOf(link, edit, now)).length > 0;
  const alive = link.state !== 'revoked';
  const ended = howEnded(link, now, t);
  const paused = link.state === 'paused';
  return (
    <Dialog
      open
      shape="sheet"
      onClose={onClose}
      title={<bdi>{label}</bdi>}
      lead={<Chip tone={LINK_TONES[link.state]}>{t(`links.state.${link.state}`)}</Chip>}
      closeLabel={t('app.close')}
      foot={
        alive ? (
          <>
            <Button
              look="dangerPlain"
              refused={refused}
              onClick={() => onRevoke(link)}
              className="me-auto"
            >
              {t('links.revokeAsk')}
            </Button>
            <Button onClick={onClose}>{t('app.cancel')}</Button>
            <Button
              look="primary"
              busy={change.busy}
              refused={
                refused ??
                (fault === null ? null : t(`links.edit.${fault}`)) ??
                (differs ? null : t('links.edit.same'))
              }
              onClick={() =>
                void serverTime(client).then((time) =>
                  change.run({ pk: link.pk, change: changeOf(link, edit, time) }),
                )
              }
            >
              {t('links.edit.save')}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>{t('app.close')}</Button>
        )
      }
    >
      <div className="grid gap-5">
        {ended !== null && (
          <Banner>
            <Isolated text={ended} />
          </Banner>
        )}
        <dl className="grid gap-2 rounded-md border border-line p-4">
          <Line name={t('links.role')}>{t(`role.${roleName(link.role)}`)}</Line>
          <Line name={t('links.admission')}>{link.auto ? t('links.auto') : t('links.review')}</Line>
          <Line name={t('links.usesName')}>
            {link.maxUses === 0
              ? t('links.usesFree', { count: link.uses })
              : t('links.uses', { uses: link.uses, max: link.maxUses })}
          </Line>
          <Line name={t('links.waitingName')}>{link.waiting}</Line>
          <Line name={t('links.end')}>{runsOut(link, now, t)}</Line>
          <Line name={t('links.made')}>
            <Isolated
              text={t('links.madeBy', {
                name: isolate(nameOf(link.maker)),
                when: whenInWords(link.madeAt, now),
              })}
            />
          </Line>
        </dl>
        {alive && (
          <>
            <section className="flex items-center gap-3">
              <p className="flex-1 text-small text-ink-2">
                {t(paused ? 'links.pausedNote' : 'links.pauseNote')}
              </p>
              <Button
                busy={start.busy}
                refused={refused}
                onClick={() =>
                  void start.run({ act: { kind: 'pause', links: [link.pk], paused: !paused } })
                }
              >
                {t(paused ? 'links.resume' : 'links.pause')}
              </Button>
            </section>
            <TextField
              label={t('links.label')}
              aside={t('app.optional')}
              maxLength={40}
              value={edit.label}
              onChange={(event) => setEdit({ ...edit, label: event.target.value })}
            />
            <Choices
              label={t('links.edit.life')}
              value={edit.life}
              choices={LIFE_NAMES.map((value) => ({
                value,
                label: value === 'same' ? t('links.edit.keep') : t(`links.lifeChoice.${value}`),
              }))}
              onChoose={(life) => setEdit({ ...edit, life })}
            />
            <Choices
              label={t('links.uses_label')}
              value={edit.seats}
              choices={SEAT_NAMES.map((value) => ({
                value,
                label: value === 'same' ? t('links.edit.keep') : t(`links.usesChoice.${value}`),
              }))}
              onChoose={(seats) => setEdit({ ...edit, seats })}
            />
            {fault !== null && (
              <p role="alert" className="text-small text-bad">
                {t(`links.edit.${fault}`)}
              </p>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num text-end font-[550]">{children}</dd>
    </div>
  );
}
