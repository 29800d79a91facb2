/** Everybody in the group: a table on a desk, cards on a phone; roles, removing, and who is blocked. */
import { useQuery } from '@tanstack/react-query';
import { Search, SearchX } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotUnban } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { RoleChip } from '../parts/RoleChip.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery, useEditMembers } from '../queries/groups.ts';
import { showToast } from '../stores/toast.ts';
import { shortWhen } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { SearchField } from '../ui/Field.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { TABLET, useMedia } from '../ui/useMedia.ts';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, MemberView, PersonView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { MemberMenu } from './MemberMenu.tsx';
import { RemoveDialog } from './RemoveDialog.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { useReason } from './useReason.ts';

export function MembersPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  if (group.data === undefined) return <SkeletonRows count={6} label={t('app.loading')} />;
  return <Members group={group.data} />;
}

function Members({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const table = useMedia(TABLET);
  const [find, setFind] = useState('');
  const [removing, setRemoving] = useState<MemberView | null>(null);
  const [compared, setCompared] = useState<PersonView | null>(null);
  const wanted = find.trim().toLocaleLowerCase();
  const shown = group.members
    .filter((member) => nameOf(member).toLocaleLowerCase().includes(wanted))
    .toSorted((one, other) => other.role - one.role || nameOf(one).localeCompare(nameOf(other)));
  const menuOf = (member: MemberView) => (
    <MemberMenu
      group={group}
      member={member}
      onCompare={() => setCompared(member)}
      onRemove={() => setRemoving(member)}
    />
  );
  return (
    <>
      <SectionHeader title={t('table.title')}>
        <SearchField
          label={t('table.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="w-64 max-tablet:w-full"
        />
      </SectionHeader>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {shown.length === 0 ? (
          <Empty
            icon={<SearchX size={22} aria-hidden />}
            title={t('table.noMatch')}
            action={<Button onClick={() => setFind('')}>{t('queue.clear')}</Button>}
          >
            {t('table.noMatchBody', { text: find.trim() })}
          </Empty>
        ) : table ? (
          <MemberTable group={group} members={shown} menuOf={menuOf} />
        ) : (
          <MemberCards group={group} members={shown} menuOf={menuOf} />
        )}
        <Banned group={group} />
      </div>
      <RemoveDialog group={group} member={removing} onClose={() => setRemoving(null)} />
      <SafetyDialog person={compared} onClose={() => setCompared(null)} />
    </>
  );
}

interface ListProps {
  readonly group: GroupView;
  readonly members: readonly MemberView[];
  readonly menuOf: (member: MemberView) => React.ReactNode;
}

const HEAD = 'px-3 py-2 text-start text-tiny font-[550] text-ink-3';
const CELL = 'px-3 py-2.5 text-small text-ink-2';

function MemberTable({ group, members, menuOf }: ListProps) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <table aria-label={t('table.list')} className="w-full border-collapse">
      <thead className="sticky top-0 z-10 bg-surface">
        <tr className="border-b border-line">
          <th scope="col" className={`${HEAD} ps-6`}>
            {t('table.name')}
          </th>
          <th scope="col" className={HEAD}>
            {t('table.role')}
          </th>
          <th scope="col" className={HEAD}>
            {t('table.joined')}
          </th>
          <th scope="col" className={`${HEAD} max-desktop:hidden`}>
            {t('table.added')}
          </th>
          <th scope="col" className={HEAD}>
            {t('table.key')}
          </th>
          <th scope="col" className="w-14">
            <span className="sr-only">{t('app.more')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.pid} className="border-b border-line hover:bg-hover">
            <th scope="row" className="max-w-64 py-2.5 ps-6 pe-3 text-start font-normal">
              <span className="flex items-center gap-3">
                <PersonAvatar person={member} />
                <span className="clip font-[580]">
                  <PersonName person={member} marked={isTwice(member, group)} />
                  {member.me && <span className="font-normal text-ink-3"> {t('person.me')}</span>}
                </span>
              </span>
            </th>
            <td className={CELL}>
              <RoleChip role={member.role} />
            </td>
            <td className={`${CELL} whitespace-nowrap`}>
              <span className="num">{shortWhen(member.joinedAt, now)}</span>
              <span className="text-ink-3">, {t(`table.via.${member.via}`)}</span>
            </td>
            <td className={`${CELL} max-desktop:hidden`}>
              {member.addedBy !== null && <bdi>{nameOf(member.addedBy)}</bdi>}
            </td>
            <td className={CELL}>
              <KeyMark group={group} member={member} />
            </td>
            <td className="pe-4 text-end">{menuOf(member)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MemberCards({ group, members, menuOf }: ListProps) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <ul aria-label={t('table.list')}>
      {members.map((member) => (
        <li
          key={member.pid}
          className="flex items-center gap-3 border-b border-line py-2.5 ps-4 pe-2"
        >
          <PersonAvatar person={member} size="l" />
          <div className="min-w-0 flex-1">
            <p className="flex items-center gap-2">
              <span className="clip font-[580]">
                <PersonName person={member} marked={isTwice(member, group)} />
                {member.me && <span className="font-normal text-ink-3"> {t('person.me')}</span>}
              </span>
              <RoleChip role={member.role} quiet />
            </p>
            <p className="num clip text-small text-ink-2">
              {shortWhen(member.joinedAt, now)}, {t(`table.via.${member.via}`)} ·{' '}
              <KeyWords group={group} member={member} />
            </p>
          </div>
          {menuOf(member)}
        </li>
      ))}
    </ul>
  );
}

function isTwice(member: MemberView, group: GroupView): boolean {
  return group.members.some(
    (other) => other.pid !== member.pid && nameOf(other) === nameOf(member),
  );
}

function keyOf(group: GroupView, member: MemberView): 'keyOpened' | 'keyBehind' | 'keyUnknown' {
  if (member.me && group.key.state !== 'missing') return 'keyOpened';
  if (member.openedGeneration === null) return 'keyUnknown';
  return member.openedGeneration >= group.generation ? 'keyOpened' : 'keyBehind';
}

function KeyWords({ group, member }: { readonly group: GroupView; readonly member: MemberView }) {
  const { t } = useTranslation();
  return t(`table.${keyOf(group, member)}`);
}

function KeyMark({ group, member }: { readonly group: GroupView; readonly member: MemberView }) {
  const known = keyOf(group, member);
  if (known === 'keyUnknown')
    return (
      <span className="text-ink-3">
        <KeyWords group={group} member={member} />
      </span>
    );
  return (
    <Chip tone={known === 'keyOpened' ? 'good' : 'plain'}>
      <KeyWords group={group} member={member} />
    </Chip>
  );
}

function Banned({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const edit = useEditMembers(group.gid);
  if (group.banned.length === 0) return null;
  return (
    <section aria-labelledby="banned" className="pt-8 pb-6">
      <h2 id="banned" className="px-6 pb-2 font-[620] max-tablet:px-4">
        {t('table.bannedTitle')}
      </h2>
      <ul className="border-t border-line">
        {group.banned.map((person) => {
          const name = nameOf(person);
          return (
            <li
              key={person.pid}
              className="flex items-center gap-3 border-b border-line px-6 py-2.5 max-tablet:px-4"
            >
              <PersonAvatar person={person} />
              <span className="clip flex-1">
                <PersonName person={person} marked />
              </span>
              <Button
                size="small"
                busy={edit.busy}
                refused={reason(whyNotUnban(group))}
                aria-label={t('table.unblockNamed', { name })}
                onClick={() => {
                  void edit.run({ unban: [person.pid] }).then((outcome) => {
                    if (outcome?.ok === true)
                      showToast({ sentence: t('table.unblocked', { name }) });
                  });
                }}
              >
                {t('table.unblock')}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
