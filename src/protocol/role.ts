/** Ranks of a member, low to high; exactly one owner. */
export const ROLE = { observer: 0, member: 1, moderator: 2, owner: 3 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];
export type RoleName = keyof typeof ROLE;

/** Who shares a session key: everyone in the group, or staff (owner and moderators). */
export const CIRCLE = { everyone: 0, staff: 1 } as const;
export type Circle = (typeof CIRCLE)[keyof typeof CIRCLE];

export function roleName(role: Role): RoleName {
  switch (role) {
    case 0:
      return 'observer';
    case 1:
      return 'member';
    case 2:
      return 'moderator';
    case 3:
      return 'owner';
  }
}

export function isStaff(role: Role): boolean {
  return role >= ROLE.moderator;
}
