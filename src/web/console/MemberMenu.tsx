/** What may be done with one member; what may not says why. */
import {
  BadgeCheck,
  EllipsisVertical,
  Eye,
  MessageSquare,
  ShieldHalf,
  UserMinus,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotRemove, whyNotSetRole } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { buttonClasses } from '../ui/Button.tsx';
import { Menu, MenuItem, MenuLine } from '../ui/Menu.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';
import { ROLE } from '../../protocol/role.ts';
import { useReason } from './useReason.ts';

type Given = 'moderator' | 'member' | 'observer';
const ROLES: readonly { readonly name: Given; readonly icon: ReactNode }[] = [
  { name: 'moderator', icon: <ShieldHalf size={17} aria-hidden /> },
  { name: 'member', icon: <MessageSquare size={17} aria-hidden /> },
  { name: 'observer', icon: <Eye size={17} aria-hidden /> },
];

export function MemberMenu({
  group,
  member,
  tabIndex,
  onCompare,
  onRole,
  onRemove,
}: {
  readonly group: GroupView;
  readonly member: MemberView;
  readonly tabIndex: number;
  readonly onCompare: () => void;
  readonly onRole: (to: 0 | 1 | 2) => void;
  readonly onRemove: () => void;
}) {
  const { t } = useTranslation();
  const name = nameOf(member);
  return (
    <Menu
      trigger={
        <button
          type="button"
          tabIndex={tabIndex}
          aria-label={t('table.menu', { name })}
          className={buttonClasses('ghost', 'icon', 'data-[popup-open]:bg-hover')}
        >
          <EllipsisVertical size={18} aria-hidden />
        </button>
      }
    >
      {/* Only while it is open: a list of a thousand draws it at once. */}
      <Acts
        group={group}
        member={member}
        onCompare={onCompare}
        onRole={onRole}
        onRemove={onRemove}
      />
    </Menu>
  );
}

function Acts({
  group,
  member,
  onCompare,
  onRole,
  onRemove,
}: Omit<Parameters<typeof MemberMenu>[0], 'tabIndex'>) {
  const { t } = useTranslation();
  const reason = useReason();
  const name = nameOf(member);
  return (
    <>
      {ROLES.filter(({ name: role }) => ROLE[role] !== member.role).map(({ name: role, icon }) => (
        <MenuItem
          key={role}
          icon={icon}
          refused={reason(whyNotSetRole(group, member, ROLE[role]), name)}
          onChoose={() => onRole(ROLE[role])}
        >
          {t(`table.make.${role}`)}
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem
        icon={<BadgeCheck size={17} aria-hidden />}
        refused={member.me ? t('members.safetyMine') : null}
        onChoose={onCompare}
      >
        {t('table.safety')}
      </MenuItem>
      <MenuLine />
      <MenuItem
        danger
        icon={<UserMinus size={17} aria-hidden />}
        refused={reason(whyNotRemove(group, member), name)}
        onChoose={onRemove}
      >
        {t('table.remove')}
      </MenuItem>
    </>
  );
}
