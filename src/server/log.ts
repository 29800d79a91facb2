/** The server's diary: ids shortened, kinds, counts and milliseconds; never bodies, names or addresses. */
import { destination, pino } from 'pino';
import type { LogLevel } from './config.ts';

type Said = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  readonly debug: (what: string, said?: Said) => void;
  readonly info: (what: string, said?: Said) => void;
  readonly warn: (what: string, said?: Said) => void;
  readonly error: (what: string, said?: Said) => void;
}

/** Enough of an id to follow it through a log. */
export function short(id: string): string {
  return id.slice(0, 8);
}

/** The kind of a thrown thing: its message may repeat foreign input, so it stays out of the log. */
export function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** Writes to stderr: stdout carries the one line that says where the server listens. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, base: null }, destination({ dest: 2, sync: true }));
  return {
    debug: (what, said = {}) => logger.debug(said, what),
    info: (what, said = {}) => logger.info(said, what),
    warn: (what, said = {}) => logger.warn(said, what),
    error: (what, said = {}) => logger.error(said, what),
  };
}
