/** Every link of the page is made here. Groups are named in the printed form of their id. */
import { fromBase64url } from '../lib/bytes.ts';
import { type Gid, idOf, printId } from '../protocol/ids.ts';

const section = (gid: Gid, name: string): string => `/g/${printId(gid)}/manage/${name}`;

export const paths = {
  home: () => '/',
  privacy: () => '/privacy',
  recovery: () => '/account/recovery',
  devices: () => '/account/devices',
  data: () => '/account/data',
  lock: () => '/account/lock',
  notices: () => '/account/notices',
  restore: () => '/account/restore',
  /** Restores an account, then goes on with an opened join link. */
  restoreThenJoin: (joinId: string) => `/account/restore/${encodeURIComponent(joinId)}`,
  /** Where a device link lands, and where its code is typed. */
  device: () => '/device',
  ownRequests: () => '/requests',
  join: () => '/join',
  joining: (joinId: string) => `/join/${encodeURIComponent(joinId)}`,
  search: () => '/search',
  groupSearch: (gid: Gid) => `/g/${printId(gid)}/search`,
  group: (gid: Gid) => `/g/${printId(gid)}`,
  groupMembers: (gid: Gid) => `/g/${printId(gid)}/members`,
  manageOverview: (gid: Gid) => section(gid, 'overview'),
  manageActivity: (gid: Gid) => section(gid, 'activity'),
  manageRequests: (gid: Gid) => section(gid, 'requests'),
  manageLinks: (gid: Gid) => section(gid, 'links'),
  manageMembers: (gid: Gid) => section(gid, 'members'),
  manageSecurity: (gid: Gid) => section(gid, 'security'),
  manageSettings: (gid: Gid) => section(gid, 'settings'),
} as const;

/** The group an address names; null where it names none. */
export function gidOfAddress(text: string): Gid | null {
  const bytes = fromBase64url(text);
  return bytes?.length === 32 ? idOf<Gid>(bytes) : null;
}
