/** How the group's key stands and came about, the code all members see, who was compared, and what the last checks found. */
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, KeyRound, QrCode as QrIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotRotate } from '../may.ts';
import { Digits } from '../parts/Digits.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { PersonAvatar, PersonName } from '../parts/Person.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { useSetVerified } from '../queries/running.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { Banner, SkeletonRows } from '../ui/Notice.tsx';
import { QrCode } from '../ui/QrCode.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, MemberView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { KeyHistory } from './KeyHistory.tsx';
import { Fact, Panel } from './Panel.tsx';
import { Reports } from './Reports.tsx';
import { RotateDialog } from './RotateDialog.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { SignedLog } from './SignedLog.tsx';
import { useReason } from './useReason.ts';

export function SecurityPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  return (
    <>
      <SectionHeader title={t('security.title')} />
      {group.data === undefined ? (
        <SkeletonRows count={3} label={t('app.loading')} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto p-6 max-tablet:p-4">
          <div className="grid max-w-[1000px] items-start gap-4 desktop:grid-cols-2">
            <div className="grid min-w-0 gap-4">
              <Key group={group.data} />
              <KeyHistory gid={gid} group={group.data} />
              <SignedLog group={group.data} />
            </div>
            <div className="grid min-w-0 gap-4">
              <GroupCode group={group.data} />
              <Checks group={group.data} />
              <Compared group={group.data} />
              <Reports group={group.data} />
            </div>
          </div>
        </div>
      )}
    </>
  );
}

