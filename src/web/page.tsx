/** The page over its engine: words, news into the cache, then the first draw. Read by main.ts. */
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { takeArrival } from './arrival.ts';
import type { LockView } from '../client/view.ts';
import { present } from '../lib/assert.ts';
import type { LastingClient } from '../worker/lasting.ts';
import { startClient } from './client.ts';
import { followClient } from './live.ts';
import type { Missing } from './missingInBrowser.ts';
import { nextTask } from './nextTask.ts';
import { followNotices } from './notices.ts';
import { keepShell } from './newBuild.ts';
import { ConfirmHost } from './parts/ConfirmHost.tsx';
import { ToastHost } from './parts/ToastHost.tsx';
import { ClientContext } from './queries/clientContext.ts';
import { lockQuery } from './queries/lock.ts';
import { createRoutes } from './routes.tsx';
import { Direction } from './shell/Direction.tsx';
import { LockGate } from './shell/LockGate.tsx';
import { Unfit } from './shell/Unfit.tsx';
import { forgetStores } from './stores/forget.ts';
import { followSystemLanguage } from './stores/language.ts';
import { followSystemTheme } from './stores/theme.ts';
import { i18n } from './text/i18n.ts';

/** Called once by main.ts, after `startText`. */
export async function openPage(engine: LastingClient | Missing): Promise<void> {
  followSystemTheme();
  // Words first: nothing is drawn in one language and then in another.
  await followSystemLanguage();
  await nextTask();
  open(engine, null);
  await nextTask();
  await keepShell();
}

/** `lock`: how the device is known to be locked already; null at the start. */
function open(engine: LastingClient | Missing, lock: LockView | null): void {
  const root = createRoot(present(document.getElementById('root'), 'index.html has a root'));
  if (typeof engine === 'string') root.render(<Unfit missing={engine} />);
  else start(root, engine, lock);
}

function start(root: Root, { client, end }: LastingClient, lock: LockView | null): void {
  const cache = new QueryClient({
    defaultOptions: {
      // News keeps the cache true; a refused question is asked again by the person, not by a timer.
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        retry: false,
        networkMode: 'always',
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      // What was asked for is not kept once it is answered: it may be a message, a name, a code.
      mutations: { gcTime: 0 },
    },
  });
  if (lock !== null) {
    const { queryKey } = lockQuery(client);
    cache.setQueryData(queryKey, { ...lock, locked: true });
    // Shown at once, and asked again: what opens it may be new.
    void cache.invalidateQueries({ queryKey, refetchType: 'none' });
  }
  const router = createRoutes(takeArrival);
  const unfollow = [
    followClient(client, cache),
    followNotices(client, (to) => void router.navigate({ to })),
  ];
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <Direction>
          <QueryClientProvider client={cache}>
            <ClientContext value={client}>
              <Tooltip.Provider>
                <LockGate>
                  <RouterProvider router={router} />
                  <ConfirmHost />
                </LockGate>
                <ToastHost />
              </Tooltip.Provider>
            </ClientContext>
          </QueryClientProvider>
        </Direction>
      </CSPProvider>
    </StrictMode>,
  );

  const isOpen = (): boolean => cache.getQueryData(lockQuery(client).queryKey)?.locked === false;
  const unlisten = client.listen((event) => {
    if (!isOpen()) return;
    if (event.kind === 'locked')
      shut(present(cache.getQueryData(lockQuery(client).queryKey), 'open'));
    // Nobody unlocked a worker that took the place of one that ended.
    if (event.kind === 'resumed')
      void client.lock().then(
        (now) => {
          if (now.locked) shut(now);
        },
        () => undefined,
      );
  });
  const shut = (known: LockView): void => {
    // Something of the account may be anywhere in this page: all of it goes, and the worker with its memory.
    unlisten();
    for (const undo of unfollow) undo();
    end();
    root.unmount();
    router.history.destroy();
    document.title = i18n.t('app.name');
    // Calls that were cut off have said so by then, and nobody needs to hear it.
    setTimeout(() => {
      cache.clear();
      forgetStores();
      open(startClient(), known);
    }, 0);
  };
}
