/**
 * The first script of the page: takes a join or device link out of the address before anything else can see or keep it.
 * Imported first by main.ts; whoever takes the link gets it once.
 */
const LANDING = /^(\/join|\/device)\/?$/;

function fromAddress(): string | null {
  const { pathname, hash } = window.location;
  const landing = LANDING.exec(pathname)?.[1];
  if (landing === undefined || hash.length < 2) return null;
  window.history.replaceState(window.history.state, '', landing);
  return hash;
}

let arrived = fromAddress();

/** For a page that has to be loaded anew: a link that nobody took goes back into the address. */
export function putBack(): void {
  if (arrived === null) return;
  window.history.replaceState(window.history.state, '', window.location.pathname + arrived);
  arrived = null;
}

/** The link the page was opened with, once; null when there is none. */
export function takeArrival(): string | null {
  const link = arrived ?? fromAddress();
  arrived = null;
  return link;
}
