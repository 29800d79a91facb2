/** What a page says to a build of the shell that waits. `which` is answered with the Build, over the port that came along. */
export type ToShell = 'which' | 'take';
