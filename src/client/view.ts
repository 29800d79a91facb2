/** What a screen may see: plain display data, no key, no secret. Ids are hex text; times are ms since 1970. */
import type { Bytes } from '../lib/bytes.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import type { IdleMinutes } from '../protocol/lock.ts';
import type { PolicyName } from '../protocol/policy.ts';
import type { Role } from '../protocol/role.ts';
import type { SlotKind } from '../protocol/vault.ts';

export interface AccountView {
  readonly pid: Pid;
  readonly name: string;
}

/** Whether the account can be had back: `none` no code was made, `unproved` it was shown but not typed back. */
export interface RecoveryView {
  readonly state: 'none' | 'unproved' | 'proved';
}

/** What became of one group or request when the account was deleted. `kept`: it could not be ended, for the reason named. */
export interface DeletionStep {
  readonly gid: Gid;
  readonly name: string | null;
  readonly outcome: 'left' | 'closed' | 'withdrawn' | 'kept';
  readonly reason: Failure | null;
}

export interface DeletionView {
  readonly state: 'running' | 'done';
  readonly steps: readonly DeletionStep[];
  /** Groups and requests still to be ended. */
  readonly left: number;
}

/** Where an export goes on; handed back as it came. */
export interface ExportCursor {
  readonly groups: readonly Gid[];
  /** Position in the first of these groups; null before its first line. */
  readonly from: number | null;
  readonly counts: { readonly groups: number; readonly entries: number; readonly messages: number };
  readonly missing: {
    readonly notShared: number;
    readonly withheld: number;
    readonly unreadable: number;
    readonly notLoaded: number;
    readonly staffOnly: number;
  };
}

/** Some lines of an export (protocol/exported.ts). */
export interface ExportPart {
  readonly text: string;
  readonly next: ExportCursor | null;
  /** Groups that are written, of how many. */
  readonly done: number;
  readonly total: number;
}

/** What a further device enters with, until `exp`. */
export interface DeviceOfferView {
  readonly code: string;
  readonly link: string;
  readonly exp: number;
}

/** One way back into the account: a slot of its vault that a person can open. */
export interface WayView {
  readonly slot: Dev;
  readonly kind: SlotKind;
  /** Null for codes of an earlier version. */
  readonly made: number | null;
  /** Whether the person has shown that they have it. */
  readonly proved: boolean;
  /** Where the vault is found; a passphrase is typed together with it. Null for the other kinds. */
  readonly address: string | null;
}

/** How this device is locked: without a lock the browser opens it for whoever sits in front of it. */
export interface LockView {
  /** Nothing can be read until somebody unlocks. */
  readonly locked: boolean;
  /** Whether this kind of client can be locked at all. */
  readonly possible: boolean;
  readonly slots: readonly LockSlotView[];
  readonly idleMinutes: IdleMinutes;
  /** After wrong attempts: none is taken before this moment, in ms since 1970. */
  readonly waitUntil: number;
}

export interface LockSlotView {
  readonly slot: Dev;
  readonly kind: 'passphrase' | 'passkey';
  readonly made: number;
  /** Names the passkey to the browser; null for a passphrase. */
  readonly credential: Bytes | null;
}

/** One installation of the account. */
export interface DeviceView {
  readonly dev: Dev;
  readonly name: string;
  readonly me: boolean;
  readonly since: number;
  /** Groups in which a device that was signed out is not known to be cut off yet; 0 for devices that are in. */
  readonly unconfirmed: number;
  readonly signedOut: boolean;
}

export type ConnectionView =
  | { readonly state: 'offline' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'waiting'; readonly retryAt: number; readonly reason: Failure }
  /**
   * `clockOffBy`: the server's clock minus the own one. `clockAsks`: they are more than a day apart, and what is signed goes by the
   * own one until useServerTime.
   */
  | { readonly state: 'online'; readonly clockOffBy: number; readonly clockAsks: boolean }
  | { readonly state: 'refused'; readonly reason: Failure }
  /** The profile was copied: another place uses the keys of this device, and this one sends nothing more. */
  | { readonly state: 'copied' };

