/** Which links a list shows, and in which order: those that work first, the newest before the others. */
import type { LinkState, LinkView } from '../../client/view.ts';
import type { Pid } from '../../protocol/ids.ts';

export interface LinkFilter {
  readonly state: LinkState | 'all';
  readonly maker: Pid | 'all';
}

export const works = (link: LinkView): boolean => link.state === 'live' || link.state === 'paused';

export function findLinks(
  links: readonly LinkView[],
  { state, maker }: LinkFilter,
): readonly LinkView[] {
  return links
    .filter((link) => state === 'all' || link.state === state)
    .filter((link) => maker === 'all' || link.maker.pid === maker)
    .toSorted(
      (one, other) => Number(works(other)) - Number(works(one)) || other.madeAt - one.madeAt,
    );
}
