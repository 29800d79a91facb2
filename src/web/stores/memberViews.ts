/** How the list of members is narrowed and ordered, and views kept for later on this device. Settings only, never a name or a search. */
import { create } from 'zustand';
import { ROLE, type Role } from '../../protocol/role.ts';

export interface MemberFilter {
  readonly role: Role | 'all';
  readonly key: 'all' | 'has' | 'hasNot';
  readonly sort: (typeof SORTS)[number];
}

export const SORTS = ['role', 'name', 'joined', 'key'] as const;
export const KEYS = ['all', 'has', 'hasNot'] as const;
export const ROLES: readonly (Role | 'all')[] = [
  'all',
  ROLE.owner,
  ROLE.moderator,
  ROLE.member,
  ROLE.observer,
];
export const USUAL_VIEW: MemberFilter = { role: 'all', key: 'all', sort: 'role' };

const KEY = 'memberViews';
const VIEWS_MAX = 8;

function valid(found: unknown): found is MemberFilter {
  if (typeof found !== 'object' || found === null) return false;
  const { role, key, sort } = found as Readonly<Record<string, unknown>>;
  return (
    (ROLES as readonly unknown[]).includes(role) &&
    (KEYS as readonly unknown[]).includes(key) &&
    (SORTS as readonly unknown[]).includes(sort)
  );
}

function stored(): readonly MemberFilter[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(found) ? found.filter(valid).slice(0, VIEWS_MAX) : [];
  } catch {
    return [];
  }
}

export const sameView = (one: MemberFilter, other: MemberFilter): boolean =>
  one.role === other.role && one.key === other.key && one.sort === other.sort;

interface Views {
  readonly views: readonly MemberFilter[];
}

let read = false;

export const useMemberViews = create<Views>(() => ({ views: [] }));

/** Called when the list is shown first: a page without storage has none. */
export function readViews(): void {
  if (read) return;
  read = true;
  useMemberViews.setState({ views: stored() });
}

function keep(views: readonly MemberFilter[]): void {
  useMemberViews.setState({ views });
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // Storage may be forbidden; the views then last until the page closes.
  }
}

export function keepView(view: MemberFilter): void {
  const { views } = useMemberViews.getState();
  if (!views.some((other) => sameView(view, other))) keep([...views, view].slice(-VIEWS_MAX));
}

export function dropView(view: MemberFilter): void {
  keep(useMemberViews.getState().views.filter((other) => !sameView(view, other)));
}