/** A person as shown: the neutralised name, or null where no name record has been seen yet. `mark` is a short pid suffix. */
export interface PersonView {
  readonly pid: Pid;
  readonly name: string | null;
  readonly mark: string;
}

/** Which messages of a group make themselves heard: every one, only those that name this account, or none. */
export type Loudness = 'all' | 'mentions' | 'none';

/** Chosen by the person, for this device. */
export interface PreferencesView {
  /** What the system shows of a message while nobody looks: nothing at all, that there is one, from whom and where, or its text. */
  readonly notices: 'off' | 'bare' | 'names' | 'texts';
  /** Whether others may see that one is here and typing, and one sees it of them. */
  readonly signals: boolean;
  /** People whose messages stay folded. */
  readonly blocked: readonly PersonView[];
}

/** A member with the name of somebody who was here before and is gone. `compared`: their safety number had been compared. */
export interface ChangedIdentity {
  readonly who: PersonView;
  readonly before: PersonView;
  readonly compared: boolean;
}

/** How this account stands in a group. */
export type Standing = 'member' | 'invited' | 'left' | 'removed' | 'closed';

export interface GroupSummary {
  readonly gid: Gid;
  readonly standing: Standing;
  /** Null until the profile could be opened. */
  readonly name: string | null;
  /** Hash of the group's picture, which `groupImage` answers. */
  readonly image: Hash | null;
  readonly role: Role;
  readonly members: number;
  readonly unread: number;
  /** Position of the first unread message, or one before it while only the end of a long group is read; null where none is unread. */
  readonly firstUnread: number | null;
  /** Whether one of the unread messages mentions this account. */
  readonly mentioned: boolean;
  readonly loudness: Loudness;
  /** A conversation of two, which has no name of its own and is called after the other one. */
  readonly pair: boolean;
  /** Waiting requests; zero for who is not staff. */
  readonly requests: number;
  readonly last: (InShort & { readonly author: PersonView | null; readonly at: number }) | null;
  readonly halted: boolean;
}

export interface MemberView extends PersonView {
  readonly role: Role;
  readonly me: boolean;
  /** How they came in: by the owner at the start, added directly, or through a link. */
  readonly via: 'start' | 'direct' | 'link';
  readonly addedBy: PersonView | null;
  /** The link they came through; its label is empty where it is not readable any more. */
  readonly link: { readonly pk: LinkPk; readonly label: string } | null;
  readonly joinedAt: number;
  /** The newest generation this member is known to have opened; null when nothing is known. */
  readonly openedGeneration: number | null;
  /** The person marked that safety numbers were compared. */
  readonly verified: boolean;
}

export type KeyState =
  | { readonly state: 'secured'; readonly since: number; readonly reason: string }
  /** Somebody left or changed keys; a moderator's client will rotate. */
  | { readonly state: 'pending'; readonly reason: 'leave' | 'card' }
  | { readonly state: 'missing'; readonly reason: Failure };

