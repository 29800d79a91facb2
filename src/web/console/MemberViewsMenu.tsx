/** Narrowing and ordering the members, and views kept for later on this device. */
import type { TFunction } from 'i18next';
import { Bookmark, BookmarkMinus, BookmarkPlus, ListFilter } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import {
  dropView,
  keepView,
  KEYS,
  type MemberFilter,
  ROLES,
  sameView,
  SORTS,
  USUAL_VIEW,
  useMemberViews,
} from '../stores/memberViews.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu.tsx';
import { roleName } from '../../protocol/role.ts';

export function MemberViewsMenu({
  filter,
  onFilter,
}: {
  readonly filter: MemberFilter;
  readonly onFilter: (filter: MemberFilter) => void;
}) {
  const { t } = useTranslation();
  const views = useMemberViews((state) => state.views);
  const kept = views.some((view) => sameView(view, filter));
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('table.views')}
          className={buttonClasses('plain', 'icon')}
        >
          <ListFilter size={17} aria-hidden />
        </button>
      }
    >
      {views.map((view) => (
        <MenuItem
          key={nameOfView(view, t)}
          icon={<Bookmark size={17} aria-hidden />}
          onChoose={() => onFilter(view)}
        >
          {nameOfView(view, t)}
        </MenuItem>
      ))}
      {kept ? (
        <MenuItem icon={<BookmarkMinus size={17} aria-hidden />} onChoose={() => dropView(filter)}>
          {t('table.dropView')}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<BookmarkPlus size={17} aria-hidden />}
          refused={sameView(filter, USUAL_VIEW) ? t('table.usualView') : null}
          onChoose={() => keepView(filter)}
        >
          {t('table.keepView')}
        </MenuItem>
      )}
      <MenuLine />
      <MenuChoice
        label={t('table.role')}
        value={String(filter.role)}
        choices={ROLES.map((role) => ({ value: String(role), label: roleWord(role, t) }))}
        onChoose={(value) =>
          onFilter({ ...filter, role: ROLES.find((role) => String(role) === value) ?? 'all' })
        }
      />
      <MenuChoice
        label={t('table.key')}
        value={filter.key}
        choices={KEYS.map((value) => ({ value, label: t(`table.keyChoice.${value}`) }))}
        onChoose={(key) => onFilter({ ...filter, key })}
      />
      <MenuChoice
        label={t('table.sort')}
        value={filter.sort}
        choices={SORTS.map((value) => ({ value, label: t(`table.sortChoice.${value}`) }))}
        onChoose={(sort) => onFilter({ ...filter, sort })}
      />
    </Menu>
  );
}

function roleWord(role: MemberFilter['role'], t: TFunction): string {
  return role === 'all' ? t('table.anyRole') : t(`role.${roleName(role)}`);
}

function nameOfView({ role, key, sort }: MemberFilter, t: TFunction): string {
  return [
    roleWord(role, t),
    ...(key === 'all' ? [] : [t(`table.keyChoice.${key}`)]),
    t(`table.sortChoice.${sort}`),
  ].join(' · ');
}
