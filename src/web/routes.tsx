/** Path to page. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  Outlet,
  useParams,
} from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { JoinArrival } from './account/JoinArrival.tsx';
import { JoinPage } from './account/JoinPage.tsx';
import { OwnRequestsPage } from './account/OwnRequestsPage.tsx';
import { StartPage } from './account/StartPage.tsx';
import { SearchPage } from './chat/SearchPage.tsx';
import { TalkPage } from './chat/TalkPage.tsx';
import { SECTION_NAMES, type SectionName } from './console/sectionNames.ts';
import { gidOfAddress, paths } from './paths.ts';
import type { Gid } from '../protocol/ids.ts';
import { AccountGate } from './shell/AccountGate.tsx';
import { CreateGroupDialog } from './shell/CreateGroupDialog.tsx';
import { HomePane } from './shell/HomePane.tsx';
import { NotFound, NotFoundHere } from './shell/NotFound.tsx';
import { Opening } from './shell/Opening.tsx';
import { Root } from './shell/Root.tsx';
import { Shell } from './shell/Shell.tsx';

/** What most visits do not need is read when it is first opened; the shell keeps it for when there is no connection. */
const DataPage = lazy(() =>
  import('./account/DataPage.tsx').then((it) => ({ default: it.DataPage })),
);
const DevicePage = lazy(() =>
  import('./account/DevicePage.tsx').then((it) => ({ default: it.DevicePage })),
);
const DevicesPage = lazy(() =>
  import('./account/DevicesPage.tsx').then((it) => ({ default: it.DevicesPage })),
);
const LockPage = lazy(() =>
  import('./account/LockPage.tsx').then((it) => ({ default: it.LockPage })),
);
const NoticesPage = lazy(() =>
  import('./account/NoticesPage.tsx').then((it) => ({ default: it.NoticesPage })),
);
const RecoveryPage = lazy(() =>
  import('./account/RecoveryPage.tsx').then((it) => ({ default: it.RecoveryPage })),
);
const RestorePage = lazy(() =>
  import('./account/RestorePage.tsx').then((it) => ({ default: it.RestorePage })),
);
const PrivacyPage = lazy(() =>
  import('./account/PrivacyPage.tsx').then((it) => ({ default: it.PrivacyPage })),
);
const Section = lazy(() =>
  import('./console/sections.tsx').then((it) => ({ default: it.Section })),
);

/** A page of one group; an address that names none is not found. Keyed, so that nothing of one group is shown in another. */
function OfGroup({
  children,
  other = <NotFound />,
}: {
  readonly children: (gid: Gid) => ReactNode;
  readonly other?: ReactNode;
}) {
  const params: Readonly<Record<string, unknown>> = useParams({ strict: false });
  const address = params['gid'];
  const gid = typeof address === 'string' ? gidOfAddress(address) : null;
  return gid === null ? other : children(gid);
}

function JoiningRoute() {
  const params: Readonly<Record<string, unknown>> = useParams({ strict: false });
  const joinId = params['joinId'];
  return typeof joinId === 'string' ? <JoinPage key={joinId} joinId={joinId} /> : <NotFound />;
}

function RestoringRoute() {
  const params: Readonly<Record<string, unknown>> = useParams({ strict: false });
  const joinId = params['joinId'];
  return <RestorePage joinId={typeof joinId === 'string' ? joinId : null} />;
}

/** Called once by page.tsx. `takeArrival` hands out the link the page was opened with, once. */
export function createRoutes(takeArrival: () => string | null) {
  const root = createRootRoute({
    component: () => (
      <Root>
        <Suspense fallback={<Opening />}>
          <Outlet />
        </Suspense>
      </Root>
    ),
    notFoundComponent: NotFound,
  });

  const at = (path: string, component: () => ReactNode) =>
    createRoute({ getParentRoute: () => root, path, component });

  const account = createRoute({
    getParentRoute: () => root,
    id: 'account',
    component: () => (
      <AccountGate start={<StartPage />}>
        <Outlet />
        <CreateGroupDialog />
      </AccountGate>
    ),
  });
  const shell = createRoute({
    getParentRoute: () => account,
    id: 'shell',
    component: () => (
      <Shell>
        <Suspense fallback={<Opening />}>
          <Outlet />
        </Suspense>
      </Shell>
    ),
  });
  const inShell = (path: string, component: () => ReactNode) =>
    createRoute({ getParentRoute: () => shell, path, component });
  const section = (name: SectionName) =>
    createRoute({
      getParentRoute: () => account,
      path: `/g/$gid/manage/${name}`,
      component: () => <OfGroup>{(gid) => <Section key={gid} gid={gid} name={name} />}</OfGroup>,
    });

  const tree = root.addChildren([
    at('/join', () => <JoinArrival takeArrival={takeArrival} />),
    at('/join/$joinId', JoiningRoute),
    at('/device', () => <DevicePage takeArrival={takeArrival} />),
    at('/privacy', () => <PrivacyPage />),
    at('/account/restore', () => <RestorePage joinId={null} />),
    at('/account/restore/$joinId', RestoringRoute),
    account.addChildren([
      shell.addChildren([
        inShell('/', HomePane),
        inShell('/requests', OwnRequestsPage),
        inShell('/search', () => <SearchPage gid={null} />),
        inShell('/g/$gid/search', () => (
          <OfGroup other={<NotFoundHere />}>{(gid) => <SearchPage key={gid} gid={gid} />}</OfGroup>
        )),
        inShell('/account/recovery', () => <RecoveryPage />),
        inShell('/account/devices', () => <DevicesPage />),
        inShell('/account/data', () => <DataPage />),
        inShell('/account/lock', () => <LockPage />),
        inShell('/account/notices', () => <NoticesPage />),
        inShell('/g/$gid', () => (
          <OfGroup other={<NotFoundHere />}>
            {(gid) => <TalkPage key={gid} gid={gid} showMembers={false} />}
          </OfGroup>
        )),
        inShell('/g/$gid/members', () => (
          <OfGroup other={<NotFoundHere />}>
            {(gid) => <TalkPage key={gid} gid={gid} showMembers />}
          </OfGroup>
        )),
      ]),
      createRoute({
        getParentRoute: () => account,
        path: '/g/$gid/manage',
        component: () => (
          <OfGroup>{(gid) => <Navigate to={paths.manageOverview(gid)} replace />}</OfGroup>
        ),
      }),
      ...SECTION_NAMES.map(section),
    ]),
  ]);
  return createRouter({ routeTree: tree, defaultPreload: false });
}
