/** What one may do with another member for oneself: write to them alone, compare, fold what they write. */
import { BadgeCheck, MessageSquare, UserRoundX, UserRoundCheck } from 'lucide-react';
import type { ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { preferencesQuery, useChangePreferences, useOpenPair } from '../queries/preferences.ts';
import { askFirst } from '../stores/confirm.ts';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import type { GroupView, MemberView } from '../../client/view.ts';

export function PersonMenu({
  member,
  group,
  trigger,
  onCompare,
}: {
  readonly member: MemberView;
  readonly group: GroupView;
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly onCompare: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const preferences = useQuery(preferencesQuery(useClient()));
  const change = useChangePreferences();
  const pair = useOpenPair((gid) => void navigate({ to: paths.group(gid) }));
  const name = nameOf(member);
  const isBlocked = preferences.data?.blocked.some(({ pid }) => pid === member.pid) === true;
  const block = (on: boolean): void => {
    void change.run({ block: { pid: member.pid, on } });
  };
  return (
    <Menu trigger={trigger} align="start">
      {!group.pair && (
        <MenuItem
          icon={<MessageSquare size={17} aria-hidden />}
          onChoose={() => void pair.run(member.pid)}
        >
          {t('members.writeAlone')}
        </MenuItem>
      )}
      <MenuItem icon={<BadgeCheck size={17} aria-hidden />} onChoose={onCompare}>
        {t('members.safety')}
      </MenuItem>
      {isBlocked ? (
        <MenuItem icon={<UserRoundCheck size={17} aria-hidden />} onChoose={() => block(false)}>
          {t('members.unblock')}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<UserRoundX size={17} aria-hidden />}
          onChoose={() =>
            askFirst({
              title: t('members.blockTitle', { name }),
              body: t('members.blockBody'),
              action: t('members.block'),
              tone: 'danger',
              run: () => block(true),
            })
          }
        >
          {t('members.block')}
        </MenuItem>
      )}
    </Menu>
  );
}