function Key({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const [asking, setAsking] = useState(false);
  const total = group.members.length;
  const opened = Math.max(group.opened, group.key.state === 'missing' ? 0 : 1);
  return (
    <Panel title={t('security.key')}>
      <KeySentence group={group} />
      <dl className="mt-4 grid gap-2">
        <Fact name={t('security.generation')}>{group.generation}</Fact>
        <Fact name={t('security.opened')}>{t('security.openedOf', { count: opened, total })}</Fact>
        <Fact name={t('security.shareable')}>
          {group.shareable ? t('security.yes') : t('security.no')}
        </Fact>
      </dl>
      <div aria-hidden className="mt-3 h-1.5 overflow-hidden rounded-full bg-line">
        <div
          className="h-full rounded-full bg-good"
          style={{ inlineSize: `${Math.min(100, (opened / Math.max(1, total)) * 100)}%` }}
        />
      </div>
      <Behind group={group} />
      <div className="mt-5 border-t border-line pt-4">
        <p className="mb-3 text-small text-ink-2 text-pretty">{t('security.rotateBody')}</p>
        <Button refused={reason(whyNotRotate(group))} onClick={() => setAsking(true)}>
          <KeyRound size={16} aria-hidden />
          {t('security.rotate')}
        </Button>
      </div>
      <RotateDialog group={group} open={asking} onClose={() => setAsking(false)} />
    </Panel>
  );
}

/** Who is not known to have opened the present key, and since when that is. */
function Behind({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const behind = group.members.filter(
    (member) => !member.me && (member.openedGeneration ?? 0) < group.generation,
  );
  const since = group.key.state === 'secured' ? group.key.since : null;
  if (behind.length === 0)
    return <p className="mt-2 text-small text-ink-3">{t('security.openedNote')}</p>;
  return (
    <details className="mt-3">
      <summary className="w-fit cursor-pointer rounded-sm py-1 text-small text-ink-2 hover:text-ink">
        {since === null
          ? t('security.behind', { count: behind.length })
          : t('security.behindSince', { count: behind.length, when: whenInWords(since, now) })}
      </summary>
      <ul aria-label={t('security.behindList')} className="mt-1 grid gap-1.5">
        {behind.map((member) => (
          <li key={member.pid} className="flex items-center gap-2.5 text-small">
            <PersonAvatar person={member} size="s" />
            <span className="clip flex-1">
              <PersonName person={member} />
            </span>
            <span className="num shrink-0 text-ink-3">
              {member.openedGeneration === null
                ? t('security.neverOpened')
                : t('security.lastOpened', { number: member.openedGeneration })}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-2 text-small text-ink-3">{t('security.openedNote')}</p>
    </details>
  );
}

function KeySentence({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  switch (group.key.state) {
    case 'secured':
      return (
        <p className="flex items-center gap-2 font-[580] text-good">
          <CircleCheck size={18} aria-hidden />
          {t('security.securedSince', { when: whenInWords(group.key.since, now) })}
        </p>
      );
    case 'pending':
      return <Banner tone="warn">{t(`security.pending.${group.key.reason}`)}</Banner>;
    case 'missing':
      return (
        <Banner tone="warn">
          {t(`failure.${group.key.reason.name}.sentence`)}{' '}
          {t(`failure.${group.key.reason.name}.next`)}
        </Banner>
      );
  }
}

function GroupCode({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const [square, setSquare] = useState(false);
  return (
    <Panel
      title={t('members.code')}
      aside={
        <Button size="small" look="ghost" onClick={() => setSquare(!square)}>
          <QrIcon size={15} aria-hidden />
          {square ? t('security.showDigits') : t('security.showSquare')}
        </Button>
      }
    >
      {square ? (
        <div className="w-52 max-w-full">
          <QrCode text={group.code} label={t('security.codeSquare')} />
        </div>
      ) : (
        <Digits code={group.code} label={t('members.code')} />
      )}
      <p className="mt-3 text-small text-ink-2 text-pretty">{t('members.codeBody')}</p>
      <dl className="mt-3 grid gap-2 border-t border-line pt-3">
        <Fact name={t('security.roster')}>
          <span className="font-mono text-small" dir="ltr">
            {group.roster.match(/.{4}/g)?.join(' ')}
          </span>
        </Fact>
        <Fact name={t('security.log')}>{group.seq}</Fact>
      </dl>
    </Panel>
  );
}

/** What was compared with the server and with others, and what did not fit. */
function Checks({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const { checkpoint, agree, others } = group.checks;
  return (
    <Panel title={t('security.checks')}>
      {group.warnings.length === 0 && group.halted === null ? (
        <p className="flex items-center gap-2 text-ink-2">
          <CircleCheck size={17} aria-hidden className="text-good" />
          {t('security.noWarnings')}
        </p>
      ) : (
        <div className="grid gap-2">
          {group.halted !== null && (
            <Banner tone="bad">
              {t(`failure.${group.halted.name}.sentence`)} {t(`failure.${group.halted.name}.next`)}
            </Banner>
          )}
          {group.warnings.map((warning) => (
            <Banner key={`${warning.kind}${warning.who?.pid ?? ''}`} tone="warn">
              <Isolated
                text={t(`chat.warning.${warning.kind}`, {
                  who: isolate(warning.who === null ? t('person.unknown') : nameOf(warning.who)),
                })}
              />
            </Banner>
          ))}
        </div>
      )}
      <dl className="mt-4 grid gap-2">
        <Fact name={t('security.verifiedLog')}>
          {t('security.verifiedThrough', { number: group.seq })}
        </Fact>
        <Fact name={t('security.checkpoint')}>
          {checkpoint === null ? t('security.notYet') : whenInWords(checkpoint.at, now)}
        </Fact>
        {others > 0 && (
          <Fact name={t('security.agree')}>
            {t('security.openedOf', { count: agree, total: others })}
          </Fact>
        )}
      </dl>
      <p className="mt-2 text-small text-ink-3 text-pretty">{t('security.checksNote')}</p>
    </Panel>
  );
}

/** Whose safety number was compared. A mark is the person's own: nobody else sees it. */
function Compared({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const [comparing, setComparing] = useState<MemberView | null>(null);
  const others = group.members.filter((member) => !member.me);
  const done = others.filter((member) => member.verified).length;
  return (
    <Panel
      title={t('security.compared')}
      body={t('security.comparedBody')}
      aside={
        <span className="num text-small text-ink-3">
          {t('security.openedOf', { count: done, total: others.length })}
        </span>
      }
    >
      {others.length === 0 ? (
        <p className="text-ink-2">{t('security.alone')}</p>
      ) : (
        <ul aria-label={t('security.compared')} className="-mx-2 max-h-80 overflow-y-auto">
          {others.map((member) => (
            <ComparedRow key={member.pid} member={member} onCompare={() => setComparing(member)} />
          ))}
        </ul>
      )}
      <SafetyDialog person={comparing} onClose={() => setComparing(null)} />
    </Panel>
  );
}

function ComparedRow({
  member,
  onCompare,
}: {
  readonly member: MemberView;
  readonly onCompare: () => void;
}) {
  const { t } = useTranslation();
  const mark = useSetVerified();
  const name = nameOf(member);
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 rounded-sm px-2 py-1.5">
      <PersonAvatar person={member} size="s" />
      <span className="clip min-w-24 flex-1">
        <PersonName person={member} />
      </span>
      {member.verified && <Chip tone="good">{t('security.verifiedMark')}</Chip>}
      <Button
        size="small"
        look="ghost"
        aria-label={t('security.compareNamed', { name })}
        onClick={onCompare}
      >
        {t('security.compare')}
      </Button>
      <Button
        size="small"
        busy={mark.busy}
        aria-label={
          member.verified ? t('security.unmarkNamed', { name }) : t('security.markNamed', { name })
        }
        onClick={() => void mark.run({ pid: member.pid, on: !member.verified })}
      >
        {member.verified ? t('security.unmark') : t('security.mark')}
      </Button>
    </li>
  );
}
