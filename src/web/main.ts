/**
 * Starts the page: takes the link out of the address, begins the engine, and reads the rest while the engine opens. In parts,
 * each evaluated in a task of its own: all at once would keep the page's thread for longer than an answer may take.
 */
import './arrival.ts';
import './style.css';
import { startClient } from './client.ts';

const engine = startClient();
void read();

async function read(): Promise<void> {
  const { startText } = await import('./text/i18n.ts');
  startText();
  await nextTask();
  for (const part of [() => import('react-dom/client'), () => import('./chat/TalkPage.tsx')]) {
    await part();
    await nextTask();
  }
  const { openPage } = await import('./page.tsx');
  await nextTask();
  await openPage(engine);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}
