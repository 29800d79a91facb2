/** From a frame to its handler and back: the one list of what may be asked, and by whom. */
import type { Bytes } from '../lib/bytes.ts';
import { ok } from '../lib/result.ts';
import { decodeFrame, uint } from '../protocol/field.ts';
import { fail } from '../protocol/failure.ts';
import {
  decodeRequest,
  encodeRefusal,
  encodeReply,
  type Request,
  type RequestArgs,
  type RequestName,
  type RequestReply,
} from '../protocol/request.ts';
import type { Answer } from './answer.ts';
import type { Context } from './context.ts';
import { append } from './handle/append.ts';
import { auth } from './handle/auth.ts';
import { blobRoom, dropBlob, getBlob, putBlob } from './handle/blobs.ts';
import { box, boxes } from './handle/boxes.ts';
import { fetchCards, publishCards } from './handle/cards.ts';
import { dropBody } from './handle/dropBody.ts';
import { giveObjects, lacking } from './handle/lacking.ts';
import { log } from './handle/log.ts';
import { giveBack, lost } from './handle/lost.ts';
import { offer } from './handle/offer.ts';
import { dropAccount, dropPass, putPass, takePass } from './handle/passes.ts';
import { preview } from './handle/preview.ts';
import { putRecord, records } from './handle/records.ts';
import { ownRequest, requests } from './handle/requests.ts';
import { sealed } from './handle/sealed.ts';
import { send } from './handle/send.ts';
import { signal } from './handle/signal.ts';
import { query, subscribe } from './handle/timeline.ts';
import { getVault, ownVault, putVault } from './handle/vault.ts';
import { kindOf } from './log.ts';
import type { Caller, Connection } from './session.ts';
import { throttle } from './throttle.ts';

type OpenName = 'auth' | 'ping' | 'publishCards' | 'preview' | 'getVault' | 'takePass';
type ClosedName = Exclude<RequestName, OpenName>;
type Handler<Who, N extends RequestName> = (
  context: Context,
  who: Who,
  args: RequestArgs<N>,
) => Promise<Answer<RequestReply<N>>>;

/** Asked by anybody. */
const OPEN: { readonly [N in OpenName]: Handler<Connection, N> } = {
  auth,
  ping: (context) => Promise.resolve(ok({ time: context.clock() })),
  publishCards,
  preview,
  getVault,
  takePass,
};

/** Asked by those who logged in. */
const CLOSED: { readonly [N in ClosedName]: Handler<Caller, N> } = {
  fetchCards,
  append,
  send,
  subscribe,
  query,
  log,
  box,
  boxes,
  sealed,
  offer,
  requests,
  ownRequest,
  lost,
  giveBack,
  lacking,
  giveObjects,
  dropBody,
  signal,
  putRecord,
  records,
  blobRoom,
  putBlob,
  dropBlob,
  getBlob,
  putVault,
  ownVault,
  putPass,
  dropPass,
  dropAccount,
};

function isOpen(name: RequestName): name is OpenName {
  return name in OPEN;
}

function handle(
  context: Context,
  connection: Connection,
  request: Request,
): Promise<Answer<RequestReply<RequestName>>> {
  // The tables pair each name with its own arguments; the compiler does not follow that through the union.
  type Any<Who> = (
    context: Context,
    who: Who,
    args: Request['args'],
  ) => Promise<Answer<RequestReply<RequestName>>>;
  const tooMuch = throttle(context, connection, request.name);
  if (tooMuch !== null) return Promise.resolve(tooMuch);
  if (isOpen(request.name))
    return (OPEN[request.name] as Any<Connection>)(context, connection, request.args);
  const { session } = connection;
  if (session.state !== 'signedIn') return Promise.resolve(fail('E_AUTH', 'log in first'));
  return (CLOSED[request.name] as Any<Caller>)(context, { ...session, connection }, request.args);
}

/** The id of a frame that is a request, though not one we know; null where it is none at all. */
function requestIdOf(frame: Bytes): number | null {
  const id = decodeFrame(frame, (value) =>
    Array.isArray(value) && value.length === 3 ? uint.read(value[0]) : null,
  );
  return id.ok ? id.value : null;
}

/** Requests that keep a connection without login alive a while: somebody reads an invitation or makes an account. */
const VISITS: ReadonlySet<RequestName> = new Set(['publishCards', 'preview']);

/**
 * Answers one frame through the connection's outbox. Never rejects: what a handler throws is a refusal and a line in the log.
 * `visiting` is called where the connection has a reason to stay without logging in.
 */
export async function dispatch(
  context: Context,
  connection: Connection,
  frame: Bytes,
  visiting: () => void,
): Promise<void> {
  const { log: diary } = context;
  const request = decodeRequest(frame);
  if (!request.ok) {
    context.metrics.refused('unread', request.error.name);
    const id = requestIdOf(frame);
    if (id === null) connection.end('E_FORMAT');
    else connection.outbox.frame(encodeRefusal(id, request.error));
    return;
  }
  const { id, name } = request.value;
  if (VISITS.has(name)) visiting();
  try {
    const answer = await handle(context, connection, request.value);
    if (answer.ok) {
      context.metrics.answered(name);
      connection.outbox.frame(encodeReply(id, name, answer.value));
    } else {
      context.metrics.refused(name, answer.error.name);
      diary.debug('refused', { request: name, error: answer.error.name });
      connection.outbox.frame(encodeRefusal(id, answer.error, answer.detail ?? null));
    }
    answer.after?.();
  } catch (error) {
    diary.error('a handler failed', { request: name, error: kindOf(error) });
    context.metrics.refused(name, 'E_STORAGE');
    connection.outbox.frame(
      encodeRefusal(id, { name: 'E_STORAGE', note: 'the server could not answer' }),
    );
  }
}
