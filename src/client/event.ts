/** News from the engine. Each carries the finished view; nobody has to ask again. */
import type { Gid } from '../protocol/ids.ts';
import type {
  AccountView,
  ConnectionView,
  DeletionView,
  DeviceView,
  GroupNews,
  GroupSummary,
  GroupView,
  InShort,
  LinkView,
  LockView,
  OwnRequestView,
  PersonView,
  PreferencesView,
  RecoveryView,
  RequestView,
  TaskView,
  TimelineItem,
} from './view.ts';

export type ClientEvent =
  | { readonly kind: 'account'; readonly account: AccountView | null }
  | { readonly kind: 'recovery'; readonly recovery: RecoveryView }
  | { readonly kind: 'devices'; readonly devices: readonly DeviceView[] }
  /** The account is being deleted, or was: then nothing is left here, and the engine stops. */
  | { readonly kind: 'deletion'; readonly deletion: DeletionView }
  /** Somebody entered with the device code: the device appears among the devices, or it was not one's own. */
  | { readonly kind: 'deviceCode'; readonly state: 'used' }
  | { readonly kind: 'connection'; readonly connection: ConnectionView }
  | { readonly kind: 'groups'; readonly groups: readonly GroupSummary[] }
  | { readonly kind: 'group'; readonly gid: Gid; readonly group: GroupView }
  /** Messages of others came that may make themselves heard, gathered for a moment; the newest of them in words. */
  | (InShort & {
      readonly kind: 'arrived';
      readonly gid: Gid;
      readonly count: number;
      readonly author: PersonView;
    })
  /** Who looks at a group and who types in it, as far as they show it. */
  | {
      readonly kind: 'signals';
      readonly gid: Gid;
      readonly here: readonly PersonView[];
      readonly typing: readonly PersonView[];
    }
  | { readonly kind: 'preferences'; readonly preferences: PreferencesView }
  /** What just happened in a group, once each (SX-01). Told beside the views, which say how things stand now. */
  | { readonly kind: 'happened'; readonly gid: Gid; readonly news: GroupNews }
  /** What is typed in a group and not sent, as it was stored just now: by this or another page of the account. */
  | { readonly kind: 'draft'; readonly gid: Gid; readonly text: string }
  | {
      readonly kind: 'timeline';
      readonly gid: Gid;
      /** New or changed lines by key; `gone` are keys that no longer stand (a sent message's local key). */
      readonly items: readonly TimelineItem[];
      readonly gone: readonly string[];
    }
  | { readonly kind: 'links'; readonly gid: Gid; readonly links: readonly LinkView[] }
  | { readonly kind: 'requests'; readonly gid: Gid; readonly requests: readonly RequestView[] }
  | { readonly kind: 'ownRequests'; readonly requests: readonly OwnRequestView[] }
  | { readonly kind: 'tasks'; readonly tasks: readonly TaskView[] }
  | { readonly kind: 'lock'; readonly lock: LockView }
  /** This device was locked: whoever shows something of it forgets it and starts again. */
  | { readonly kind: 'locked' }
  /** Another engine answers from here on (its tab was closed): what was asked before may have changed meanwhile. */
  | { readonly kind: 'resumed' }
  /** A tab of another build is open in this browser. Where that one runs the engine, nothing answers here. */
  | { readonly kind: 'otherBuild'; readonly build: string; readonly leads: boolean }
  /** The engine cannot go on (storage gone, worker ended). */
  | { readonly kind: 'stopped'; readonly reason: string };
