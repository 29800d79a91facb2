/** Taking an act of the log back: a new act, with the same question before it, where things still stand as it left them. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ActView, GroupView } from '../../client/view.ts';
import { ROLE, roleName } from '../../protocol/role.ts';
import { whyNotLinks, whyNotSetRole, whyNotUnban } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { linksQuery } from '../queries/links.ts';
import { useStartTask } from '../queries/tasks.ts';
import { askFirst } from '../stores/confirm.ts';
import { linkName } from './actDetails.ts';
import { useReason } from './useReason.ts';

export interface Undo {
  readonly short: string;
  /** With the name of whom or what it is about. */
  readonly label: string;
  readonly refused: string | null;
  readonly run: () => void;
}

export function useUndo(group: GroupView): (act: ActView) => Undo | null {
  const { t } = useTranslation();
  const reason = useReason();
  const links = useQuery(linksQuery(useClient(), group.gid));
  const start = useStartTask(group.gid);

  const ask = (title: string, body: string, action: string, run: () => void): void =>
    askFirst({ title, body, action, tone: 'plain', run });

  return (act) => {
    for (const line of act.lines) {
      if (line.what === 'removed' && line.banned) {
        const [who] = line.who.filter((one) =>
          group.banned.some((banned) => banned.pid === one.pid),
        );
        if (who === undefined) continue;
        const name = nameOf(who);
        return {
          short: t('activity.unblock'),
          label: t('activity.unblockNamed', { name }),
          refused: reason(whyNotUnban(group)),
          run: () =>
            ask(
              t('activity.unblockTitle', { name }),
              t('activity.unblockBody', { name }),
              t('activity.unblock'),
              () => void start.run({ act: { kind: 'unban', people: [who.pid] } }),
            ),
        };
      }
      if (line.what === 'role') {
        const member = group.members.find((one) => one.pid === line.who.pid);
        const { before } = line;
        if (member?.role !== line.role || member.me || before === ROLE.owner) continue;
        const back = roleName(before);
        const name = nameOf(member);
        const why = whyNotSetRole(group, member, line.before);
        return {
          short: t('activity.back'),
          label: t('activity.backNamed', { name, role: t(`role.${back}`) }),
          refused: reason(why, name),
          run: () =>
            ask(
              t('activity.backTitle', { name, role: t(`chat.roleIn.${back}`) }),
              t('activity.backBody'),
              t('activity.back'),
              () => void start.run({ act: { kind: 'role', people: [member.pid], role: before } }),
            ),
        };
      }
      if (line.what === 'linkPaused') {
        const paused = links.data?.find((one) => one.pk === line.link.pk)?.state === 'paused';
        if (!paused) continue;
        const label = linkName(line.link, t);
        return {
          short: t('activity.resume'),
          label: t('activity.resumeNamed', { label }),
          refused: reason(whyNotLinks(group)),
          run: () =>
            ask(
              t('activity.resumeTitle', { label }),
              t('activity.resumeBody'),
              t('activity.resume'),
              () =>
                void start.run({ act: { kind: 'pause', links: [line.link.pk], paused: false } }),
            ),
        };
      }
    }
    return null;
  };
}
