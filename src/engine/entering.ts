/** How an account comes to be here and how its server learns of it: made, taken back, followed when another device changes it, enrolled anew. */
import { present } from '../lib/assert.ts';
import { ok } from '../lib/result.ts';
import { createSerial } from '../lib/serial.ts';
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import { neutralise } from '../client/shownName.ts';
import type { AccountView } from '../client/view.ts';
import { fail, type Outcome } from '../protocol/failure.ts';
import type { Hash } from '../protocol/ids.ts';
import { CLIENT } from '../protocol/limits.ts';
import type { PushOf } from '../protocol/push.ts';
import {
  type Account,
  drawAccount,
  isPublished,
  keepAccount,
  publishedCards,
  type Stored,
  unpublished,
} from './account.ts';
import type { Context } from './context.ts';
import type { Keeping } from './keep.ts';
import type { Rooms } from './rooms.ts';
import { begunAgain } from './twin.ts';

/** After this long it is looked again for what another device did not put into the vault yet. */
const RENEW_AGAIN_MS = 15_000;

export interface Entering extends Pick<Client, 'createAccount' | 'enrolAgain'> {
  /** An account that was found elsewhere comes in with this installation as a further device. */
  readonly bringIn: (find: () => Promise<Outcome<Stored>>) => Promise<Outcome<AccountView>>;
  /** The server must know the newest card before anybody can log in with it. Sent again after a lost answer. */
  readonly publish: () => Promise<Outcome<void>>;
  /** The own cards are being fetched from the vault: nobody logs in meanwhile. */
  readonly renewing: () => boolean;
  /**
   * The own card is not the newest the server knows. A server that lost it gets the whole chain back; where another device
   * went on, its cards are taken from the vault. Then this one logs in again.
   */
  readonly renew: () => Promise<void>;
  /** The server took the own card. */
  readonly loggedIn: () => void;
  /** Another device of this account did something: its cards are taken over while both go on. */
  readonly heard: (what: PushOf<'account'>['what']) => Promise<void>;
}

/** What entering reads and changes of the engine. */
export interface EnteringOutside {
  readonly account: () => Account | null;
  readonly replace: (account: Account) => void;
  readonly closed: () => boolean;
  readonly deviceName: string;
  readonly rooms: Pick<Rooms, 'all' | 'catchUp' | 'changed'>;
  readonly keeping: Keeping;
  readonly told: (event: ClientEvent) => void;
  readonly tellKeeping: () => void;
}

export const accountViewOf = ({ identity, stored }: Account): AccountView => ({
  pid: identity.pid,
  name: stored.name,
});

