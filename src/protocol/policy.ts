/** Policy bits of a group; all others must be zero. */
export const POLICY = {
  strictPending: 1,
  shareableDefault: 2,
  modsEditProfile: 4,
  modsManageLinks: 8,
  announcements: 16,
} as const;
export type PolicyName = keyof typeof POLICY;

export const POLICY_MASK = 0b11111;
export const POLICY_DEFAULT = POLICY.modsEditProfile | POLICY.modsManageLinks;

export function hasPolicy(bits: number, name: PolicyName): boolean {
  return (bits & POLICY[name]) !== 0;
}
