import { useTranslation } from 'react-i18next';
import { Chip } from '../ui/Chip.tsx';
import { ROLE, type Role, roleName } from '../../protocol/role.ts';

/** A plain member carries no chip where `quiet`: most people are members. */
export function RoleChip({
  role,
  quiet = false,
}: {
  readonly role: Role;
  readonly quiet?: boolean;
}) {
  const { t } = useTranslation();
  if (quiet && role === ROLE.member) return null;
  return <Chip tone={role === ROLE.owner ? 'accent' : 'plain'}>{t(`role.${roleName(role)}`)}</Chip>;
}
