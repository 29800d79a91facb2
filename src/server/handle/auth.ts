/** Login: a device answers the challenge of Hello. */
import { ascii } from '../../lib/bytes.ts';
import { present } from '../../lib/assert.ts';
import { ok } from '../../lib/result.ts';
import { SIGN } from '../../crypto/label.ts';
import { verifySigned } from '../../crypto/verify.ts';
import { encodeAuthClaim } from '../../protocol/auth.ts';
import { decodeCheckpoint } from '../../protocol/checkpoint.ts';
import { fail, type Outcome } from '../../protocol/failure.ts';
import type { Gid } from '../../protocol/ids.ts';
import { CLIENT } from '../../protocol/limits.ts';
import type { RequestArgs, RequestReply } from '../../protocol/request.ts';
import type { Answer } from '../answer.ts';
import type { Context } from '../context.ts';
import { short } from '../log.ts';
import type { Caller, Connection, Session } from '../session.ts';
import { readableUntil } from '../snapshot.ts';
import { newestCard } from './newestCard.ts';

type Args = RequestArgs<'auth'>;

const MAX_FAILURES = 3;

/** Null where the claim proves pid and device on this very connection. */
async function proves(
  context: Context,
  connection: Connection,
  greeted: Extract<Session, { state: 'greeted' }>,
  args: Args,
): Promise<Outcome<null>> {
  const { p, storage, clock } = context;
  if (args.exp > greeted.time + CLIENT.authLifeMs || args.exp < clock())
    return fail('E_AUTH', 'the login is out of time');
  const newest = await newestCard(storage, args.pid);
  if (newest?.hash !== args.card) return fail('E_CARD', 'not the newest published card');
  const device = newest.devices.find((candidate) => candidate.dev === args.dev);
  if (device === undefined) return fail('E_DEVICE', 'device not in the newest card');
  const bound = {
    serverNonce: greeted.nonce,
    clientNonce: args.clientNonce,
    pid: args.pid,
    dev: args.dev,
    cardHash: args.card,
    exp: args.exp,
  };
  // A program sends no Origin header; it still signs for one address of this server.
  const origins = connection.origin === null ? context.origins() : [connection.origin];
  const signed = origins.some((origin) =>
    verifySigned(
      p,
      SIGN.auth,
      device.signPk,
      encodeAuthClaim({ origin: ascii(origin), ...bound }),
      args.signature,
    ),
  );
  return signed ? ok(null) : fail('E_AUTH', 'the signature does not fit this connection');
}

/** Our own signature over more than we hold: the data folder came from a backup. Appends wait until that is mended. */
async function noticeLoss(context: Context, checkpoints: Args['checkpoints']): Promise<void> {
  for (const bytes of checkpoints) {
    const shown = decodeCheckpoint(bytes);
    if (!shown.ok) continue;
    await context.groups.run(shown.value.gid, ({ working }) =>
      context.lost.notice(shown.value, working?.position ?? null),
    );
  }
}

async function groupsOf(context: Context, caller: Caller): Promise<RequestReply<'auth'>['groups']> {
  const checkpointFor = async (gid: Gid) => {
    const snapshot = present(await context.groups.read(gid), 'a membership has a group');
    const position = present(
      readableUntil(snapshot, caller.pid),
      'a membership has an end or goes on',
    );
    return {
      gid,
      member: snapshot.state.members.has(caller.pid),
      checkpoint: context.signer.checkpoint(gid, position),
    };
  };
  const memberships = await context.storage.memberships(caller.pid);
  return Promise.all(memberships.map(({ gid }) => checkpointFor(gid)));
}

export async function auth(
  context: Context,
  connection: Connection,
  args: Args,
): Promise<Answer<RequestReply<'auth'>>> {
  const greeted = connection.session;
  if (greeted.state !== 'greeted') return fail('E_AUTH', 'this connection has logged in already');
  const proven = await proves(context, connection, greeted, args);
  // Two answers to one challenge may have been checked at the same time; the first one spends it.
  if (connection.session.state !== 'greeted')
    return fail('E_AUTH', 'this connection has logged in already');
  if (!proven.ok) {
    const failures = connection.session.failures + 1;
    connection.session = { ...connection.session, failures };
    if (failures < MAX_FAILURES) return proven;
    return { ...proven, after: () => connection.end('E_AUTH') };
  }
  const signedIn = { state: 'signedIn', pid: args.pid, dev: args.dev, card: args.card } as const;
  connection.session = signedIn;
  const caller = { ...signedIn, connection };
  context.hub.arrive(caller);
  await noticeLoss(context, args.checkpoints);
  const groups = await groupsOf(context, caller);
  context.log.info('login', { pid: short(args.pid), dev: short(args.dev), groups: groups.length });
  return ok({ time: context.clock(), groups });
}
