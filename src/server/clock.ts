/** The server's clock, ms since 1970. It comes in through here so that tests can set it. */
export type Clock = () => number;

export const systemClock: Clock = () => new Date().getTime();
