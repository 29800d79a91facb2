/** At the foot of the groups: who one is, one's requests, the account, appearance, logging out. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  Bell,
  ChevronsUpDown,
  Contact,
  Eye,
  FolderDown,
  Inbox,
  KeyRound,
  Link2,
  LockKeyhole,
  LockKeyholeOpen,
  LogOut,
  MonitorSmartphone,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lockKeys } from '../parts/lockKeys.ts';
import { paths } from '../paths.ts';
import { accountQuery, recoveryQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { lockQuery, useLockNow } from '../queries/lock.ts';
import { setLanguage, useLanguage } from '../stores/language.ts';
import { setTheme, THEMES, useTheme } from '../stores/theme.ts';
import { type Language, LANGUAGES } from '../text/languages.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/Menu.tsx';
import { ContactDialog } from './ContactDialog.tsx';
import { LogOutDialog } from './LogOutDialog.tsx';

const THEME_TEXT = {
  system: 'shell.themeSystem',
  light: 'shell.themeLight',
  dark: 'shell.themeDark',
} as const;

const LANGUAGE_NAMES = Object.entries(LANGUAGES) as [Language, (typeof LANGUAGES)[Language]][];

export function AccountMenu() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useClient();
  const account = useQuery(accountQuery(client));
  const recovery = useQuery({
    ...recoveryQuery(client),
    enabled: account.data !== undefined && account.data !== null,
  });
  const unsaved = recovery.isSuccess && recovery.data.state !== 'proved';
  const lock = useQuery(lockQuery(client));
  const isLockSet = (lock.data?.slots.length ?? 0) > 0;
  const lockNow = useLockNow();
  const theme = useTheme((state) => state.theme);
  const language = useLanguage((state) => state.choice);
  const [leaving, setLeaving] = useState(false);
  const [contact, setContact] = useState(false);
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
        <MenuItem icon={<Contact size={17} aria-hidden />} onChoose={() => setContact(true)}>
          {t('contact.menu')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<KeyRound size={17} aria-hidden />} onChoose={() => go(paths.recovery())}>
          {t('shell.recovery')}
        </MenuItem>
        <MenuItem
          icon={<MonitorSmartphone size={17} aria-hidden />}
          onChoose={() => go(paths.devices())}
        >
          {t('shell.devices')}
        </MenuItem>
        <MenuItem
          icon={<LockKeyholeOpen size={17} aria-hidden />}
          onChoose={() => go(paths.lock())}
        >
          {t('shell.lock')}
        </MenuItem>
        <MenuItem icon={<Bell size={17} aria-hidden />} onChoose={() => go(paths.notices())}>
          {t('shell.notices')}
        </MenuItem>
        <MenuItem icon={<FolderDown size={17} aria-hidden />} onChoose={() => go(paths.data())}>
          {t('shell.data')}
        </MenuItem>
        <MenuItem icon={<Eye size={17} aria-hidden />} onChoose={() => go(paths.privacy())}>
          {t('shell.privacy')}
        </MenuItem>
        <MenuLine />
        <MenuChoice
          label={t('shell.theme')}
          value={theme}
          choices={THEMES.map((value) => ({ value, label: t(THEME_TEXT[value]) }))}
          onChoose={setTheme}
        />
        <MenuChoice
          label={t('shell.language')}
          value={language}
          choices={[
            { value: 'system', label: t('shell.themeSystem') },
            ...LANGUAGE_NAMES.map(([value, { name: own }]) => ({ value, label: own })),
          ]}
          onChoose={setLanguage}
        />
        <MenuLine />
        {isLockSet && (
          <MenuItem
            icon={<LockKeyhole size={17} aria-hidden />}
            onChoose={() => void lockNow.run()}
          >
            {t('shell.lockNow')}
            <kbd className="ms-3 font-sans text-tiny text-ink-3">{lockKeys()}</kbd>
          </MenuItem>
        )}
        <MenuItem danger icon={<LogOut size={17} aria-hidden />} onChoose={() => setLeaving(true)}>
          {t('shell.logOut')}
        </MenuItem>
      </Menu>
      {unsaved && (
        <Link
          to={paths.recovery()}
          className="mx-3 block rounded-sm ps-[46px] pb-1 text-tiny text-ink-2 underline-offset-4 hover:text-ink hover:underline touch:py-2"
        >
          {t('shell.notSaved')}
        </Link>
      )}
      <ContactDialog pid={pid} open={contact} onClose={() => setContact(false)} />
      <LogOutDialog open={leaving} onClose={() => setLeaving(false)} name={name} />
    </div>
  );
}
