/** Addresses a message may lead to. */

/** Whether an address leads to the web and nowhere else. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\//iu.test(address) && URL.canParse(address);
}

/** Throws for what is none. */
export function hostOf(address: string): string {
  return new URL(address).host;
}
