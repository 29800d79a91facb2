/** How acts of the work tray are stored. */
import type { TaskAct } from '../client/view.ts';
import { ERROR_NAMES } from '../protocol/failure.ts';
import {
  array,
  bool,
  type Field,
  type FieldType,
  grown,
  id,
  nullable,
  oneOf,
  record,
  text,
  uint,
} from '../protocol/field.ts';
import type { Gid, Hash, LinkPk, Pid } from '../protocol/ids.ts';

const MANY = 2_000;
/** Acts that wait at most. */
export const TASKS_MAX = 200;
/** Ended tasks are kept until they are dismissed, the newest ones at most. */
export const ENDED_MAX = 50;

/** An act in one shape; what its kind does not use is empty. */
const actRecord = grown(
  {
    kind: oneOf(
      'approve',
      'reject',
      'remove',
      'role',
      'unban',
      'add',
      'revoke',
      'pause',
      'rotate',
      'hide',
      'show',
    ),
    requests: array(id<Hash>(), MANY),
    people: array(id<Pid>(), MANY),
    links: array(id<LinkPk>(), MANY),
    enter: oneOf('link', 'observer', 'member'),
    role: oneOf(0, 1, 2),
    flag: bool,
    words: text(4000),
  },
  {
    since: [uint, 0],
    /** A place in the timeline. */
    from: [uint, 0],
  },
);

const rowRecord = record({
  key: text(64),
  pid: nullable(id<Pid>()),
  name: nullable(text(400)),
  outcome: oneOf('done', 'already', 'leftOut'),
  by: nullable(id<Pid>()),
  why: nullable(oneOf(...ERROR_NAMES)),
});

const taskRecord = grown(
  {
    id: text(32),
    gid: id<Gid>(),
    act: actRecord,
    startedAt: uint,
    notBefore: uint,
    /** The group's generation when it was started: a key changed since then has done what a rotation was asked for. */
    from: uint,
    ended: bool,
    failed: nullable(oneOf(...ERROR_NAMES)),
    by: nullable(id<Pid>()),
    rows: array(rowRecord, MANY),
    generation: nullable(uint),
  },
  {
    /** Whom it is about, as known when it was started: a request that was decided meanwhile is not held any more. */
    asked: [
      array(record({ key: id<Hash>(), pid: id<Pid>(), name: nullable(text(400)) }), MANY),
      [],
    ],
    /** The place in the timeline where it was started: what was said of messages since then may be its own. */
    fromT: [uint, 0],
    /** Messages that were left at the last look, of how many. */
    left: [uint, 0],
    total: [uint, 0],
    /** A hiding that was ended because the removal it waited for was taken back or failed. */
    unremoved: [bool, false],
  },
);
export type StoredTask = FieldType<typeof taskRecord>;
export type StoredRow = FieldType<typeof rowRecord>;
export const tasksField: Field<readonly StoredTask[]> = array(taskRecord, TASKS_MAX + ENDED_MAX);

const NO_ACT = {
  requests: [],
  people: [],
  links: [],
  enter: 'link',
  role: 1,
  flag: false,
  words: '',
  since: 0,
  from: 0,
} as const;

export function actToStore(act: TaskAct): StoredTask['act'] {
  switch (act.kind) {
    case 'approve':
      return { ...NO_ACT, ...act, enter: act.role, role: 1, flag: act.history };
    case 'reject':
      return { ...NO_ACT, ...act, words: act.note, flag: act.block };
    case 'remove':
      return { ...NO_ACT, ...act, words: act.reason, flag: act.ban };
    case 'pause':
      return { ...NO_ACT, ...act, flag: act.paused };
    default:
      return { ...NO_ACT, ...act };
  }
}

export function actOf(stored: StoredTask['act']): TaskAct {
  const { kind, requests, people, links, enter, role, flag, words, since, from } = stored;
  switch (kind) {
    case 'approve':
      return { kind, requests, role: enter, history: flag };
    case 'reject':
      return { kind, requests, note: words, block: flag };
    case 'remove':
      return { kind, people, ban: flag, reason: words };
    case 'role':
      return { kind, people, role };
    case 'unban':
    case 'add':
      return { kind, people };
    case 'revoke':
      return { kind, links };
    case 'pause':
      return { kind, links, paused: flag };
    case 'rotate':
      return { kind };
    case 'hide':
      return { kind, people, since };
    case 'show':
      return { kind, people, since, from };
  }
}
