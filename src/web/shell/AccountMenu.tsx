/** At the foot of the groups: who one is, one's requests, appearance. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, Eye, Inbox, Link2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { accountQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { setTheme, THEMES, useTheme } from '../stores/theme.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu.tsx';

const THEME_TEXT = {
  system: 'shell.themeSystem',
  light: 'shell.themeLight',
  dark: 'shell.themeDark',
} as const;

export function AccountMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const account = useQuery(accountQuery(useClient()));
  const theme = useTheme((state) => state.theme);
  const go = (to: string): void => void navigate({ to });
  if (account.data === undefined || account.data === null) return null;
  const { name, pid } = account.data;
  return (
    <div className="p-2 pb-[max(0.5rem,env(safe-area-inset-bottom))]">
      <Menu
        side="top"
        align="start"
        trigger={
          <button
            type="button"
            aria-label={t('shell.account', { name })}
            className="flex w-full items-center gap-3 rounded-md px-3 py-2 text-start hover:bg-hover data-[popup-open]:bg-hover"
          >
            <Avatar id={pid} name={name} />
            <bdi className="clip flex-1 font-[580]">{name}</bdi>
            <ChevronsUpDown size={16} aria-hidden className="text-ink-3" />
          </button>
        }
      >
        <MenuItem icon={<Inbox size={17} aria-hidden />} onChoose={() => go(paths.ownRequests())}>
          {t('shell.ownRequests')}
        </MenuItem>
        <MenuItem icon={<Link2 size={17} aria-hidden />} onChoose={() => go(paths.join())}>
          {t('shell.openLink')}
        </MenuItem>
        <MenuItem icon={<Eye size={17} aria-hidden />} onChoose={() => go(paths.honesty())}>
          {t('shell.server')}
        </MenuItem>
        <MenuLine />
        <MenuChoice
          label={t('shell.theme')}
          value={theme}
          choices={THEMES.map((value) => ({ value, label: t(THEME_TEXT[value]) }))}
          onChoose={setTheme}
        />
      </Menu>
    </div>
  );
}
