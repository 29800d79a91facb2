/** The files of this build by address, each with its SHA-256 in hex. The build lists them in place of this file (vite.config.ts). */
export const FILES: Readonly<Record<string, string>> = {};
