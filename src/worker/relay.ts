/** Stands before the page: its calls go to whoever runs the engine now, and none of them is lost when that changes. */
import { fail, type Outcome } from '../protocol/failure.ts';
import type { ConnectionView, FilePart, TimelineItem, TimelinePage } from '../client/view.ts';
import { type CallName, isCallName, mayRepeat } from './calls.ts';
import type { Port, Tell } from './message.ts';
import { buffersIn } from './parcel.ts';

export interface Relay {
  /** From now on this engine answers. What the one before left unanswered is asked again, or its outcome is said to be unknown. */
  readonly attach: (engine: Port) => void;
  readonly detach: () => void;
  /** Nothing will answer any more. */
  readonly stop: (reason: string) => void;
}

interface Call {
  readonly id: number;
  readonly name: unknown;
  readonly args: unknown;
}

interface Waiting {
  readonly call: Call;
  readonly askedAt: number;
  /** How far the server's clock was from the own one then, as far as it was said. */
  readonly clockOff: number;
  /** `new`: no engine has it. `asked`: one has it. `settling`: it is being found out whether the one before had done it. */
  state: 'new' | 'asked' | 'settling';
  readonly answer: (tell: Tell) => void;
}

const UNKNOWN = fail('E_TIMEOUT', 'the engine went to another tab before it answered');
/** A stored message carries the server's time: below the first it is surely the one asked for, below the second perhaps. */
const SURELY_MS = 2000;
const PERHAPS_MS = 300_000;

/**
 * Called by worker/tabs.ts and worker/lasting.ts. `close` is what the page's own farewell does, `ownIds` what the relay's own
 * questions are called: nothing that a page asks may have one of them.
 */
