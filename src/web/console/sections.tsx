/** The sections of the console in one piece, which is read when somebody first runs a group. */
import type { ReactNode } from 'react';
import type { Gid } from '../../protocol/ids.ts';
import { ActivityPage } from './ActivityPage.tsx';
import { ConsolePage } from './ConsolePage.tsx';
import { LinksPage } from './LinksPage.tsx';
import { MembersPage } from './MembersPage.tsx';
import { OverviewPage } from './OverviewPage.tsx';
import { RequestsPage } from './RequestsPage.tsx';
import type { SectionName } from './sectionNames.ts';
import { SecurityPage } from './SecurityPage.tsx';
import { SettingsPage } from './SettingsPage.tsx';

const PAGES: Readonly<Record<SectionName, (gid: Gid) => ReactNode>> = {
  overview: (gid) => <OverviewPage gid={gid} />,
  activity: (gid) => <ActivityPage gid={gid} />,
  requests: (gid) => <RequestsPage gid={gid} />,
  links: (gid) => <LinksPage gid={gid} />,
  members: (gid) => <MembersPage gid={gid} />,
  security: (gid) => <SecurityPage gid={gid} />,
  settings: (gid) => <SettingsPage gid={gid} />,
};

export function Section({ gid, name }: { readonly gid: Gid; readonly name: SectionName }) {
  return (
    <ConsolePage gid={gid} section={name}>
      {PAGES[name](gid)}
    </ConsolePage>
  );
}