export function createEntering(ctx: Context, outside: EnteringOutside): Entering {
  const { p, clock, records, session } = ctx;
  const { rooms, keeping, tellKeeping } = outside;
  const publishing = createSerial();
  let renewing = false;
  /** The own card whose chain was shown to the server since it was refused. */
  let cardGiven: Hash | null = null;

  /** False where it took longer than any call may. */
  const inTime = (wait: Promise<boolean>): Promise<boolean> =>
    new Promise((resolve) => {
      const stop = clock.after(CLIENT.callTimeoutMs, () => resolve(false));
      void wait.then((there) => {
        stop();
        resolve(there);
      });
    });
  const greeted = (): Promise<boolean> => inTime(session.until('greeted'));
  const online = (): Promise<boolean> => inTime(session.until('online'));

  const tellServer = async (): Promise<Outcome<void>> => {
    let account = outside.account();
    if (account === null) return ok(undefined);
    if (isPublished(account)) {
      // Another device published it while this connection said hello: nobody else would log in now.
      if (!renewing) session.accountReady();
      return ok(undefined);
    }
    if (!(await greeted())) return fail('E_OFFLINE', 'no server');
    account = outside.account();
    if (account === null) return ok(undefined);
    let upTo = account.card.n + 1;
    let answer = await session.call('publishCards', { cards: unpublished(account) });
    if (!answer.ok && answer.error.name === 'E_CARD') {
      // Another device was first: its cards are taken over, and what is still to be told follows them.
      const caughtUp = await keeping.catchUp();
      if (!caughtUp.ok) return caughtUp;
      account = present(outside.account(), 'its cards were taken over');
      if (isPublished(account)) return fail('E_PREV', 'another device changed the account first');
      upTo = account.card.n + 1;
      answer = await session.call('publishCards', { cards: unpublished(account) });
    }
    if (!answer.ok) return { ok: false, error: answer.error };
    await keeping.published(upTo);
    session.accountReady();
    for (const room of rooms.all()) rooms.catchUp(room.replica.gid);
    tellKeeping();
    return ok(undefined);
  };
  const publish = (): Promise<Outcome<void>> => publishing(tellServer);

  /** Publishes the account that was just stored, logs in and tells everybody. */
  const enter = async (): Promise<Outcome<AccountView>> => {
    const published = await publish();
    if (!published.ok) return published;
    if (!(await online())) return fail('E_OFFLINE', 'no server');
    const view = accountViewOf(present(outside.account(), 'the account was made'));
    outside.told({ kind: 'account', account: view });
    tellKeeping();
    return ok(view);
  };

  const createAccount = async (name: string): Promise<Outcome<AccountView>> => {
    const held = outside.account();
    if (held !== null && isPublished(held))
      return fail('E_ROSTER', 'there is an account on this device');
    const shown = neutralise(name);
    if (shown === null) return fail('E_FORMAT', 'a name is needed');
    const time = Math.round(clock.now());
    if (held === null)
      outside.replace(
        await keepAccount(p, records, drawAccount(p, shown, outside.deviceName, time)),
      );
    return enter();
  };

  const bringIn = async (find: () => Promise<Outcome<Stored>>): Promise<Outcome<AccountView>> => {
    if (outside.account() !== null) return fail('E_ROSTER', 'there is an account on this device');
    if (!(await greeted())) return fail('E_OFFLINE', 'no server');
    const restored = await find();
    if (!restored.ok) return restored;
    outside.replace(await keepAccount(p, records, restored.value));
    const entered = await enter();
    if (entered.ok) ctx.tend(keeping.save());
    return entered;
  };

  const renew = async (): Promise<void> => {
    if (outside.closed() || renewing || outside.account() === null) return;
    renewing = true;
    session.retry();
    const there = await greeted();
    const account = outside.account();
    if (there && account !== null) {
      const before = account.identity.cardHash;
      const given =
        cardGiven === before
          ? null
          : await session.call('publishCards', { cards: publishedCards(account) });
      if (given?.ok === true) cardGiven = before;
      const renewed = await keeping.catchUp();
      renewing = false;
      if (renewed.ok || given?.ok === true) ctx.tend(publish().then(() => session.accountReady()));
      // Cards whose key only the device knows that made them: its vault follows them.
      else clock.after(RENEW_AGAIN_MS, () => ctx.tend(renew()));
      tellKeeping();
    }
    renewing = false;
  };

  /** A copied profile becomes a device of its own: another key, counters from one, what waits is sealed anew. */
  const enrolAgain = async (): Promise<Outcome<void>> => {
    if (!ctx.twin.known()) return ok(undefined);
    // Logged in means that the newest cards are known: the copy may have changed the account meanwhile.
    if (!(await online())) return fail('E_OFFLINE', 'no connection');
    const enrolled = await keeping.newDevice(() => [
      ...rooms.all().flatMap((room) => begunAgain(records, room.replica)),
      ctx.twin.end,
    ]);
    if (!enrolled.ok) return enrolled;
    ctx.twin.over();
    for (const room of rooms.all()) rooms.changed(room.replica, { outbox: true });
    const published = await publish();
    // The server ends the connection of the old key at once; the rest happens on the next one.
    if (!published.ok && published.error.name !== 'E_OFFLINE') return published;
    return (await online()) ? ok(undefined) : fail('E_OFFLINE');
  };

  return {
    createAccount,
    enrolAgain,
    bringIn,
    publish,
    renew,
    renewing: () => renewing,
    loggedIn: () => {
      cardGiven = null;
    },
    async heard(what) {
      if (what === 'pass') outside.told({ kind: 'deviceCode', state: 'used' });
      else if (!renewing && (await keeping.catchUp()).ok) tellKeeping();
    },
  };
}
