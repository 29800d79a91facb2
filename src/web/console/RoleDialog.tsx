/** Changing a role: what somebody may do afterwards and what not any more, before it is signed. */
import { Minus, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { whyNotSetRole } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { useStartTask } from '../queries/tasks.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';
import { isStaff, type Role, roleName } from '../../protocol/role.ts';
import { type Ability, differenceOf } from './abilities.ts';
import { LeftOut } from './LeftOut.tsx';
import { useReason } from './useReason.ts';

export interface RoleDraft {
  readonly members: readonly MemberView[];
  readonly to: 0 | 1 | 2;
}

export function RoleDialog({
  group,
  draft,
  onClose,
  onStarted,
}: {
  readonly group: GroupView;
  readonly draft: RoleDraft | null;
  readonly onClose: () => void;
  readonly onStarted: () => void;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const start = useStartTask(group.gid, () => {
    onClose();
    onStarted();
  });
  if (draft === null) return null;
  const { members, to } = draft;
  const refused = members.flatMap((member) => {
    const why = reason(whyNotSetRole(group, member, to), nameOf(member));
    return why === null ? [] : [{ person: member, why }];
  });
  const changed = members.filter((member) => refused.every((one) => one.person !== member));
  const before = [...new Set(changed.map((member) => member.role))];
  const crosses = before.some((role) => isStaff(role) !== isStaff(to));
  const [first] = members;
  const word = t(`chat.roleIn.${roleName(to)}`);
  return (
    <Dialog
      firm
      open
      onClose={onClose}
      title={t('table.makeTitle', {
        count: members.length,
        name: first === undefined ? '' : nameOf(first),
        role: word,
      })}
      closeLabel={t('app.close')}
      foot={
        <>
          <p className="num min-w-40 flex-1 text-small text-ink-2">
            {crosses ? t('table.newKey', { count: group.members.length }) : t('table.sameKey')}
          </p>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button
            look="primary"
            busy={start.busy}
            refused={changed.length === 0 ? t('table.nobodyLeft') : null}
            onClick={() =>
              void start.run({
                act: { kind: 'role', people: changed.map((member) => member.pid), role: to },
              })
            }
          >
            {t(`table.make.${roleName(to) as 'observer' | 'member' | 'moderator'}`)}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        {before.map((role) => (
          <Difference key={role} group={group} from={role} to={to} several={before.length > 1} />
        ))}
        {before.some((role) => isStaff(role)) && !isStaff(to) && (
          <p className="text-small text-ink-2">{t('table.linksEnd')}</p>
        )}
        <LeftOut people={refused} />
      </div>
    </Dialog>
  );
}

function Difference({
  group,
  from,
  to,
  several,
}: {
  readonly group: GroupView;
  readonly from: Role;
  readonly to: Role;
  readonly several: boolean;
}) {
  const { t } = useTranslation();
  const { gains, loses } = differenceOf(group, from, to);
  return (
    <section className="grid gap-2">
      {several && (
        <h3 className="text-small font-[580]">
          {t('table.nowIs', { role: t(`chat.roleIn.${roleName(from)}`) })}
        </h3>
      )}
      <Abilities title={t('table.gains')} gained abilities={gains} />
      <Abilities title={t('table.loses')} gained={false} abilities={loses} />
      {gains.length + loses.length === 0 && <p className="text-ink-2">{t('table.noDifference')}</p>}
    </section>
  );
}

function Abilities({
  title,
  gained,
  abilities,
}: {
  readonly title: string;
  readonly gained: boolean;
  readonly abilities: readonly Ability[];
}) {
  const { t } = useTranslation();
  if (abilities.length === 0) return null;
  return (
    <div className="grid gap-1">
      <h4 className="text-small text-ink-2">{title}</h4>
      <ul className="grid gap-1">
        {abilities.map((ability) => (
          <li key={ability} className="flex items-center gap-2.5">
            {gained ? (
              <Plus size={15} aria-hidden className="shrink-0 text-good" />
            ) : (
              <Minus size={15} aria-hidden className="shrink-0 text-ink-3" />
            )}
            {t(`ability.${ability}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
