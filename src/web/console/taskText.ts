/** Acts of the work tray in words: what is to be done, and what came of it. */
import type { TFunction } from 'i18next';
import { never } from '../../lib/assert.ts';
import type { GroupView, LinkView, RequestView, TaskRow, TaskView } from '../../client/view.ts';
import { roleName } from '../../protocol/role.ts';
import { nameOf } from '../parts/isolate.tsx';

/** What is known about a group where an act is told. */
export interface Around {
  readonly group: GroupView | undefined;
  readonly requests: readonly RequestView[] | undefined;
  readonly links: readonly LinkView[] | undefined;
}

export function keysOf({ act }: TaskView): readonly string[] {
  switch (act.kind) {
    case 'approve':
    case 'reject':
      return act.requests;
    case 'remove':
    case 'role':
    case 'unban':
    case 'add':
    case 'hide':
    case 'show':
      return act.people;
    case 'revoke':
    case 'pause':
      return act.links;
    case 'rotate':
      return [];
    default:
      return never(act);
  }
}

/** The name of what a row of the act is about, as well as it is known here. */
export function nameOfKey(task: TaskView, key: string, around: Around, t: TFunction): string {
  const row = task.rows.find((one) => one.key === key);
  if (row?.person?.name !== undefined && row.person.name !== null) return row.person.name;
  const link = around.links?.find((one) => one.pk === key);
  if (link !== undefined) return link.label === '' ? t('links.noLabel') : link.label;
  const person =
    task.asked.find((one) => one.request === key)?.person ??
    around.requests?.find((one) => one.hash === key)?.person ??
    around.group?.members.find((one) => one.pid === key) ??
    around.group?.banned.find((one) => one.pid === key) ??
    row?.person;
  return person === undefined || person === null ? t('person.unknown') : nameOf(person);
}

export function titleOf(task: TaskView, around: Around, t: TFunction): string {
  const { act } = task;
  const keys = keysOf(task);
  const [first] = keys;
  const count = keys.length;
  const name = first === undefined ? '' : nameOfKey(task, first, around, t);
  switch (act.kind) {
    case 'remove':
      return t(act.ban ? 'tray.act.ban' : 'tray.act.remove', { count, name });
    case 'pause':
      return t(act.paused ? 'tray.act.pause' : 'tray.act.resume', { count, name });
    case 'role':
      return t('tray.act.role', { count, name, role: t(`chat.roleIn.${roleName(act.role)}`) });
    case 'rotate':
      return t('tray.act.rotate');
    case 'approve':
    case 'reject':
    case 'unban':
    case 'add':
    case 'revoke':
    case 'hide':
    case 'show':
      return t(`tray.act.${act.kind}`, { count, name });
    default:
      return never(act);
  }
}

/** Why a row was left out, or who was first. */
export function rowText(row: TaskRow, t: TFunction): string {
  if (row.outcome === 'already')
    return row.by === null
      ? t('tray.row.alreadyNobody')
      : t('tray.row.already', { name: nameOf(row.by) });
  if (row.outcome === 'leftOut' && row.why !== null) return t(`failure.${row.why.name}.sentence`);
  return t('tray.row.done');
}

export interface Told {
  readonly tone: 'plain' | 'bad';
  readonly sentence: string;
  readonly next: string | null;
}

/** One sentence for an act that has ended. */
export function resultOf(task: TaskView, around: Around, t: TFunction): Told {
  if (task.reason !== null) {
    const because = task.unremoved
      ? t('tray.unremoved')
      : task.by === null
        ? t(`failure.${task.reason.name}.sentence`)
        : t('tray.tookAway', { name: nameOf(task.by) });
    return {
      tone: 'bad',
      sentence: t('tray.notDone', { act: titleOf(task, around, t) }),
      next: because,
    };
  }
  const { kind } = task.act;
  if (kind === 'hide' || kind === 'show') {
    const count = task.progress?.done ?? 0;
    const sentence = count === 0 ? t('tray.hidden.none') : t(`tray.hidden.${kind}`, { count });
    return { tone: 'plain', sentence, next: null };
  }
  const done = task.rows.filter((row) => row.outcome === 'done');
  const [only] = task.rows;
  if (task.rows.length === 1 && only !== undefined && only.outcome !== 'done') {
    const name = nameOfKey(task, only.key, around, t);
    const by = only.outcome === 'already' && only.by !== null ? nameOf(only.by) : null;
    const sentence =
      by === null
        ? `${name}: ${rowText(only, t)}`
        : t(`tray.first.${firstKey(task)}`, { by, name });
    return { tone: 'plain', sentence, next: null };
  }
  const rest = task.rows.length - done.length;
  const count = done.length;
  const name = done[0] === undefined ? '' : nameOfKey(task, done[0].key, around, t);
  return {
    tone: 'plain',
    sentence: doneText(task, count, name, t),
    next: rest === 0 ? null : t('tray.rest', { count: rest }),
  };
}

function firstKey({ act }: TaskView) {
  switch (act.kind) {
    case 'revoke':
    case 'pause':
    case 'rotate':
    case 'hide':
    case 'show':
      return 'other';
    default:
      return act.kind;
  }
}

function doneText(task: TaskView, count: number, name: string, t: TFunction): string {
  const { act } = task;
  if (act.kind === 'rotate') return t('security.rotated');
  if (count === 0) return t('tray.nothingLeft');
  switch (act.kind) {
    case 'remove':
      return t(act.ban ? 'tray.done.ban' : 'tray.done.remove', { count, name });
    case 'pause':
      return t(act.paused ? 'tray.done.pause' : 'tray.done.resume', { count, name });
    case 'role':
      return t('tray.done.role', { count, name, role: t(`chat.roleIn.${roleName(act.role)}`) });
    case 'approve':
    case 'reject':
    case 'unban':
    case 'add':
    case 'revoke':
      return t(`tray.done.${act.kind}`, { count, name });
    case 'hide':
    case 'show':
      return t(`tray.hidden.${act.kind}`, { count });
    default:
      return never(act);
  }
}

/** Failures that pass: who was left out for one of them is worth another try. */
const PASSING: ReadonlySet<string> = new Set([
  'E_OFFLINE',
  'E_TIMEOUT',
  'E_BUSY',
  'E_STORAGE',
  'E_LIMIT',
  'E_PREV',
  'E_TIME',
]);

/** Rows that may succeed when tried again. */
export function passing(task: TaskView): readonly TaskRow[] {
  return task.rows.filter(
    (row) => row.outcome === 'leftOut' && row.why !== null && PASSING.has(row.why.name),
  );
}

export function mayRetry(task: TaskView): boolean {
  if (task.state === 'failed') return task.reason?.name !== 'E_ROLE';
  // It was stopped on its way.
  if (task.progress !== null && task.progress.done < task.progress.total) return true;
  return passing(task).length > 0;
}
