/**
 * Starts the page: takes the link out of the address, begins the engine, and reads the rest while the engine opens. In parts,
 * each evaluated in a task of its own: all at once would keep the page's thread for longer than an answer may take.
 */
import { putBack } from './arrival.ts';
import './style.css';
import { startClient } from './client.ts';
import { nextTask } from './nextTask.ts';
import type { openPage } from './page.tsx';
import { showUnread } from './unread.ts';

const engine = startClient();
/** In the order in which they need each other. */
const PARTS: readonly (() => Promise<unknown>)[] = [
  () => import('react-dom/client'),
  () => import('./ui/Menu.tsx'),
  () => import('./chat/Markdown.tsx'),
  () => import('./shell/Shell.tsx'),
  () => import('./chat/TalkPage.tsx'),
];

read().then(
  (open) => open(engine),
  () => {
    // A part is missing, as where the server is given another build just now: nothing goes on behind a page that is not there.
    if (typeof engine !== 'string') engine.end();
    putBack();
    showUnread();
  },
);

async function read(): Promise<typeof openPage> {
  const { startText } = await import('./text/i18n.ts');
  startText();
  for (const part of PARTS) {
    await nextTask();
    await part();
  }
  await nextTask();
  const page = await import('./page.tsx');
  await nextTask();
  return page.openPage;
}
