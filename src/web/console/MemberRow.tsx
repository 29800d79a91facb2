/** One member: a row of the table on a desk, a card on a phone. */
import type { TFunction } from 'i18next';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { RoleChip } from '../parts/RoleChip.tsx';
import { shortWhen } from '../text/when.ts';
import { Chip } from '../ui/Chip.tsx';
import { classes } from '../ui/classes.ts';
import { Checkbox } from '../ui/Field.tsx';
import { Cell } from '../ui/Table.tsx';
import type { GroupView, MemberView, TaskAct } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';
import { keyKnown } from './findMembers.ts';
import { MemberMenu } from './MemberMenu.tsx';

export const COLUMNS =
  'grid grid-cols-[18px_minmax(0,1.4fr)_104px_minmax(0,1fr)_112px_44px] items-center gap-x-3.5 ps-6 pe-3 desktop:grid-cols-[18px_minmax(0,1.4fr)_112px_minmax(0,1fr)_minmax(0,0.7fr)_120px_44px]';

export interface MemberRowProps {
  readonly group: GroupView;
  readonly member: MemberView;
  readonly table: boolean;
  /** One clock for all rows. */
  readonly now: number;
  readonly chosen: boolean;
  readonly marked: boolean;
  readonly reachable: boolean;
  readonly twice: boolean;
  readonly pending: TaskAct['kind'] | null;
  readonly onMark: (pid: Pid, range: boolean) => void;
  readonly onCompare: (member: MemberView) => void;
  readonly onRole: (member: MemberView, to: 0 | 1 | 2) => void;
  readonly onRemove: (member: MemberView) => void;
}

export const MemberRow = memo(function MemberRow(props: MemberRowProps) {
  const { group, member, table, now, chosen, marked, reachable, twice, pending } = props;
  const { t } = useTranslation();
  const name = nameOf(member);
  const tabIndex = reachable ? 0 : -1;
  const box = (
    <Checkbox
      hideLabel
      tabIndex={tabIndex}
      start
      label={t('table.select', { name })}
      checked={marked}
      onChange={(_, range) => props.onMark(member.pid, range)}
    />
  );
  const menu = (
    <MemberMenu
      group={group}
      member={member}
      tabIndex={tabIndex}
      onCompare={() => props.onCompare(member)}
      onRole={(to) => props.onRole(member, to)}
      onRemove={() => props.onRemove(member)}
    />
  );
  const who = (
    <span className="flex min-w-0 items-center gap-2">
      <span className="clip font-[580]">
        <PersonName person={member} marked={twice} />
        {member.me && <span className="font-normal text-ink-3"> {t('person.me')}</span>}
      </span>
      {twice && <Chip tone="warn">{t('table.twice')}</Chip>}
      {pending !== null && <Chip tone="accent">{t('links.changing')}</Chip>}
    </span>
  );
  const ground = chosen ? 'bg-accent-soft' : 'hover:bg-hover';
  const joined = (
    <>
      <span className="num">{shortWhen(member.joinedAt, now)}</span>
      <span className="text-ink-3">
        {', '}
        <Isolated text={viaText(member, t)} />
      </span>
    </>
  );
  if (!table)
    return (
      <div
        className={classes('flex items-center gap-3 border-b border-line py-2.5 ps-4 pe-2', ground)}
      >
        {box}
        <PersonAvatar person={member} size="l" />
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-2">
            {who}
            <RoleChip role={member.role} quiet />
          </div>
          <p className="clip text-small text-ink-2">
            {joined} · {t(`table.${keyKnown(group, member)}`)}
          </p>
        </div>
        {menu}
      </div>
    );
  return (
    <div className={classes(COLUMNS, 'border-b border-line py-2', ground)}>
      <Cell className="flex">{box}</Cell>
      <Cell kind="name" className="flex min-w-0 items-center gap-3">
        <PersonAvatar person={member} />
        {who}
      </Cell>
      <Cell>
        <RoleChip role={member.role} />
      </Cell>
      <Cell className="clip text-small text-ink-2">{joined}</Cell>
      <Cell className="clip text-small text-ink-2 max-desktop:hidden">
        {member.addedBy !== null && <bdi>{nameOf(member.addedBy)}</bdi>}
      </Cell>
      <Cell className="text-small text-ink-2">
        <KeyMark group={group} member={member} />
      </Cell>
      <Cell className="text-end">{menu}</Cell>
    </div>
  );
});

function viaText(member: MemberView, t: TFunction): string {
  return member.link === null || member.link.label === ''
    ? t(`table.via.${member.via}`)
    : t('table.viaLink', { label: isolate(member.link.label) });
}

function KeyMark({ group, member }: { readonly group: GroupView; readonly member: MemberView }) {
  const { t } = useTranslation();
  const known = keyKnown(group, member);
  if (known === 'keyUnknown') return <span className="text-ink-3">{t(`table.${known}`)}</span>;
  return <Chip tone={known === 'keyOpened' ? 'good' : 'plain'}>{t(`table.${known}`)}</Chip>;
}
