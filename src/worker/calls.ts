/** The fixed table of callable names. It follows from client.ts: a forgotten or an extra name does not compile. */
import type { Client } from '../client/client.ts';

/** `listen` and `close` are not calls: news comes by itself, and closing ends the door. */
export type CallName = Exclude<keyof Client, 'listen' | 'close'>;
export type Arguments<Name extends CallName> = Parameters<Client[Name]>;
export type Answer<Name extends CallName> = Awaited<ReturnType<Client[Name]>>;

const CALLS: Readonly<Record<CallName, true>> = {
  account: true,
  createAccount: true,
  connection: true,
  reconnect: true,
  groups: true,
  group: true,
  spawnGroup: true,
  initGroup: true,
  editGroupInfo: true,
  setPolicy: true,
  editMember: true,
  leaveGroup: true,
  closeGroup: true,
  rotateSessionKey: true,
  acceptInvitation: true,
  getGroupMetadata: true,
  sendMessage: true,
  retryMessage: true,
  discardMessage: true,
  queryMessage: true,
  timeline: true,
  markRead: true,
  links: true,
  createLink: true,
  copyLink: true,
  revokeLink: true,
  openLink: true,
  joining: true,
  dismissLink: true,
  requestToJoin: true,
  ownRequests: true,
  withdraw: true,
  requests: true,
  approve: true,
  reject: true,
  safetyNumber: true,
};

export const CALL_NAMES = Object.keys(CALLS) as readonly CallName[];

/** Whether a name may be called. Only the table's own names are: no path, no prototype is walked. */
export function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(CALLS, name);
}
