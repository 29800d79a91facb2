/** The fixed table of callable names. It follows from client.ts: a forgotten or an extra name does not compile. */
import type { Client } from '../client/client.ts';
import type { Outcome } from '../protocol/failure.ts';

/** `listen` and `close` are not calls: news comes by itself, and closing ends the door. */
export type CallName = Exclude<keyof Client, 'listen' | 'close'>;
export type Arguments<Name extends CallName> = Parameters<Client[Name]>;
export type Answer<Name extends CallName> = Awaited<ReturnType<Client[Name]>>;

/**
 * What is done with a call whose engine went away before it answered. `again`: it is asked of the next engine, for it only reads
 * or does the same twice. `once`: it may have been done, so the person is told to try again. A call that cannot answer with a
 * failure is always `again`.
 */
type Repeat<Name extends CallName> =
  Answer<Name> extends Outcome<unknown> ? 'again' | 'once' : 'again';

const CALLS: { readonly [Name in CallName]: Repeat<Name> } = {
  account: 'again',
  createAccount: 'once',
  recovery: 'again',
  showRecoveryCode: 'once',
  proveRecoveryCode: 'once',
  restoreAccount: 'once',
  offerDevice: 'once',
  withdrawDeviceOffer: 'once',
  enterFromDevice: 'once',
  ways: 'again',
  addWay: 'once',
  removeWay: 'once',
  restoreByWay: 'once',
  lock: 'again',
  addLock: 'once',
  removeLock: 'once',
  setIdle: 'again',
  lockNow: 'once',
  unlock: 'once',
  devices: 'again',
  signOutDevice: 'once',
  enrolAgain: 'once',
  logOut: 'once',
  exportData: 'again',
  deletion: 'again',
  deleteAccount: 'again',
  eraseNow: 'again',
  connection: 'again',
  reconnect: 'again',
  useServerTime: 'again',
  groups: 'again',
  group: 'again',
  spawnGroup: 'once',
  initGroup: 'once',
  editGroupInfo: 'once',
  groupImage: 'again',
  setPolicy: 'once',
  editMember: 'once',
  leaveGroup: 'once',
  closeGroup: 'once',
  offerOwnership: 'once',
  acceptOwnership: 'once',
  openSuccessor: 'once',
  joinSuccessor: 'once',
  exportLog: 'again',
  exportEvidence: 'again',
  continueWithServer: 'once',
  rotateSessionKey: 'once',
  forgetGroup: 'once',
  acceptInvitation: 'again',
  getGroupMetadata: 'again',
  sendMessage: 'once',
  editMessage: 'once',
  deleteMessage: 'once',
  hideMessage: 'once',
  countMessages: 'again',
  reactTo: 'once',
  pinMessage: 'once',
  pinned: 'again',
  messageDetails: 'again',
  draft: 'again',
  keepDraft: 'again',
  fileRoom: 'again',
  startFile: 'once',
  addToFile: 'once',
  sendFile: 'once',
  dropFile: 'again',
  openFile: 'again',
  readFile: 'once',
  closeFile: 'again',
  retryMessage: 'once',
  discardMessage: 'once',
  queryMessage: 'again',
  timeline: 'again',
  lookAgain: 'again',
  markRead: 'again',
  links: 'again',
  createLink: 'once',
  copyLink: 'again',
  changeLink: 'once',
  revokeLink: 'once',
  openLink: 'again',
  joining: 'again',
  dismissLink: 'again',
  requestToJoin: 'once',
  ownRequests: 'again',
  withdraw: 'once',
  requests: 'again',
  previewApproval: 'again',
  approve: 'once',
  reject: 'once',
  tasks: 'again',
  startTask: 'once',
  cancelTask: 'once',
  retryTask: 'once',
  dismissTask: 'once',
  activity: 'again',
  generations: 'again',
  notes: 'again',
  addNote: 'once',
  reportMessage: 'once',
  reports: 'again',
  handleReport: 'once',
  search: 'again',
  attend: 'again',
  preferences: 'again',
  changePreferences: 'again',
  openPair: 'once',
  setVerified: 'once',
  safetyNumber: 'again',
};

export const CALL_NAMES = Object.keys(CALLS) as readonly CallName[];

/** Whether a name may be called. Only the table's own names are: no path, no prototype is walked. */
export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name);
}

export function mayRepeat(name: CallName): boolean {
  return CALLS[name] === 'again';
}
