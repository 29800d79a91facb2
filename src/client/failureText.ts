/** One sentence for people and one next step for every named failure; used by the page (as text keys) and the command line. */
import type { ErrorName } from '../protocol/failure.ts';

export interface FailureText {
  readonly sentence: string;
  readonly next: string;
}

export const FAILURE_TEXT: Readonly<Record<ErrorName, FailureText>> = {
  E_FORMAT: {
    sentence: 'Something arrived in a form Conclave does not accept.',
    next: 'Try again; if it stays, ask the person who sent it.',
  },
  E_SIG: {
    sentence: 'A signature does not belong to who it claims.',
    next: 'Nothing was changed. Compare codes with the person.',
  },
  E_SEQ: {
    sentence: 'A change came out of order.',
    next: 'Conclave asks for what is missing by itself.',
  },
  E_PREV: {
    sentence: 'Somebody else changed the group first.',
    next: 'Look at what changed, then decide again.',
  },
  E_GID: { sentence: 'This belongs to another group.', next: 'Nothing was changed.' },
  E_TIME: { sentence: 'A clock is off.', next: 'Check the date and time of this device.' },
  E_ROLE: { sentence: 'Your role does not allow this.', next: 'Ask the owner or a moderator.' },
  E_CARD: {
    sentence: 'The keys of this person do not match what the group knows.',
    next: 'Compare codes with them before you go on.',
  },
  E_ROSTER: {
    sentence: 'The list of members has changed meanwhile.',
    next: 'Look at the members, then decide again.',
  },
  E_GEN: { sentence: 'The change does not carry the right new key.', next: 'Try again.' },
  E_KC: {
    sentence: 'The new key is not the one that was announced.',
    next: 'A moderator changes the key; nothing is needed from you.',
  },
  E_BOX: {
    sentence: 'Your sealed key could not be opened.',
    next: 'Conclave asks a moderator for a new key by itself.',
  },
  E_HIST: {
    sentence: 'Earlier messages may not be shared here.',
    next: 'Ask the person who admitted you.',
  },
  E_PROFILE: {
    sentence: 'The name of the group was not sealed correctly.',
    next: 'The earlier name stays until a moderator sets it again.',
  },
  E_LINK: { sentence: 'This link no longer admits anybody.', next: 'Ask for a new link.' },
  E_BANNED: { sentence: 'This person is blocked in this group.', next: 'Unblock them first.' },
  E_REQ: { sentence: 'This request is no longer open.', next: 'Ask again through a link.' },
  E_NOT_MEMBER: {
    sentence: 'You are not a member of this group.',
    next: 'Ask for a link to join.',
  },
  E_DEVICE: {
    sentence: 'This device is not part of the account any more.',
    next: 'Sign in again with the recovery code.',
  },
  E_STALE_GEN: {
    sentence: 'The key changed while this was on its way.',
    next: 'It is sent again by itself.',
  },
  E_REPLAY: { sentence: 'This was already received.', next: 'Nothing is needed.' },
  E_GAP: { sentence: 'Something before this is missing.', next: 'Conclave asks for it by itself.' },
  E_AEAD: {
    sentence: 'This message could not be opened with the key of its time.',
    next: 'Ask its author to send it again.',
  },
  E_FORK: {
    sentence: 'The server has shown two different histories of this group.',
    next: 'Nothing is sent here any more. Export the evidence, show it to the others, and compare the group code with them.',
  },
  E_WITHHELD: {
    sentence: 'The server does not hand out this message.',
    next: 'Ask its author, or the operator of the server.',
  },
  E_PENDING: {
    sentence: 'The group is waiting for a new key.',
    next: 'It goes on when a moderator is online.',
  },
  E_CLOSED: { sentence: 'This group was closed.', next: 'You can still read what you have.' },
  E_LIMIT: { sentence: 'This is more than allowed.', next: 'Make it smaller, or try again later.' },
  E_AUTH: {
    sentence: 'The server did not accept the sign-in of this device.',
    next: 'Check the clock of this device, then reconnect.',
  },
  E_SUITE: {
    sentence: 'This group uses a kind of encryption this version does not know.',
    next: 'Update Conclave.',
  },
  E_VERSION: {
    sentence: 'This comes from a later version of Conclave.',
    next: 'Reload to update.',
  },
  E_NOT_FOUND: {
    sentence: 'This does not exist here, or not any more.',
    next: 'Check the link or the name.',
  },
  E_BUSY: { sentence: 'The server is busy.', next: 'It is tried again by itself.' },
  E_STORAGE: {
    sentence: 'This could not be stored.',
    next: 'Make room on the disk, then try again.',
  },
  E_OFFLINE: {
    sentence: 'There is no connection to the server.',
    next: 'It goes on when you are online.',
  },
  E_TIMEOUT: { sentence: 'The server did not answer in time.', next: 'Try again.' },
};
