/** Removing members: for now or for good, why, what it costs the others, and then how the new key gets to them. */
import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotRemove } from '../may.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { linksQuery } from '../queries/links.ts';
import { useServerNow } from '../queries/serverClock.ts';
import { tasksQuery, useStartTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Options, TextArea } from '../ui/Field.tsx';
import type { GroupView, LinkView, MemberView } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { isStaff } from '../../protocol/role.ts';
import { works } from './findLinks.ts';
import { HideChoice, type HideSpan, sinceOf } from './HideChoice.tsx';
import { KeyProgress } from './KeyProgress.tsx';
import { LeftOut } from './LeftOut.tsx';
import { TaskCard } from './TaskCard.tsx';
import { useReason } from './useReason.ts';

type How = 'remove' | 'ban';
const NAMES_SHOWN = 6;

export function RemoveDialog({
  group,
  members,
  onClose,
  onStarted,
}: {
  readonly group: GroupView;
  /** Empty while nothing is asked. */
  readonly members: readonly MemberView[];
  readonly onClose: () => void;
  readonly onStarted: () => void;
}) {
  return members.length === 0 ? null : (
    <Removal
      key={members[0]?.pid}
      group={group}
      members={members}
      onClose={onClose}
      onStarted={onStarted}
    />
  );
}

/** Links that end with these people (R9): those of who is on the staff, and on a removal of staff or a ban every one without review. */
function linksEnding(
  links: readonly LinkView[],
  staff: ReadonlySet<Pid>,
  how: How,
): { readonly own: number; readonly auto: number } {
  const own = links.filter((link) => works(link) && staff.has(link.maker.pid));
  const auto = links.filter((link) => works(link) && link.auto && !own.includes(link));
  return { own: own.length, auto: staff.size > 0 || how === 'ban' ? auto.length : 0 };
}

function Removal({
  group,
  members,
  onClose,
  onStarted,
}: {
  readonly group: GroupView;
  readonly members: readonly MemberView[];
  readonly onClose: () => void;
  readonly onStarted: () => void;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const client = useClient();
  const [how, setHow] = useState<How>('remove');
  const [why, setWhy] = useState('');
  const [hide, setHide] = useState<HideSpan>('none');
  const now = useServerNow();
  // Held from the first look: what is hidden and how much of it was named go by one moment.
  const [opened] = useState(now);
  const [begun, setBegun] = useState<readonly string[]>([]);
  const links = useQuery(linksQuery(client, group.gid)).data ?? [];
  const tasks = useQuery(tasksQuery(client)).data?.filter((one) => begun.includes(one.id)) ?? [];
  const removal = tasks.find((one) => one.act.kind === 'remove');
  // Decided once: while it is carried out the people leave the list.
  const [refused] = useState(() =>
    members.flatMap((member) => {
      const no = reason(whyNotRemove(group, member), nameOf(member));
      return no === null ? [] : [{ person: member, why: no }];
    }),
  );
  const gone = members.filter((member) => refused.every((one) => one.person.pid !== member.pid));
  const [first] = members;
  const name = first === undefined ? '' : nameOf(first);
  const count = members.length;
  const left = group.members.filter((member) => gone.every((one) => one.pid !== member.pid)).length;
  const start = useStartTask(group.gid, (id) => {
    setBegun((before) => [...before, id]);
    onStarted();
  });
  const people = gone.map((member) => member.pid);
  /** Hiding waits in the tray until they are removed, so that what they write meanwhile is hidden too. */
  const remove = async (): Promise<void> => {
    const started = await start.run({
      act: { kind: 'remove', people, ban: how === 'ban', reason: why.trim() },
    });
    if (started?.ok !== true || hide === 'none') return;
    await start.run({ act: { kind: 'hide', people, since: sinceOf(hide, opened) } });
  };
  const staff = new Set(gone.filter((one) => isStaff(one.role)).map((one) => one.pid));
  const ending = linksEnding(links, staff, how);

  if (begun.length > 0)
    return (
      <Dialog
        open
        onClose={onClose}
        title={t('table.removing', { count, name })}
        lead={t('table.removingLead')}
        closeLabel={t('app.close')}
        foot={
          <>
            <KeyProgress group={group} generation={removal?.generation ?? null} />
            <Button data-start look="primary" onClick={onClose}>
              {t('links.done')}
            </Button>
          </>
        }
      >
        {tasks.length === 0 ? (
          <p className="text-ink-2">{t('table.removedGone')}</p>
        ) : (
          <div className="grid gap-5">
            {tasks.map((task) => (
              <TaskCard key={task.id} alone task={task} />
            ))}
          </div>
        )}
      </Dialog>
    );

  return (
    <Dialog
      firm
      open
      onClose={onClose}
      title={t('table.removeTitle', { count, name })}
      lead={t('table.removeLead', { count, name })}
      closeLabel={t('app.close')}
      foot={
        <>
          <p className="num flex min-w-48 flex-1 items-center gap-2 text-small text-ink-2">
            <KeyRound size={15} aria-hidden className="shrink-0" />
            {t('table.remainingKey', { count: left })}
          </p>
          <Button data-start onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button
            look="danger"
            busy={start.busy}
            refused={gone.length === 0 ? t('table.nobodyLeft') : null}
            onClick={() => void remove()}
          >
            {how === 'ban' ? t('table.removeBlock') : t('table.onlyRemove')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {count > 1 && (
          <p className="text-small text-ink-2">
            <Isolated
              text={gone
                .slice(0, NAMES_SHOWN)
                .map((member) => isolate(nameOf(member)))
                .join(', ')}
            />
            {gone.length > NAMES_SHOWN &&
              ` ${t('table.andMore', { count: gone.length - NAMES_SHOWN })}`}
          </p>
        )}
        <Options
          label={t('table.how')}
          value={how}
          options={[
            { value: 'remove', label: t('table.onlyRemove'), note: t('table.onlyRemoveNote') },
            { value: 'ban', label: t('table.removeBlock'), note: t('table.removeBlockNote') },
          ]}
          onChoose={setHow}
        />
        <TextArea
          label={t('table.reason')}
          aside={t('app.optional')}
          hint={t('table.reasonHint')}
          maxLength={500}
          value={why}
          onChange={(event) => setWhy(event.target.value)}
        />
        <HideChoice gid={group.gid} people={people} now={opened} value={hide} onChange={setHide} />
        {(ending.own > 0 || ending.auto > 0) && (
          <ul className="num grid gap-1 text-small text-ink-2">
            {ending.own > 0 && <li>{t('table.ownLinksEnd', { count: ending.own })}</li>}
            {ending.auto > 0 && <li>{t('table.autoLinksEnd', { count: ending.auto })}</li>}
          </ul>
        )}
        <LeftOut people={refused} />
      </div>
    </Dialog>
  );
}
