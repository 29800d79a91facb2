/** Who is in the group, how they came, and the code that all of them see. */
import type { TFunction } from 'i18next';
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Digits } from '../parts/Digits.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { RoleChip } from '../parts/RoleChip.tsx';
import { Verified } from '../parts/Verified.tsx';
import { useSignals } from '../queries/signals.ts';
import { nameOrder, numberText } from '../text/i18n.ts';
import { SearchField } from '../ui/Field.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';
import { PersonMenu } from './PersonMenu.tsx';

const FINDABLE = 8;

export interface MembersPanelProps {
  readonly group: GroupView;
  /** Somebody's safety number is to be compared. */
  readonly onCompare: (member: MemberView) => void;
}

export function MembersPanel({ group, onCompare }: MembersPanelProps) {
  const { t } = useTranslation();
  const [find, setFind] = useState('');
  const wanted = find.trim().toLocaleLowerCase();
  const byName = nameOrder();
  const twice = repeatedNames(group.members);
  const here = new Set(useSignals(group.gid).here.map(({ pid }) => pid));
  const shown = group.members
    .filter((member) => nameOf(member).toLocaleLowerCase().includes(wanted))
    .toSorted((one, other) => other.role - one.role || byName(nameOf(one), nameOf(other)));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-[18px] pb-6 max-tablet:px-4">
      <div className="flex items-baseline justify-between">
        <h3 className="font-[620]">{t('members.title')}</h3>
        <span className="num text-small text-ink-3">{numberText(group.members.length)}</span>
      </div>
      {group.members.length >= FINDABLE && (
        <SearchField
          label={t('members.find')}
          value={find}
          onChange={setFind}
          icon={<Search size={16} aria-hidden />}
          className="mt-3"
        />
      )}
      <ul aria-label={t('members.title')} className="-mx-2 mt-3 grid grid-cols-1">
        {shown.map((member) => (
          <li key={member.pid}>
            <MemberRow
              member={member}
              marked={twice.has(nameOf(member))}
              group={group}
              here={here.has(member.pid)}
              onCompare={() => onCompare(member)}
            />
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <p className="py-4 text-center text-small text-ink-3">{t('members.noMatch')}</p>
      )}
      {group.about !== '' && <Words title={t('members.about')} text={group.about} />}
      <Words
        title={t('members.history')}
        text={t(`settings.historyNow.${group.policy.shareableDefault ? 'shared' : 'none'}`)}
      />
      {group.rules !== '' && <Words title={t('members.rules')} text={group.rules} />}
      {group.code !== '' && (
        <section className="mt-6 rounded-md border border-line p-4">
          <h3 className="font-[600]">{t('members.code')}</h3>
          <div className="mt-2">
            <Digits code={group.code} label={t('members.code')} />
          </div>
          <p className="mt-2 text-small text-ink-2">{t('members.codeBody')}</p>
        </section>
      )}
    </div>
  );
}

function repeatedNames(members: readonly MemberView[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const member of members) {
    const name = nameOf(member);
    if (seen.has(name)) twice.add(name);
    seen.add(name);
  }
  return twice;
}

const ROW = 'flex w-full items-center gap-2.5 rounded-sm px-2 py-1.5 text-start touch:py-2.5';

function MemberRow({
  member,
  marked,
  group,
  here,
  onCompare,
}: {
  readonly member: MemberView;
  readonly marked: boolean;
  readonly group: GroupView;
  /** Looks at this group just now. */
  readonly here: boolean;
  readonly onCompare: () => void;
}) {
  const { t } = useTranslation();
  const inside = (
    <>
      <span className="relative shrink-0">
        <PersonAvatar person={member} size="s" />
        {here && (
          <span
            title={t('members.here')}
            className="absolute -end-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-surface bg-good"
          >
            <span className="sr-only">{t('members.here')}</span>
          </span>
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-1 leading-5">
          <span className="clip">
            <PersonName person={member} marked={marked} />
          </span>
          {member.me && <span className="shrink-0 text-ink-3">{t('person.me')}</span>}
          {member.verified && <Verified />}
        </span>
        {member.via !== 'start' && (
          <span className="clip block text-tiny text-ink-3">
            <Isolated text={cameHow(member, t)} />
          </span>
        )}
      </span>
      <RoleChip role={member.role} quiet />
    </>
  );
  if (member.me) return <div className={ROW}>{inside}</div>;
  return (
    <PersonMenu
      member={member}
      group={group}
      onCompare={onCompare}
      trigger={
        <button type="button" className={`${ROW} hover:bg-hover data-[popup-open]:bg-hover`}>
          {inside}
          <span className="sr-only">{t('members.menu')}</span>
        </button>
      }
    />
  );
}

function cameHow(member: MemberView, t: TFunction): string {
  if (member.via === 'start') return t('members.joinedVia.start');
  if (member.addedBy === null)
    return member.via === 'link'
      ? t('members.joinedVia.linkNobody')
      : t('members.joinedVia.directNobody');
  return t(`members.joinedVia.${member.via}`, { name: isolate(nameOf(member.addedBy)) });
}

function Words({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section className="mt-6">
      <h3 className="font-[620]">{title}</h3>
      <p
        dir="auto"
        className="mt-1 text-small whitespace-pre-line text-ink-2 [overflow-wrap:anywhere]"
      >
        {text}
      </p>
    </section>
  );
}
