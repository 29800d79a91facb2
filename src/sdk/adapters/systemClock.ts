/** The clock of the machine. */
import type { Clock } from '../../engine/ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, job) {
    const timer = setTimeout(job, ms);
    return () => clearTimeout(timer);
  },
};
