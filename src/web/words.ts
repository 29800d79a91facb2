/** Passphrases made of words drawn at random, for who wants one suggested. Loaded when somebody asks. */

/** Words of the BIP-39 list: 11 bits each. */
export async function suggestWords(count: number): Promise<string> {
  const { wordlist } = await import('@scure/bip39/wordlists/english.js');
  return Array.from(
    crypto.getRandomValues(new Uint16Array(count)),
    (drawn) => wordlist[drawn % wordlist.length],
  ).join(' ');
}
