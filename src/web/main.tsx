/** Starts the page: words, engine behind the worker, news into the cache, then the first draw. */
import { takeArrival } from './arrival.ts';
import './style.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Client } from '../client/client.ts';
import { present } from '../lib/assert.ts';
import { startClient } from './client.ts';
import { followClient } from './live.ts';
import { missingInBrowser } from './missingInBrowser.ts';
import { ConfirmHost } from './parts/ConfirmHost.tsx';
import { ToastHost } from './parts/ToastHost.tsx';
import { ClientContext } from './queries/clientContext.ts';
import { createRoutes } from './routes.tsx';
import { Unfit } from './shell/Unfit.tsx';
import { followSystemTheme } from './stores/theme.ts';
import { startText } from './text/i18n.ts';

const root = createRoot(present(document.getElementById('root'), 'index.html has a root'));
startText();
followSystemTheme();

const missing = missingInBrowser();
if (missing !== null) root.render(<Unfit missing={missing} />);
else open();

function open(): void {
  let client: Client;
  try {
    client = startClient();
  } catch {
    root.render(<Unfit missing="Worker" />);
    return;
  }
  start(client);
}

function start(client: Client): void {
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
    },
  });
  followClient(client, cache);
  const router = createRoutes(takeArrival);
  root.render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={cache}>
          <ClientContext value={client}>
            <Tooltip.Provider>
              <RouterProvider router={router} />
              <ConfirmHost />
              <ToastHost />
            </Tooltip.Provider>
          </ClientContext>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}