export interface GroupView {
  readonly gid: Gid;
  readonly standing: Standing;
  readonly name: string | null;
  readonly image: Hash | null;
  readonly about: string;
  readonly rules: string;
  readonly role: Role;
  /** The newest change of the own role or standing that somebody else made. */
  readonly turned: Turned | null;
  readonly members: readonly MemberView[];
  readonly banned: readonly PersonView[];
  readonly policy: {
    readonly strictPending: boolean;
    readonly shareableDefault: boolean;
    readonly modsEditProfile: boolean;
    readonly modsManageLinks: boolean;
    readonly announcements: boolean;
  };
  readonly generation: number;
  readonly seq: number;
  readonly key: KeyState;
  /** Whether a later newcomer may be given what is written now. */
  readonly shareable: boolean;
  /**
   * What can be read here of the time before this account came. `unsharedBefore`: what was written earlier was not shared
   * with it; null where nothing was kept back. `shared`: earlier messages were, with the admission at `joinedT`. Null for
   * who is not in the group.
   */
  readonly history: {
    readonly unsharedBefore: number | null;
    readonly shared: { readonly by: PersonView; readonly joinedT: number } | null;
  } | null;
  /** How many members are known to have opened the current key. */
  readonly opened: number;
  /** Sending is stopped because the server contradicted itself. */
  readonly halted: Failure | null;
  /**
   * The server shows less than is held here and contradicts nothing: it lost, or hides, what came after `since` (null: all of
   * it), so many messages and changes as are held here. `giving`: this device holds all of them and gives them back. Null
   * once it shows as many again.
   */
  readonly behind: {
    readonly since: number | null;
    readonly missing: number;
    readonly giving: boolean;
  } | null;
  /** 60 digits in twelve blocks of five. */
  readonly code: string;
  /**
   * Set while this device, which was restored, was shown more than other members confirmed: up to `confirmed` they agree
   * with what the server served. Null once they agree with all of it.
   */
  readonly restored: {
    readonly confirmed: { readonly t: number; readonly at: number } | null;
  } | null;
  /** Short form of the hash of all members, their roles and their cards: 16 hex digits. */
  readonly roster: string;
  readonly checks: HonestyChecks;
  /** Ownership offered to a moderator and not taken yet; it ends at `exp`. */
  readonly offer: { readonly to: PersonView; readonly toMe: boolean; readonly exp: number } | null;
  /** The group that names this one as its predecessor; the owner's, or a moderator's who says that the owner is lost. */
  readonly successor: {
    readonly gid: Gid;
    readonly by: PersonView;
    readonly byOwner: boolean;
    readonly joined: boolean;
  } | null;
  readonly pair: boolean;
  readonly changedIdentities: readonly ChangedIdentity[];
  /** Members the last checks blamed for something, in words' keys. */
  readonly warnings: readonly { readonly kind: WarningKind; readonly who: PersonView | null }[];
}

export interface Turned {
  readonly what: 'role' | 'removed' | 'banned';
  readonly by: PersonView;
  readonly at: number;
  readonly before: Role;
  readonly now: Role | null;
}

/** What this client compared with what the server signed, and with what other members saw. */
export interface HonestyChecks {
  /** The newest statement of the server that was compared with the own log and timeline. */
  readonly checkpoint: { readonly seq: number; readonly at: number } | null;
  /** Other members whose newest acknowledgement agrees with what is seen here, of all others. */
  readonly agree: number;
  readonly others: number;
}

/** Something that happened in a group; each is told once on this device. */
export type GroupNews =
  | { readonly what: 'invited'; readonly by: PersonView | null }
  /** A member's device has the key and says so for the first time. */
  | { readonly what: 'connected'; readonly who: PersonView }
  | { readonly what: 'allConnected' }
  | { readonly what: 'left'; readonly who: PersonView }
  | {
      readonly what: 'removed';
      readonly who: PersonView;
      readonly by: PersonView;
      readonly banned: boolean;
    }
  | { readonly what: 'removedYou'; readonly by: PersonView; readonly banned: boolean }
  | {
      readonly what: 'yourRole';
      readonly before: Role;
      readonly role: Role;
      readonly by: PersonView;
    }
  /** Everybody else has left or was removed. */
  | { readonly what: 'empty' }
  | { readonly what: 'closed'; readonly by: PersonView };

export type WarningKind =
  | 'profile'
  | 'staffText'
  | 'boxes'
  | 'complaint'
  | 'wrap'
  | 'gossip'
  | 'preview'
  | 'base'
  | 'withheld';

/** How large one file may be, and how many bytes the group and the person have left; null where the server could not be asked. */
export interface FileRoom {
  readonly fileBytes: number;
  readonly left: number | null;
}

/** Some content of a file; `share` of it was fetched so far, from 0 to 1. */
export interface FilePart {
  readonly part: Bytes;
  readonly done: boolean;
  readonly share: number;
}

/** The file of a message, as its author describes it. */
export interface FileView {
  /** Harmless to show and to save under. */
  readonly name: string;
  readonly media: string;
  readonly bytes: number;
  /** Of a picture; the place it takes. */
  readonly size: { readonly width: number; readonly height: number } | null;
  /** A small JPEG, PNG or WebP by its first bytes; null where there is none. */
  readonly preview: Bytes | null;
}

export type SendState =
  | { readonly state: 'queued' }
  /** So many bytes of its sealed file are at the server. */
  | { readonly state: 'uploading'; readonly sent: number; readonly total: number }
  | { readonly state: 'securing' }
  /** Waits for the person to decide about somebody's changed identity. */
  | { readonly state: 'held' }
  | { readonly state: 'sending' }
  | { readonly state: 'failed'; readonly reason: Failure };

