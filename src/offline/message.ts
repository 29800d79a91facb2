/** What a page says to a build of the shell that waits. `which` is answered with the Build, over the port that came along. */
export type ToShell = 'which' | 'take';

/** What the shell says to a page: open this address, which a notice was about. */
export interface GoTo {
  readonly goTo: string;
}
