/** Which requests a list shows, and where j and k lead in it. */
import { nameOf } from '../parts/isolate.tsx';
import type { RequestView } from '../../client/view.ts';
import type { Hash } from '../../protocol/ids.ts';

export function findRequests(
  requests: readonly RequestView[],
  state: RequestView['state'],
  find: string,
): readonly RequestView[] {
  const wanted = find.trim().toLocaleLowerCase();
  return requests
    .filter((request) => request.state === state)
    .filter((request) =>
      [nameOf(request.person), request.note, request.link.label].some((text) =>
        text.toLocaleLowerCase().includes(wanted),
      ),
    )
    .toSorted((one, other) => one.askedAt - other.askedAt);
}

/** The neighbour of the chosen request; the first where none is chosen, the same at the ends. */
export function neighbour(
  shown: readonly RequestView[],
  chosen: Hash | null,
  step: 1 | -1,
): Hash | null {
  const from = shown.findIndex((request) => request.hash === chosen);
  if (from < 0) return shown[0]?.hash ?? null;
  return (shown[from + step] ?? shown[from])?.hash ?? null;
}