export interface GoneView {
  readonly what: 'deleted' | 'hidden';
  readonly by: PersonView;
  readonly at: number;
  /** Given by who hid it; empty where none was. */
  readonly reason: string;
}

/** The beginning of what a message says, as it stands. */
export interface InShort {
  readonly text: string;
  /** Whether the text is the name of a file that came without a word. */
  readonly isName: boolean;
}

/** The beginning of the message that is answered; `text` is null where it is gone, or not held here. */
export interface QuoteView {
  readonly item: Hash;
  /** Its place, to jump to; null where it is not held. */
  readonly t: number | null;
  readonly author: PersonView | null;
  readonly text: string | null;
  readonly isName: boolean;
}

export interface ReactionView {
  readonly emoji: string;
  readonly who: readonly PersonView[];
  readonly mine: boolean;
}

/** What is known of one message beyond its line. */
export interface MessageDetails {
  readonly item: Hash;
  readonly t: number;
  readonly author: PersonView;
  /** The device that signed it, and the name of the key it lies under. */
  readonly dev: Dev;
  readonly generation: number;
  readonly ctr: number;
  /** The server's clock, and the author's. */
  readonly at: number;
  readonly written: number;
  /** Oldest first, beginning with what was written at first; empty where it is gone. */
  readonly versions: readonly { readonly at: number; readonly text: string }[];
}

/** One line of the talk. */
export type TimelineItem =
  | {
      readonly kind: 'message';
      /** Stable for drawing: the item hash, which replaces the local id once stored. */
      readonly key: string;
      readonly t: number;
      readonly item: Hash;
      readonly author: PersonView;
      readonly mine: boolean;
      readonly at: number;
      readonly generation: number;
      /** As it was edited last; empty where it is gone. */
      readonly text: string;
      readonly mentions: readonly PersonView[];
      /** Then `text` is what was said with it, or empty. */
      readonly file: FileView | null;
      /** What it answers. */
      readonly reply: QuoteView | null;
      readonly reactions: readonly ReactionView[];
      /** How often it was edited, and when last. */
      readonly edited: { readonly times: number; readonly at: number } | null;
      /** Deleted by its author, or hidden by the staff, who may show it again. */
      readonly gone: GoneView | null;
      readonly pinned: boolean;
    }
  | {
      /** A message that cannot be shown, with why. */
      readonly kind: 'unreadable';
      readonly key: string;
      readonly t: number;
      readonly author: PersonView;
      readonly at: number;
      readonly reason: Failure;
    }
  | {
      /** A line of the group's log. */
      readonly kind: 'log';
      readonly key: string;
      readonly t: number;
      readonly at: number;
      readonly actor: PersonView;
      readonly line: LogLine;
    }
  | {
      /** Own message that is not stored yet. */
      readonly kind: 'outgoing';
      readonly key: string;
      readonly localId: string;
      readonly at: number;
      readonly text: string;
      readonly file: FileView | null;
      readonly reply: QuoteView | null;
      /** What it says about another message, where it is no text; it is shown only when it failed. */
      readonly about: 'edit' | 'delete' | 'hide' | 'reaction' | 'pin' | null;
      readonly send: SendState;
    };

/** What was typed and not sent, as the composer shows it. */
export interface DraftView {
  readonly text: string;
  readonly about: {
    readonly what: 'reply' | 'edit';
    readonly message: Extract<TimelineItem, { kind: 'message' }>;
  } | null;
}

/** A message that was found, as it reads now. */
export interface Found {
  readonly gid: Gid;
  readonly item: Hash;
  readonly t: number;
  readonly at: number;
  readonly author: PersonView;
  readonly text: string;
  readonly file: { readonly name: string; readonly media: string } | null;
}

/** How far back a group could be searched: to its beginning, or to the oldest message this device holds. */
export interface SearchReach {
  readonly gid: Gid;
  readonly since: number | null;
}

