/** In place of the page, where a part of it could not be read. Without React and without the words of other languages: they may be what is missing. */
import { present } from '../lib/assert.ts';

export function showUnread(): void {
  const said = document.createElement('p');
  said.textContent = 'Conclave could not be loaded. Nothing of yours is lost.';
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = 'Load again';
  again.className = 'h-9 rounded-md bg-accent px-4 font-[550] text-accent-ink touch:h-11';
  again.addEventListener('click', () => window.location.reload());
  const page = document.createElement('main');
  page.lang = 'en';
  page.dir = 'ltr';
  page.className =
    'flex h-full flex-col items-center justify-center gap-4 p-6 text-center text-balance';
  page.append(said, again);
  present(document.getElementById('root'), 'index.html has a root').replaceChildren(page);
}
