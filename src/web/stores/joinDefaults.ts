/** What a new link is set to before anything is chosen, group by group; kept in this browser only. */
import type { Gid } from '../../protocol/ids.ts';

export interface JoinDefaults {
  readonly auto: boolean;
  readonly role: 0 | 1;
}

const USUAL: JoinDefaults = { auto: false, role: 1 };
const key = (gid: Gid): string => `joins/${gid}`;

export function joinDefaults(gid: Gid): JoinDefaults {
  try {
    const [auto, role] = (localStorage.getItem(key(gid)) ?? '').split(' ');
    return auto === undefined || role === undefined
      ? USUAL
      : { auto: auto === 'auto', role: role === '0' ? 0 : 1 };
  } catch {
    return USUAL;
  }
}

export function setJoinDefaults(gid: Gid, wanted: JoinDefaults): void {
  try {
    localStorage.setItem(key(gid), `${wanted.auto ? 'auto' : 'review'} ${String(wanted.role)}`);
  } catch {
    // Storage may be forbidden; the usual choice then stands.
  }
}
