/** Which build this code is of. The build puts its own values in place of this file (vite.config.ts); the sources are of none. */
export interface Build {
  readonly version: string;
  /** The same for the same sources; another one means that page, worker and stored shell may not fit. */
  readonly id: string;
}

export const BUILD: Build = { version: '0.0.0', id: 'sources' };