export interface SearchView {
  /** Newest first. */
  readonly found: readonly Found[];
  /** Whether there are older ones: ask again with `before`. */
  readonly more: boolean;
  readonly reach: readonly SearchReach[];
}

/** What a log entry did, in parts that the page puts into words. */
export type LogLine =
  | { readonly what: 'created' }
  | { readonly what: 'started'; readonly added: readonly PersonView[] }
  | { readonly what: 'added'; readonly who: readonly PersonView[]; readonly via: 'direct' | 'link' }
  | { readonly what: 'removed'; readonly who: readonly PersonView[]; readonly banned: boolean }
  | {
      readonly what: 'role';
      readonly who: PersonView;
      readonly before: Role;
      readonly role: Role;
    }
  | { readonly what: 'unbanned'; readonly who: readonly PersonView[] }
  | { readonly what: 'left'; readonly note: string | null }
  | { readonly what: 'rotated'; readonly generation: number; readonly reason: string }
  | { readonly what: 'renamed'; readonly before: string; readonly name: string | null }
  | { readonly what: 'info' }
  | {
      readonly what: 'policy';
      readonly changes: readonly { readonly name: PolicyName; readonly on: boolean }[];
    }
  | { readonly what: 'linkCreated'; readonly link: LinkTermsView }
  /** The same terms before and after: only what the link says of the group was renewed. */
  | {
      readonly what: 'linkChanged';
      readonly before: LinkTermsView;
      readonly link: LinkTermsView;
    }
  | { readonly what: 'linkPaused' | 'linkResumed'; readonly link: LinkTermsView }
  | { readonly what: 'linkRevoked'; readonly links: readonly LinkTermsView[] }
  | { readonly what: 'card' }
  | { readonly what: 'owner'; readonly who: PersonView }
  | { readonly what: 'closed' };

/** What the log says of a link at one time; the label is the staff's and empty for others. */
export interface LinkTermsView {
  readonly pk: LinkPk;
  readonly label: string;
  readonly role: Role;
  readonly expires: number;
  readonly maxUses: number;
  readonly auto: boolean;
}

/** What an act is about, to choose by. */
export type ActKind = 'people' | 'roles' | 'links' | 'keys' | 'group';

/** One signed entry of the log in parts that the page puts into words. */
export interface ActView {
  readonly seq: number;
  readonly key: Hash;
  readonly at: number;
  readonly actor: PersonView;
  readonly lines: readonly LogLine[];
  /** The generation of the key this entry began, and why. */
  readonly generation: { readonly number: number; readonly cause: GenerationCause } | null;
  /** Links that ended by themselves, because somebody left the staff or was banned. */
  readonly linksEnded: number;
  /** What the staff noted about it at the time; for owner and moderators only. */
  readonly reason: string | null;
}

export interface ActivityWishes {
  /** Acts of this person. */
  readonly who?: Pid;
  /** Acts on this person. */
  readonly whom?: Pid;
  readonly what?: ActKind;
  /** Bounds of time in ms, inclusive. */
  readonly since?: number;
  readonly until?: number;
  /** Part of a name, a label or a reason. */
  readonly find?: string;
  /** Acts before this seq. */
  readonly before?: number;
}

export interface ActivityPage {
  /** Newest first. */
  readonly acts: readonly ActView[];
  /** Seq to ask older acts before; null where there are none. */
  readonly before: number | null;
  /** Every entry up to this one was verified by this client. */
  readonly verified: number;
}

export type GenerationCause =
  | 'start'
  | 'members'
  | 'manual'
  | 'pending'
  | 'age'
  | 'card'
  | 'complaint';

export interface GenerationView {
  readonly number: number;
  readonly seq: number;
  readonly at: number;
  readonly by: PersonView;
  readonly cause: GenerationCause;
  /** What the same entry did to members. */
  readonly lines: readonly LogLine[];
  readonly reason: string | null;
  /** Whether a later newcomer may be given what was written under it. */
  readonly shareable: boolean;
  /** Whether it hands on the key before: `none` where that one was not shareable, or there was none. */
  readonly history: 'passed' | 'leftOut' | 'none';
}

/** A note of the owner or a moderator to the others of the staff. */
export interface NoteView {
  readonly item: Hash;
  readonly at: number;
  readonly by: PersonView;
  readonly about: PersonView | null;
  readonly request: Hash | null;
  readonly verdict: 'rejected' | 'reopened' | null;
  readonly text: string;
}

