/** A line of the group's log in words; names are marked for Isolated. */
import type { TFunction } from 'i18next';
import { never } from '../../lib/assert.ts';
import type { GroupView, LogLine, PersonView } from '../../client/view.ts';
import { roleName } from '../../protocol/role.ts';
import { together } from '../text/when.ts';
import { isolate, nameOf } from './isolate.tsx';

/** Names arrive after the line they stand in; the list of members has the newest. */
export function knownAs(person: PersonView, group: Pick<GroupView, 'members'>): PersonView {
  if (person.name !== null) return person;
  return group.members.find((member) => member.pid === person.pid) ?? person;
}

export function logText(
  line: LogLine,
  by: PersonView,
  group: Pick<GroupView, 'members'>,
  t: TFunction,
): string {
  const one = (person: PersonView): string => isolate(nameOf(knownAs(person, group)));
  const names = (people: readonly PersonView[]): string => together(people.map(one));
  const actor = one(by);
  switch (line.what) {
    case 'created':
      return t('chat.log.created', { actor });
    case 'started':
      return line.added.length === 0
        ? t('chat.log.startedAlone', { actor })
        : t('chat.log.started', { actor, who: names(line.added) });
    case 'added':
      return line.via === 'link'
        ? t('chat.log.addedLink', { actor, who: names(line.who) })
        : t('chat.log.addedDirect', { actor, who: names(line.who) });
    case 'removed':
      return line.banned
        ? t('chat.log.banned', { actor, who: names(line.who) })
        : t('chat.log.removed', { actor, who: names(line.who) });
    case 'role':
      return t('chat.log.role', {
        actor,
        who: one(line.who),
        role: t(`chat.roleIn.${roleName(line.role)}`),
      });
    case 'unbanned':
      return t('chat.log.unbanned', { actor, who: names(line.who) });
    case 'left':
      return line.note === null
        ? t('chat.log.left', { actor })
        : t('chat.log.leftNote', { actor, note: isolate(line.note) });
    case 'rotated':
      return t('chat.log.rotated');
    case 'renamed':
      return line.name === null
        ? t('chat.log.info', { actor })
        : t('chat.log.renamed', { actor, name: isolate(line.name) });
    case 'info':
      return t('chat.log.info', { actor });
    case 'policy':
      return t('chat.log.policy', { actor });
    case 'linkPaused':
      return t('chat.log.linkPaused', { actor });
    case 'linkResumed':
      return t('chat.log.linkResumed', { actor });
    case 'linkCreated':
      return t('chat.log.linkCreated', { actor });
    case 'linkChanged':
      return t('chat.log.linkChanged', { actor });
    case 'linkRevoked':
      return t('chat.log.linkRevoked', { actor, count: line.links.length });
    case 'card':
      return t('chat.log.card', { actor });
    case 'owner':
      return t('chat.log.owner', { actor, who: one(line.who) });
    case 'closed':
      return t('chat.log.closed', { actor });
    default:
      return never(line);
  }
}
