import { describe, expect, it } from 'vitest';
import type { Gid } from '../protocol/ids.ts';
import { gidOfAddress, paths } from './paths.ts';

const gid = 'ab'.repeat(32) as Gid;
const printed = 'q6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s';

describe('the links of the page', () => {
  it('are these', () => {
    const all = {
      home: paths.home(),
      privacy: paths.privacy(),
      recovery: paths.recovery(),
      devices: paths.devices(),
      data: paths.data(),
      lock: paths.lock(),
      notices: paths.notices(),
      restore: paths.restore(),
      restoreThenJoin: paths.restoreThenJoin('a/b'),
      device: paths.device(),
      ownRequests: paths.ownRequests(),
      join: paths.join(),
      joining: paths.joining('a/b'),
      search: paths.search(),
      groupSearch: paths.groupSearch(gid),
      group: paths.group(gid),
      groupMembers: paths.groupMembers(gid),
      manageOverview: paths.manageOverview(gid),
      manageActivity: paths.manageActivity(gid),
      manageRequests: paths.manageRequests(gid),
      manageLinks: paths.manageLinks(gid),
      manageMembers: paths.manageMembers(gid),
      manageSecurity: paths.manageSecurity(gid),
      manageSettings: paths.manageSettings(gid),
    };
    expect(Object.keys(all)).toEqual(Object.keys(paths));
    expect(all).toEqual({
      home: '/',
      privacy: '/privacy',
      recovery: '/account/recovery',
      devices: '/account/devices',
      data: '/account/data',
      lock: '/account/lock',
      notices: '/account/notices',
      restore: '/account/restore',
      restoreThenJoin: '/account/restore/a%2Fb',
      device: '/device',
      ownRequests: '/requests',
      join: '/join',
      joining: '/join/a%2Fb',
      search: '/search',
      groupSearch: `/g/${printed}/search`,
      group: `/g/${printed}`,
      groupMembers: `/g/${printed}/members`,
      manageOverview: `/g/${printed}/manage/overview`,
      manageActivity: `/g/${printed}/manage/activity`,
      manageRequests: `/g/${printed}/manage/requests`,
      manageLinks: `/g/${printed}/manage/links`,
      manageMembers: `/g/${printed}/manage/members`,
      manageSecurity: `/g/${printed}/manage/security`,
      manageSettings: `/g/${printed}/manage/settings`,
    });
  });

  it('name a group that can be read back, and nothing else', () => {
    expect(gidOfAddress(printed)).toBe(gid);
    expect(gidOfAddress('x')).toBeNull();
    expect(gidOfAddress(`${printed}A`)).toBeNull();
  });
});
