/** Which requests a list shows. */
import { nameOf } from '../parts/isolate.tsx';
import type { RequestView } from '../../client/view.ts';
import type { LinkPk } from '../../protocol/ids.ts';

export interface Wanted {
  readonly state: RequestView['state'];
  readonly find: string;
  /** Only the wave that came through this link. */
  readonly wave: LinkPk | null;
}

/** Who waits longest comes first, so that new ones are added at the end. */
export function findRequests(
  requests: readonly RequestView[],
  { state, find, wave }: Wanted,
): readonly RequestView[] {
  const words = find.trim().toLocaleLowerCase();
  return requests
    .filter((request) => request.state === state)
    .filter(
      (request) => wave === null || (request.link.pk === wave && request.flags.includes('burst')),
    )
    .filter(
      (request) =>
        words === '' ||
        [nameOf(request.person), request.note, request.link.label].some((text) =>
          text.toLocaleLowerCase().includes(words),
        ),
    )
    .toSorted((one, other) => one.askedAt - other.askedAt);
}
