/** Path to page. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  Outlet,
  useParams,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { DataPage } from './account/DataPage.tsx';
import { DevicePage } from './account/DevicePage.tsx';
import { DevicesPage } from './account/DevicesPage.tsx';
import { JoinArrival } from './account/JoinArrival.tsx';
import { JoinPage } from './account/JoinPage.tsx';
import { LockPage } from './account/LockPage.tsx';
import { NoticesPage } from './account/NoticesPage.tsx';
import { OwnRequestsPage } from './account/OwnRequestsPage.tsx';
import { PrivacyPage } from './account/PrivacyPage.tsx';
import { RecoveryPage } from './account/RecoveryPage.tsx';
import { RestorePage } from './account/RestorePage.tsx';
import { StartPage } from './account/StartPage.tsx';
import { SearchPage } from './chat/SearchPage.tsx';
import { TalkPage } from './chat/TalkPage.tsx';
import { ActivityPage } from './console/ActivityPage.tsx';
import { ConsolePage } from './console/ConsolePage.tsx';
import { LinksPage } from './console/LinksPage.tsx';
import { MembersPage } from './console/MembersPage.tsx';
import { OverviewPage } from './console/OverviewPage.tsx';
import { RequestsPage } from './console/RequestsPage.tsx';
import { SecurityPage } from './console/SecurityPage.tsx';
import { SettingsPage } from './console/SettingsPage.tsx';
import { gidOfAddress, paths } from './paths.ts';
import type { Gid } from '../protocol/ids.ts';
import { AccountGate } from './shell/AccountGate.tsx';
import { CreateGroupDialog } from './shell/CreateGroupDialog.tsx';
import { HomePane } from './shell/HomePane.tsx';
import { NotFound, NotFoundHere } from './shell/NotFound.tsx';
import { Root } from './shell/Root.tsx';
import { Shell } from './shell/Shell.tsx';

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

/** Called once by main.tsx. `takeArrival` hands out the link the page was opened with, once. */
export function createRoutes(takeArrival: () => string | null) {
  const root = createRootRoute({
    component: () => (
      <Root>
        <Outlet />
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
        <Outlet />
      </Shell>
    ),
  });
  const inShell = (path: string, component: () => ReactNode) =>
    createRoute({ getParentRoute: () => shell, path, component });
  const section = (name: string, page: (gid: Gid) => ReactNode) =>
    createRoute({
      getParentRoute: () => account,
      path: `/g/$gid/manage/${name}`,
      component: () => (
        <OfGroup>
          {(gid) => (
            <ConsolePage key={gid} gid={gid} section={name}>
              {page(gid)}
            </ConsolePage>
          )}
        </OfGroup>
      ),
    });

  const tree = root.addChildren([
    at('/join', () => <JoinArrival takeArrival={takeArrival} />),
    at('/join/$joinId', JoiningRoute),
    at('/device', () => <DevicePage takeArrival={takeArrival} />),
    at('/privacy', PrivacyPage),
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
        inShell('/account/recovery', RecoveryPage),
        inShell('/account/devices', DevicesPage),
        inShell('/account/data', DataPage),
        inShell('/account/lock', LockPage),
        inShell('/account/notices', NoticesPage),
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
      section('overview', (gid) => <OverviewPage gid={gid} />),
      section('activity', (gid) => <ActivityPage gid={gid} />),
      section('requests', (gid) => <RequestsPage gid={gid} />),
      section('links', (gid) => <LinksPage gid={gid} />),
      section('members', (gid) => <MembersPage gid={gid} />),
      section('security', (gid) => <SecurityPage gid={gid} />),
      section('settings', (gid) => <SettingsPage gid={gid} />),
    ]),
  ]);
  return createRouter({ routeTree: tree, defaultPreload: false });
}