export function createRelay(
  page: Port,
  close: () => Promise<void>,
  now: () => number = Date.now,
  ownIds: { readonly from: number; readonly step: number } = { from: -1, step: -1 },
): Relay {
  const waiting = new Map<number, Waiting>();
  /** Lines a message was found to be. */
  const told = new Set<string>();
  let engine: Port | null = null;
  let unlisten: () => void = () => undefined;
  let wasAttached = false;
  let stopped: string | null = null;
  let nextOwnId = ownIds.from;
  let clockOff = 0;

  const tellPage = (tell: Tell): void => page.post(tell);

  page.listen({
    message: (data) => {
      const { kind, id, name, args } = data as Readonly<Record<string, unknown>>;
      if (typeof id !== 'number' || id < 0) return;
      if (kind === 'close')
        return void close().then(() => tellPage({ kind: 'answer', id, value: undefined }));
      if (kind !== 'call') return tellPage({ kind: 'broken', id, reason: 'this cannot be called' });
      if (stopped !== null) return tellPage({ kind: 'broken', id, reason: stopped });
      ask({ id, name, args }, (tell) => page.post(tell, givenWith(name, tell)));
    },
    broken: () => {
      void close();
    },
  });

  function ask(call: Call, answer: (tell: Tell) => void): void {
    const one: Waiting = { call, askedAt: now(), clockOff, state: 'new', answer };
    waiting.set(call.id, one);
    pass(one);
  }

  function pass(one: Waiting): void {
    one.state = 'new';
    if (engine === null || isHeldUp(one)) return;
    one.state = 'asked';
    engine.post({ kind: 'call', ...one.call });
  }

  /** A message goes to the engine after those of its group that were written before it. */
  function isHeldUp(one: Waiting): boolean {
    const group = groupWrittenTo(one.call);
    if (group === null) return false;
    for (const other of waiting.values()) {
      if (other === one) return false;
      if (other.state !== 'asked' && groupWrittenTo(other.call) === group) return true;
    }
    return false;
  }

  function passNew(): void {
    for (const one of [...waiting.values()]) if (one.state === 'new') pass(one);
  }

  /** The relay's own question; a hand-over meanwhile only makes it wait. */
  function inquire(name: CallName, args: readonly unknown[]): Promise<unknown> {
    const id = nextOwnId;
    nextOwnId += ownIds.step;
    return new Promise((resolve) => {
      ask({ id, name, args }, (tell) => resolve(tell.kind === 'answer' ? tell.value : null));
    });
  }

  function end(one: Waiting, tell: Tell): void {
    waiting.delete(one.call.id);
    one.answer(tell);
  }

  function hear(data: unknown): void {
    const tell = data as Tell;
    // That an engine ended is for tabs.ts to judge: the next one may be there already.
    if (tell.kind === 'news') {
      if (tell.event.kind === 'connection') hearClock(tell.event.connection);
      return tell.event.kind === 'stopped' ? undefined : page.post(tell);
    }
    const one = waiting.get(tell.id);
    // The call of this name answers exactly this.
    if (one?.call.name === 'connection' && tell.kind === 'answer')
      hearClock(tell.value as ConnectionView);
    if (one?.state === 'asked') end(one, tell);
    return undefined;
  }

  function hearClock(connection: ConnectionView): void {
    if (connection.state === 'online') clockOff = connection.clockOffBy;
  }

  /** An engine that is gone had this call and did not answer. */
  function settle(one: Waiting): void {
    const { id, name, args } = one.call;
    if (!isCallName(name) || mayRepeat(name)) return pass(one);
    if (groupWrittenTo(one.call) !== null)
      return void settleMessage(one, args as readonly [string, string]).then(passNew);
    return end(one, { kind: 'answer', id, value: UNKNOWN });
  }

  /** A message is durable or it is not: the talk says which, so it is neither lost nor sent twice. */
  async function settleMessage(
    one: Waiting,
    [gid, text]: readonly [string, string],
  ): Promise<void> {
    one.state = 'settling';
    // The call of this name answers exactly this.
    const talk = (await inquire('timeline', [gid, null])) as Outcome<TimelinePage> | null;
    const { id } = one.call;
    if (talk?.ok !== true) return end(one, { kind: 'answer', id, value: UNKNOWN });
    // The same words written twice are two messages: a line is the one or the other.
    const same = talk.value.items.filter((item) => isOwn(item, text) && !told.has(item.key));
    const askedAt = (item: TimelineItem): number =>
      item.kind === 'message' ? one.askedAt + one.clockOff : one.askedAt;
    const sure = same.find((item) => item.at >= askedAt(item) - slackOf(item));
    if (sure !== undefined) {
      told.add(sure.key);
      return end(one, { kind: 'answer', id, value: { ok: true, value: sure.key } });
    }
    if (same.some((item) => item.kind === 'message' && item.at >= askedAt(item) - PERHAPS_MS))
      return end(one, { kind: 'answer', id, value: UNKNOWN });
    return pass(one);
  }

  const detach = (): void => {
    unlisten();
    unlisten = () => undefined;
    engine = null;
  };

  return {
    attach: (next) => {
      detach();
      engine = next;
      unlisten = next.listen({ message: hear, broken: () => undefined });
      if (wasAttached) tellPage({ kind: 'news', event: { kind: 'resumed' } });
      wasAttached = true;
      for (const one of [...waiting.values()]) {
        if (one.state === 'asked') settle(one);
        else if (one.state === 'new') pass(one);
      }
    },
    detach,
    stop: (reason) => {
      detach();
      stopped = reason;
      waiting.clear();
      // The bridge refuses by itself whatever still waits.
      tellPage({ kind: 'news', event: { kind: 'stopped', reason } });
    },
  };
}

function groupWrittenTo({ name, args }: Call): unknown {
  return name === 'sendMessage' && Array.isArray(args) ? (args[0] as unknown) : null;
}

/** Bytes in the answer of a call that nobody here keeps: they are moved to the page, not copied. */
function givenWith(name: unknown, tell: Tell): ArrayBuffer[] {
  if (name !== 'readFile' || tell.kind !== 'answer') return [];
  // The call of this name answers exactly this.
  const answer = tell.value as Outcome<FilePart>;
  return answer.ok ? buffersIn([answer.value.part]) : [];
}

function isOwn(item: TimelineItem, text: string): boolean {
  return (
    (item.kind === 'outgoing' && item.text === text) ||
    (item.kind === 'message' && item.mine && item.text === text)
  );
}

function slackOf(item: TimelineItem): number {
  return item.kind === 'message' ? SURELY_MS : 0;
}