/** A member's word to the staff about somebody. */
export interface ReportView {
  readonly id: Hash;
  readonly at: number;
  readonly by: PersonView;
  readonly about: PersonView;
  /** The message it is about; null where it is about the person. */
  readonly item: Hash | null;
  /** What the reporter says the message said. */
  readonly quote: string;
  readonly text: string;
  readonly handled: { readonly by: PersonView; readonly at: number } | null;
}

export interface TimelinePage {
  /** Ascending; outgoing messages come last. One entry may give several lines (they share t). */
  readonly items: readonly TimelineItem[];
  /** Whether older items can be asked for. Not known yet, and false, while nothing of the talk has come in for a newcomer. */
  readonly more: boolean;
  /** Position to ask older items before. */
  readonly before: number;
}

export type LinkState = 'live' | 'paused' | 'expired' | 'usedUp' | 'revoked';

/** A wave of requests through one link, which paused it. */
export interface LinkBurst {
  readonly requests: number;
  readonly since: number;
}

/**
 * How a revoked link ended: by hand, because its maker left the staff, or, for one that admits without review, because
 * somebody else left the staff or was blocked.
 */
export interface LinkEnd {
  readonly how: 'revoked' | 'maker' | 'staff' | 'ban';
  readonly by: PersonView;
  readonly at: number;
}

export interface LinkView {
  readonly pk: LinkPk;
  /** Staff's label; empty where not given or not readable. */
  readonly label: string;
  readonly state: LinkState;
  readonly expires: number;
  readonly maxUses: number;
  readonly uses: number;
  readonly role: Role;
  readonly auto: boolean;
  readonly maker: PersonView;
  readonly waiting: number;
  readonly burst: LinkBurst | null;
  readonly ended: LinkEnd | null;
  /** Time of the entry that made it. */
  readonly madeAt: number;
  /** Whether this client holds the secret and can copy the link. */
  readonly copyable: boolean;
}

/** One step of somebody's earlier time in a group; `by` is null where they did it themselves. */
export interface PastStep {
  readonly what: 'joined' | 'left' | 'removed' | 'banned' | 'unbanned';
  readonly at: number;
  readonly by: PersonView | null;
}

export interface RequestView {
  readonly hash: Hash;
  readonly person: PersonView;
  readonly note: string;
  /** Six words to compare by voice. */
  readonly code: string;
  readonly link: { readonly pk: LinkPk; readonly label: string; readonly maker: PersonView | null };
  readonly askedAt: number;
  readonly expires: number;
  readonly state: 'waiting' | 'rejected' | 'expired';
  /** Why it cannot be approved right now; null when it can. */
  readonly blocked: Failure | null;
  readonly flags: readonly RequestFlag[];
  readonly rejectedBy: PersonView | null;
  /** What the log knows of this account in this group, oldest first. */
  readonly past: readonly PastStep[];
}

/** What an approval gives: the role of the link or another one, and whether who comes may read what was shared before. */
export interface ApproveWishes {
  readonly role: 'link' | 'observer' | 'member';
  readonly history: boolean;
}

/** What came, or would come, of one request. */
export interface DecidedView {
  readonly request: Hash;
  /** Null where the request is not held here any more. */
  readonly person: PersonView | null;
  /** `already`: somebody else was first, `by` says who. `leftOut`: `why` says the reason. */
  readonly outcome: 'done' | 'already' | 'leftOut';
  readonly by: PersonView | null;
  readonly why: Failure | null;
}

