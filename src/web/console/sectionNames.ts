/** The sections of the console, as they stand in addresses. */
export const SECTION_NAMES = [
  'overview',
  'activity',
  'requests',
  'links',
  'members',
  'security',
  'settings',
] as const;
export type SectionName = (typeof SECTION_NAMES)[number];
