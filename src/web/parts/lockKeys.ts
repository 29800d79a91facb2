/** The keys that lock, as they are written on the person's keyboard. */
export function lockKeys(): string {
  return /Mac|iPhone|iPad/u.test(navigator.userAgent) ? '⌘ ⇧ L' : 'Ctrl Shift L';
}
