/** A message that cannot be shown: why, who can do something about it, and one thing to do. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reload } from '../newBuild.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { SafetyDialog } from '../parts/SafetyDialog.tsx';
import { useLookAgain } from '../queries/timeline.ts';
import { Button } from '../ui/Button.tsx';
import type { GroupView, MemberView, TimelineItem } from '../../client/view.ts';
import type { ErrorName } from '../../protocol/failure.ts';

/** What lies behind a refusal, as far as it makes a difference to the reader. */
type Why = 'withheld' | 'noKey' | 'notShared' | 'newer' | 'late' | 'forged';

const WHY: Readonly<Partial<Record<ErrorName, Why>>> = {
  E_WITHHELD: 'withheld',
  E_GEN: 'noKey',
  E_BOX: 'noKey',
  E_KC: 'noKey',
  E_HIST: 'notShared',
  E_VERSION: 'newer',
  E_STALE_GEN: 'late',
  E_PENDING: 'late',
  E_CLOSED: 'late',
  E_ROLE: 'late',
  E_NOT_MEMBER: 'late',
  E_DEVICE: 'late',
};

export function Unreadable({
  item,
  group,
}: {
  readonly item: Extract<TimelineItem, { kind: 'unreadable' }>;
  readonly group: GroupView;
}) {
  const { t } = useTranslation();
  const why = WHY[item.reason.name] ?? 'forged';
  const who = isolate(nameOf(item.author));
  return (
    <div className="flex max-w-[68ch] flex-wrap items-center gap-x-3 gap-y-1.5 rounded-sm border border-dashed border-edge px-3 py-1.5 text-small text-ink-2">
      <p className="min-w-40 flex-1 text-pretty">
        <Isolated text={t(`chat.unreadable.${why}`, { who })} />
      </p>
      <Act why={why} author={item.author.pid} group={group} />
    </div>
  );
}

function Act({
  why,
  author,
  group,
}: {
  readonly why: Why;
  readonly author: string;
  readonly group: GroupView;
}) {
  const { t } = useTranslation();
  const look = useLookAgain(group.gid);
  const [comparing, setComparing] = useState<MemberView | null>(null);
  if (why === 'newer')
    return (
      <Button size="small" onClick={() => void reload()}>
        {t('app.reload')}
      </Button>
    );
  if (why === 'withheld' || why === 'noKey')
    return (
      <Button size="small" busy={look.busy} onClick={() => void look.run()}>
        {t('chat.lookAgain')}
      </Button>
    );
  const member = group.members.find((one) => one.pid === author && !one.me);
  if (why !== 'forged' || member === undefined) return null;
  return (
    <>
      <Button size="small" onClick={() => setComparing(member)}>
        {t('chat.identity.compare')}
      </Button>
      <SafetyDialog person={comparing} onClose={() => setComparing(null)} />
    </>
  );
}
