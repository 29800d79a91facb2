/** How much asks for the person's attention: what the title, the badge and the list of groups agree about. */
import type { GroupSummary } from '../client/view.ts';

/** Unread messages that may make themselves heard; a group that speaks only when one is named counts as one. */
export function attentionOf(group: GroupSummary): number {
  if (group.standing === 'invited') return 1;
  if (group.standing !== 'member') return 0;
  if (group.loudness === 'all') return group.unread;
  return group.loudness === 'mentions' && group.mentioned ? 1 : 0;
}

export function attention(groups: readonly GroupSummary[]): number {
  return groups.reduce((sum, group) => sum + attentionOf(group), 0);
}