/** An act of the staff that is carried out as soon as it can be, and survives a reload. */
export type TaskAct =
  | {
      readonly kind: 'approve';
      readonly requests: readonly Hash[];
      readonly role: ApproveWishes['role'];
      readonly history: boolean;
    }
  | {
      readonly kind: 'reject';
      readonly requests: readonly Hash[];
      readonly note: string;
      readonly block: boolean;
    }
  /** `reason` becomes a note that only the staff reads. */
  | {
      readonly kind: 'remove';
      readonly people: readonly Pid[];
      readonly ban: boolean;
      readonly reason: string;
    }
  | { readonly kind: 'role'; readonly people: readonly Pid[]; readonly role: 0 | 1 | 2 }
  | { readonly kind: 'unban'; readonly people: readonly Pid[] }
  | { readonly kind: 'add'; readonly people: readonly Pid[] }
  | { readonly kind: 'revoke'; readonly links: readonly LinkPk[] }
  | { readonly kind: 'pause'; readonly links: readonly LinkPk[]; readonly paused: boolean }
  | { readonly kind: 'rotate' }
  /** Hides what these people wrote since a time (0: ever) and what can be read here, one message after the other. */
  | { readonly kind: 'hide'; readonly people: readonly Pid[]; readonly since: number }
  /** Shows again what one `hide` of this account hid: what it hid before `from` stays hidden. */
  | {
      readonly kind: 'show';
      readonly people: readonly Pid[];
      readonly since: number;
      readonly from: number;
    };

/** How many messages of some people can be hidden. */
export interface MessageCount {
  /** Since each of the times that were asked for. */
  readonly since: readonly number[];
  /** False where earlier messages lie on the server that were not fetched yet. */
  readonly all: boolean;
}

/** What came of a task for one request, person or link. */
export interface TaskRow {
  /** Hash of the request, pid, or key of the link. */
  readonly key: string;
  readonly person: PersonView | null;
  /** `already`: somebody else was first, `by` says who. `leftOut`: `why` says the reason. */
  readonly outcome: DecidedView['outcome'];
  readonly by: PersonView | null;
  readonly why: Failure | null;
}

export interface TaskView {
  readonly id: string;
  readonly gid: Gid;
  readonly act: TaskAct;
  readonly startedAt: number;
  /** It is not carried out before this; until then it can be taken back. */
  readonly notBefore: number;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly reason: Failure | null;
  /** Who took away the right to it, where `reason` is E_ROLE and the log says so. */
  readonly by: PersonView | null;
  /** A hiding that did not begin, because the removal of the same people was taken back or failed. */
  readonly unremoved: boolean;
  readonly rows: readonly TaskRow[];
  /** The generation its entry began, or null: whoever has opened it is secured. */
  readonly generation: number | null;
  /** Who asked in the requests it is about, as known when it was started. */
  readonly asked: readonly { readonly request: Hash; readonly person: PersonView }[];
  /** Messages done, of how many; null for acts that are carried out at once. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** The act that takes it back, where it has done something and there is one. */
  readonly undo: TaskAct | null;
}

export interface ApprovalPreview {
  readonly rows: readonly DecidedView[];
  /** Members after the entry; each gets a new key. */
  readonly members: number;
  readonly generation: number;
  /** Whether there is shared history to pass on; leaving it out ends it for all who come later. */
  readonly history: boolean;
}

export type RequestFlag =
  | 'askedBefore'
  | 'wasMember'
  | 'banned'
  | 'sameName'
  | 'introUnreadable'
  /** Came in a wave through one link. */
  | 'burst';

/** What a join link shows before any account. `joinId` is local and names the sealed link in the worker. */
export interface JoinView {
  readonly joinId: string;
  readonly state: JoinState;
  readonly gid: Gid;
  readonly preview: {
    readonly name: string;
    readonly about: string;
    readonly rules: string;
    /** The picture's bytes. */
    readonly image: Uint8Array | null;
    readonly size: string;
    readonly inviter: string;
    readonly review: boolean;
    readonly history: 'none' | 'shared';
    readonly role: Role;
  } | null;
}

export type JoinState =
  | 'open'
  | 'expired'
  | 'usedUp'
  | 'revoked'
  | 'paused'
  | 'full'
  | 'closed'
  | 'banned'
  | 'member'
  | 'asked'
  | 'wrongServer'
  | 'badLink';

/** One of the person's own requests. */
export interface OwnRequestView {
  readonly gid: Gid;
  readonly joinId: string;
  readonly name: string;
  readonly code: string;
  readonly askedAt: number;
  readonly expires: number;
  readonly state: 'sending' | 'waiting' | 'admitted' | 'rejected' | 'expired' | 'withdrawn';
  readonly note: string | null;
}
