/** What may be asked of a client. The worker's door, the engine and the SDK all offer exactly this; group acts are named after ao. */
import type { Outcome } from '../protocol/failure.ts';
import type { Dev, Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';
import type { IdleMinutes } from '../protocol/lock.ts';
import type { PolicyName } from '../protocol/policy.ts';
import type { Role } from '../protocol/role.ts';
import type { ClientEvent } from './event.ts';
import type { LockSecret, ReturnSecret, WaySecret } from './secret.ts';
import type {
  AccountView,
  DeletionView,
  ExportCursor,
  ExportPart,
  ApprovalPreview,
  ApproveWishes,
  DecidedView,
  ActivityPage,
  ActivityWishes,
  DeviceOfferView,
  DeviceView,
  DraftView,
  FilePart,
  FileRoom,
  LockView,
  Loudness,
  PreferencesView,
  RecoveryView,
  ConnectionView,
  GenerationView,
  GroupSummary,
  GroupView,
  JoinView,
  LinkView,
  NoteView,
  OwnRequestView,
  ReportView,
  MessageCount,
  MessageDetails,
  RequestView,
  SearchView,
  TaskAct,
  TaskView,
  TimelineItem,
  TimelinePage,
  WayView,
} from './view.ts';

export interface GroupInfo {
  readonly group_name: string;
  readonly about?: string;
  readonly rules?: string;
  /** A JPEG, PNG or WebP of at most 16 KiB; null takes the picture away. */
  readonly image?: Uint8Array | null;
}

/** What a note of the staff is about: a person, a request, or (neither) what the author just did. */
export interface NoteAbout {
  readonly pid?: Pid;
  readonly request?: Hash;
}

export interface ReportWishes {
  /** Who is reported: the author, where a message is named. */
  readonly about: Pid;
  /** The message that is quoted; null where the report is about the person. */
  readonly item: Hash | null;
  readonly text: string;
}

/** ao's member_ops; a banned removal is ours. Executed remove, add, set_role, unban. */
export interface MemberOps {
  readonly remove?: readonly Pid[];
  readonly ban?: readonly Pid[];
  readonly add?: readonly Pid[];
  readonly set_role?: readonly (readonly [Pid, Role])[];
  readonly unban?: readonly Pid[];
}

export interface LinkWishes {
  readonly label: string;
  /** ms since 1970; 0 = never. */
  readonly expires: number;
  /** 0 = no cap. */
  readonly maxUses: number;
  readonly role: 0 | 1;
  readonly auto: boolean;
}

/** What of a link is to be different; what is left out stays. Role, review and maker never change. */
export interface LinkChange {
  readonly label?: string;
  readonly expires?: number;
  readonly maxUses?: number;
  /** The server takes no new request through a paused link. */
  readonly paused?: boolean;
}

export interface MessageWishes {
  /** The message this one answers. */
  readonly reply?: Hash;
  /** Members the text names; at most 20. */
  readonly mentions?: readonly Pid[];
}

/** What was typed and not sent. */
export interface Draft {
  readonly text: string;
  /** The message it answers, or the own one it is to change. */
  readonly about: { readonly what: 'reply' | 'edit'; readonly item: Hash } | null;
}

export interface SearchWishes {
  /** Words that must all be in a message, anywhere and in any case. */
  readonly text: string;
  /** One group; all where none is named. */
  readonly gid?: Gid;
  /** Part of the author's name. */
  readonly from?: string;
  readonly has?: 'file' | 'picture' | 'link';
  /** In ms since 1970, exclusive. */
  readonly before?: number;
  /** In ms since 1970, inclusive. */
  readonly since?: number;
}

/** What of the preferences is to be different. */
export interface PreferencesChange {
  readonly notices?: PreferencesView['notices'];
  readonly signals?: boolean;
  readonly group?: { readonly gid: Gid; readonly loudness: Loudness };
  readonly block?: { readonly pid: Pid; readonly on: boolean };
  /** Somebody is known to have come back with a new identity. */
  readonly accept?: Pid;
}

/** A file that is to be sent; its content follows part by part. */
export interface FileWishes {
  readonly name: string;
  /** What kind of file it says it is, such as image/jpeg. */
  readonly media: string;
  /** Length of the content. */
  readonly bytes: number;
  /** Of a picture, both or none. */
  readonly width?: number;
  readonly height?: number;
  /** A small picture of it, at most 18,000 bytes. */
  readonly preview?: Uint8Array;
  /** What is said with it. */
  readonly text?: string;
}

export interface RejectWishes {
  readonly note: string;
  readonly block: boolean;
}

/** ao's QueryMessage: bounds in ms, inclusive; at most 200 items. */
export interface MessageQuery {
  readonly from: number;
  readonly until: number;
  readonly limit: number;
  readonly order: 'asc' | 'desc';
}

export interface GroupMetadata {
  readonly group_name: string | null;
  readonly about: string;
  readonly owner: Pid;
  readonly members: readonly { readonly pid: Pid; readonly role: Role }[];
  readonly generation: number;
  /** Present for owner and moderators only. */
  readonly requests?: readonly RequestView[];
}

export interface Client {
  readonly account: () => Promise<AccountView | null>;
  /** Makes the keys of a new account on this device and publishes its card. */
  readonly createAccount: (name: string) => Promise<Outcome<AccountView>>;
  readonly recovery: () => Promise<RecoveryView>;
  /**
   * The recovery code: 26 signs. Made the first time, and made anew once the one before was proved: then the old one
   * opens nothing any more. One of the calls that return a secret, with copyLink and offerDevice.
   */
  readonly showRecoveryCode: () => Promise<Outcome<string>>;
  /** Groups of the code typed back: place (0 is the first group of five signs) and text. E_AUTH where one is wrong. */
  readonly proveRecoveryCode: (
    groups: readonly (readonly [number, string])[],
  ) => Promise<Outcome<void>>;
  /** Takes the account back on a device that has none. E_FORMAT: cannot be a code. E_AUTH: opens nothing. */
  readonly restoreAccount: (code: string) => Promise<Outcome<AccountView>>;
  /**
   * A code, and the same as a link, with which a further device enters the account: for ten minutes, once. A new one
   * ends the one before. Returns a secret: whoever has it in that time has the account.
   */
  readonly offerDevice: () => Promise<Outcome<DeviceOfferView>>;
  readonly withdrawDeviceOffer: () => Promise<Outcome<void>>;
  /** Enters with a device code or link on a device that has no account. E_FORMAT: cannot be one. E_AUTH: opens nothing. */
  readonly enterFromDevice: (code: string) => Promise<Outcome<AccountView>>;
  /** Every way back into the account, oldest first; asked of the server's vault. */
  readonly ways: () => Promise<Outcome<readonly WayView[]>>;
  /** E_FORMAT: too weak. E_LIMIT: no further way, or not enough memory to make a key of the passphrase. */
  readonly addWay: (secret: WaySecret) => Promise<Outcome<void>>;
  /** E_PENDING: it is the last one that was proved. */
  readonly removeWay: (slot: Dev) => Promise<Outcome<void>>;
  /** As restoreAccount, with a passphrase or a passkey. */
  readonly restoreByWay: (secret: ReturnSecret) => Promise<Outcome<AccountView>>;

  /** Answered also while locked. */
  readonly lock: () => Promise<LockView>;
  /**
   * Locks this device from now on also with this secret. The first one gives the device a new storage key and locks at once:
   * every client of the device ends, and unlocking shows that it works. A passphrase takes the place of the one before.
   * E_FORMAT: too weak. E_LIMIT: not enough memory.
   */
  readonly addLock: (secret: LockSecret) => Promise<Outcome<void>>;
  /** Without any left the device is not locked any more. */
  readonly removeLock: (slot: Dev) => Promise<Outcome<void>>;
  readonly setIdle: (minutes: IdleMinutes) => Promise<Outcome<void>>;
  /** Ends this client and every other one of the device. E_NOT_FOUND: there is no lock. */
  readonly lockNow: () => Promise<Outcome<void>>;
  /** E_AUTH: it does not open; `retryAt` says when the next attempt is taken. */
  readonly unlock: (secret: LockSecret) => Promise<Outcome<void>>;
  readonly devices: () => Promise<readonly DeviceView[]>;
  /** Ends another device of this account: new keys, told to every group. */
  readonly signOutDevice: (dev: Dev) => Promise<Outcome<void>>;
  /** Makes a copied profile a device of its own; the keys it shares with its copy are ended everywhere. */
  readonly enrolAgain: () => Promise<Outcome<void>>;
  /** Erases everything on this device. E_PENDING while no recovery code is proved, unless `evenSo`. */
  readonly logOut: (evenSo: boolean) => Promise<Outcome<void>>;
  /** Part by part, everything this person can read here, as JSON Lines; null begins, and each part says where to go on. */
  readonly exportData: (cursor: ExportCursor | null) => Promise<Outcome<ExportPart>>;
  /** How the deletion of this account stands; null where none was begun. */
  readonly deletion: () => Promise<DeletionView | null>;
  /**
   * Deletes the account: closes these own groups, leaves the others, signs out the other devices, removes what the server
   * keeps for it, then erases this device. Answers once the intention is kept; it goes on by itself, also after a restart.
   */
  readonly deleteAccount: (close: readonly Gid[]) => Promise<Outcome<void>>;
  /** Ends a deletion that cannot go on: erases this device without what is left to do elsewhere. */
  readonly eraseNow: () => Promise<Outcome<void>>;
  readonly connection: () => Promise<ConnectionView>;
  /** Ends a wait and connects now. */
  readonly reconnect: () => Promise<void>;
  /**
   * The person agrees that what is signed goes by the server's clock, though it is more than a day off the own one (`clockAsks`).
   * Holds for this difference and until the client ends.
   */
  readonly useServerTime: () => Promise<Outcome<void>>;

  readonly groups: () => Promise<readonly GroupSummary[]>;
  readonly group: (gid: Gid) => Promise<Outcome<GroupView>>;
  /** Makes the group's first entry; InitGroup must follow. Answers the gid. */
  readonly spawnGroup: () => Promise<Outcome<Gid>>;
  readonly initGroup: (gid: Gid, info: GroupInfo, ops: MemberOps) => Promise<Outcome<void>>;
  /** Changes what is named and keeps the rest as it is when the change is made. */
  readonly editGroupInfo: (gid: Gid, info: Partial<GroupInfo>) => Promise<Outcome<void>>;
  /** The group's picture, verified by its hash; null where it has none. */
  readonly groupImage: (gid: Gid) => Promise<Outcome<Uint8Array | null>>;
  readonly setPolicy: (
    gid: Gid,
    policy: Readonly<Partial<Record<PolicyName, boolean>>>,
  ) => Promise<Outcome<void>>;
  readonly editMember: (gid: Gid, ops: MemberOps) => Promise<Outcome<void>>;
  readonly leaveGroup: (gid: Gid, reason: string) => Promise<Outcome<void>>;
  readonly closeGroup: (gid: Gid) => Promise<Outcome<void>>;
  /** Offers the group to a moderator; it changes hands once they accept. */
  readonly offerOwnership: (gid: Gid, to: Pid) => Promise<Outcome<void>>;
  readonly acceptOwnership: (gid: Gid) => Promise<Outcome<void>>;
  /** Opens a group that names this one as its predecessor and invites its members. By the owner, or a moderator when the owner is lost. */
  readonly openSuccessor: (gid: Gid) => Promise<Outcome<Gid>>;
  /** Joins the successor that was announced in this group. */
  readonly joinSuccessor: (gid: Gid) => Promise<Outcome<void>>;
  /** A reason becomes a note to the staff. */
  readonly rotateSessionKey: (gid: Gid, reason?: string) => Promise<Outcome<void>>;
  /** Erases on this device what it holds of a group the person is out of, or that is closed. */
  readonly forgetGroup: (gid: Gid) => Promise<Outcome<void>>;
  /**
   * The group's whole signed log as JSON Lines, first a header, then one entry a line: for `npm run verify-log`. Who did what to
   * whom is in it; no text, no name and no key.
   */
  readonly exportLog: (gid: Gid) => Promise<Outcome<string>>;
  /** What proves why the group is halted, as JSON Lines for the same judge; E_NOT_FOUND where it is not halted. */
  readonly exportEvidence: (gid: Gid) => Promise<Outcome<string>>;
  /**
   * A person's act after a halt in which only messages differ: takes the server's timeline from the last common position. Own
   * texts that are lost, those under files too, stay as unsent messages; files have to be sent again. E_FORK where the log differs too.
   */
  readonly continueWithServer: (gid: Gid) => Promise<Outcome<void>>;
  /** Accepts having been added directly; declining is leaveGroup. */
  readonly acceptInvitation: (gid: Gid) => Promise<Outcome<void>>;
  readonly getGroupMetadata: (gid: Gid) => Promise<Outcome<GroupMetadata>>;

  /** Puts a text into the durable outbox; answers its local id at once. */
  readonly sendMessage: (gid: Gid, text: string, about?: MessageWishes) => Promise<Outcome<string>>;
  /** Another text for an own message; what it said before stays readable. */
  readonly editMessage: (
    gid: Gid,
    item: Hash,
    text: string,
    about?: MessageWishes,
  ) => Promise<Outcome<void>>;
  /** Takes an own message away, here, at the others and at the server. */
  readonly deleteMessage: (gid: Gid, item: Hash) => Promise<Outcome<void>>;
  /** Owner and moderators hide a message from everybody, or show it again. */
  readonly hideMessage: (
    gid: Gid,
    item: Hash,
    hidden: boolean,
    reason: string,
  ) => Promise<Outcome<void>>;
  /** How many messages of these people are held here that can be hidden, since each of these times. */
  readonly countMessages: (
    gid: Gid,
    people: readonly Pid[],
    since: readonly number[],
  ) => Promise<Outcome<MessageCount>>;
  readonly reactTo: (gid: Gid, item: Hash, emoji: string, on: boolean) => Promise<Outcome<void>>;
  readonly pinMessage: (gid: Gid, item: Hash, on: boolean) => Promise<Outcome<void>>;
  /** Messages pinned now, newest first, as far as they are held here. */
  readonly pinned: (gid: Gid) => Promise<Outcome<readonly TimelineItem[]>>;
  readonly messageDetails: (gid: Gid, item: Hash) => Promise<Outcome<MessageDetails>>;
  /** What was typed and not sent, kept sealed on this device. About nothing where that message is gone meanwhile. */
  readonly draft: (gid: Gid) => Promise<Outcome<DraftView>>;
  readonly keepDraft: (gid: Gid, draft: Draft) => Promise<Outcome<void>>;
  /** How large a file may be here, told before anything is uploaded. */
  readonly fileRoom: (gid: Gid) => Promise<Outcome<FileRoom>>;
  /**
   * Begins to take in a file; answers the name for the calls that follow. What is stripped from a picture is stripped before:
   * its bytes are sent as they come. E_LIMIT: larger than allowed, or no room is left. client/files.ts does all of it.
   */
  readonly startFile: (gid: Gid, wishes: FileWishes) => Promise<Outcome<string>>;
  /** The next part of its content, from `offset` on, of at most 1 MiB; sealed and kept on this device when it resolves. */
  readonly addToFile: (file: string, offset: number, content: Uint8Array) => Promise<Outcome<void>>;
  /** All of it came: puts its message into the durable outbox, and uploads it, now or later. Answers the local id. */
  readonly sendFile: (file: string) => Promise<Outcome<string>>;
  /** Gives up a file that was begun. One whose message waits already is called off with discardMessage. */
  readonly dropFile: (file: string) => Promise<void>;
  /** Begins to fetch the file of a message; answers the name for readFile. */
  readonly openFile: (gid: Gid, item: Hash) => Promise<Outcome<string>>;
  /**
   * The next part of its content. Nothing of it is to be used before the part that says `done`: only then is all of it known
   * to be what its author sent. E_AEAD: it is not. E_NOT_FOUND: the server does not have it.
   */
  readonly readFile: (file: string) => Promise<Outcome<FilePart>>;
  readonly closeFile: (file: string) => Promise<void>;
  readonly retryMessage: (gid: Gid, localId: string) => Promise<Outcome<void>>;
  readonly discardMessage: (gid: Gid, localId: string) => Promise<Outcome<void>>;
  readonly queryMessage: (
    gid: Gid,
    query: MessageQuery,
  ) => Promise<Outcome<readonly TimelineItem[]>>;
  /** The newest page, or the one before position `before`. */
  readonly timeline: (gid: Gid, before: number | null) => Promise<Outcome<TimelinePage>>;
  /** Asks the server again for what is missing in a group: messages it did not deliver, keys that were not there. */
  readonly lookAgain: (gid: Gid) => Promise<Outcome<void>>;
  /** Everything up to position t was seen by the person. */
  readonly markRead: (gid: Gid, t: number) => Promise<void>;

  readonly links: (gid: Gid) => Promise<Outcome<readonly LinkView[]>>;
  readonly createLink: (gid: Gid, wishes: LinkWishes) => Promise<Outcome<LinkPk>>;
  /** The link's address with its secret. */
  readonly copyLink: (gid: Gid, pk: LinkPk) => Promise<Outcome<string>>;
  /** Pauses, resumes, prolongs, caps or relabels a link that is not revoked. */
  readonly changeLink: (gid: Gid, pk: LinkPk, change: LinkChange) => Promise<Outcome<void>>;
  /** Ends one link or several in one entry, for good. */
  readonly revokeLink: (gid: Gid, pk: LinkPk | readonly LinkPk[]) => Promise<Outcome<void>>;

  /** Opens a join link (whole address or its fragment) and keeps it sealed; no account is needed. */
  readonly openLink: (link: string) => Promise<Outcome<JoinView>>;
  /** A link opened earlier, after a reload. */
  readonly joining: (joinId: string) => Promise<Outcome<JoinView>>;
  readonly dismissLink: (joinId: string) => Promise<void>;
  readonly requestToJoin: (joinId: string, note: string) => Promise<Outcome<OwnRequestView>>;
  readonly ownRequests: () => Promise<readonly OwnRequestView[]>;
  readonly withdraw: (gid: Gid) => Promise<Outcome<void>>;

  readonly requests: (gid: Gid) => Promise<Outcome<readonly RequestView[]>>;
  /** What approving these requests would do now. */
  readonly previewApproval: (
    gid: Gid,
    requests: readonly Hash[],
  ) => Promise<Outcome<ApprovalPreview>>;
  /**
   * Admits exactly these requests in one signed entry with one key change, as asked unless wished otherwise.
   * Answers for each what came of it; an error where nobody is admitted, and nobody had been.
   */
  readonly approve: (
    gid: Gid,
    requests: readonly Hash[],
    wishes?: ApproveWishes,
  ) => Promise<Outcome<readonly DecidedView[]>>;
  readonly reject: (gid: Gid, request: Hash, wishes: RejectWishes) => Promise<Outcome<void>>;

  /** What waits, runs, and ended lately, oldest first. */
  readonly tasks: () => Promise<readonly TaskView[]>;
  /** Keeps an act and carries it out once `delay` ms are over and the server can be reached. Answers its id. */
  readonly startTask: (gid: Gid, act: TaskAct, delay?: number) => Promise<Outcome<string>>;
  /** Takes back what has not begun. E_BUSY: it has. One that takes many messages is stopped where it is. */
  readonly cancelTask: (id: string) => Promise<Outcome<void>>;
  readonly retryTask: (id: string) => Promise<Outcome<void>>;
  /** Forgets a task that ended. */
  readonly dismissTask: (id: string) => Promise<Outcome<void>>;

  /** The signed log in words, newest first, a page at a time. */
  readonly activity: (gid: Gid, wishes: ActivityWishes) => Promise<Outcome<ActivityPage>>;
  /** Every key the group had, newest first. */
  readonly generations: (gid: Gid) => Promise<Outcome<readonly GenerationView[]>>;
  /** Notes of the staff, oldest first. E_ROLE for everybody else. */
  readonly notes: (gid: Gid) => Promise<Outcome<readonly NoteView[]>>;
  readonly addNote: (gid: Gid, about: NoteAbout, text: string) => Promise<Outcome<void>>;
  /** Tells owner and moderators, and nobody else; also while only they may write. */
  readonly reportMessage: (gid: Gid, wishes: ReportWishes) => Promise<Outcome<void>>;
  /** Reports that open here, newest first. E_ROLE for who is not staff. */
  readonly reports: (gid: Gid) => Promise<Outcome<readonly ReportView[]>>;
  /** Tells the staff that a report was seen to. */
  readonly handleReport: (gid: Gid, report: Hash) => Promise<Outcome<void>>;

  /** Searches what this device holds. E_BUSY: a later search took its place. */
  readonly search: (wishes: SearchWishes) => Promise<Outcome<SearchView>>;
  /** What the person looks at, and whether they type there; shown to its members, if the preferences allow. */
  readonly attend: (gid: Gid | null, typing: boolean) => Promise<void>;
  readonly preferences: () => Promise<PreferencesView>;
  readonly changePreferences: (change: PreferencesChange) => Promise<Outcome<void>>;

  /** The conversation with one other person: the one there is, or a new one to which they are invited. */
  readonly openPair: (pid: Pid) => Promise<Outcome<Gid>>;

  /** Marks that the safety number with a person was compared, on all devices of the account. */
  readonly setVerified: (pid: Pid, on: boolean) => Promise<Outcome<void>>;
  /** 60 digits two people compare. */
  readonly safetyNumber: (pid: Pid) => Promise<Outcome<string>>;

  readonly listen: (listener: (event: ClientEvent) => void) => () => void;
  /** Ends the connection and the engine; what is durable stays. */
  readonly close: () => Promise<void>;
}
