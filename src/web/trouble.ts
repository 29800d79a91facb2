/** Why the engine ended, as the page tells it apart. The reason is a name of ours, or the name or the words of a browser's error. */

/** Keys of the texts under broken.stopped. */
export type Trouble = 'ended' | 'full' | 'cleared' | 'otherBuild' | 'noStorage' | 'noWebAssembly';

/** Why this page ends where another tab's engine found its store gone. */
export const CLEARED: Trouble = 'cleared';

/** Why this page ends where another tab's engine is of another build. */
export const OTHER_BUILD: Trouble = 'otherBuild';

/** The first that matches is told; browsers say the same thing in different words. */
const SIGNS: readonly (readonly [Trouble, RegExp])[] = [
  ['otherBuild', /^otherBuild$/],
  ['full', /quota|full disk|disk (is )?full|no space/i],
  // The database went away while it was open.
  [
    'cleared',
    /^cleared$|InvalidStateError|NotFoundError|connection (is clos|to .*lost)|object stores? was not found|database .*(deleted|destroyed)/i,
  ],
  ['noWebAssembly', /WebAssembly|wasm/i],
  // It could not be opened at all.
  [
    'noStorage',
    /SecurityError|UnknownError|indexedDB|(operation|access).*(insecure|denied)|mutation operation|backing store/i,
  ],
];

export function troubleOf(reason: string): Trouble {
  return SIGNS.find(([, words]) => words.test(reason))?.[0] ?? 'ended';
}
