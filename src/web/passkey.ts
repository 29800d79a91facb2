/**
 * Passkeys: only a page may ask for them. What a passkey gives for one input (WebAuthn PRF) is moved to the worker at once and
 * kept nowhere; still the page has had it in hand (docs/THREATS.md).
 */
import { PRF_INPUT } from '../client/secret.ts';
import { ascii, type Bytes } from '../lib/bytes.ts';

export type PasskeyUse = keyof typeof PRF_INPUT;

export interface Touched {
  readonly credential: Bytes;
  readonly prf: Bytes;
  /** What the passkey was made with; null where the browser does not say. */
  readonly userHandle: Bytes | null;
}

/** `unfit`: this passkey or its device gives no secret. `cancelled`: the person or the browser ended it. */
export type Untouched = 'unfit' | 'cancelled';

/** Whether the browser says that passkeys here can give secrets. Old ones say nothing: then not offered. */
export async function passkeysPossible(): Promise<boolean> {
  const keys = (window as { readonly PublicKeyCredential?: typeof PublicKeyCredential })
    .PublicKeyCredential;
  if (keys === undefined || !('getClientCapabilities' in keys)) return false;
  const can = await keys.getClientCapabilities().catch(() => null);
  return can?.['extension:prf'] === true;
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));
const inputOf = (use: PasskeyUse) => ({ prf: { eval: { first: ascii(PRF_INPUT[use]) } } });

function bytesOf(source: BufferSource | null | undefined): Bytes | null {
  if (source === null || source === undefined) return null;
  return source instanceof ArrayBuffer
    ? new Uint8Array(source)
    : new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
}

async function ask(asking: Promise<Credential | null>): Promise<PublicKeyCredential | null> {
  try {
    const made = await asking;
    return made instanceof PublicKeyCredential ? made : null;
  } catch {
    return null;
  }
}

/**
 * Makes a passkey for this use. The label is kept by whoever keeps the passkey, so it names nobody.
 * `userHandle`: 32 bytes it carries; for the vault its address, so that it can be found again.
 */
export async function makePasskey(
  use: PasskeyUse,
  label: string,
  userHandle: Bytes = random(32),
): Promise<Touched | Untouched> {
  const made = await ask(
    navigator.credentials.create({
      publicKey: {
        rp: { id: window.location.hostname, name: 'Conclave' },
        user: { id: userHandle, name: label, displayName: label },
        // Nothing is ever signed for a server: the challenge has no reader.
        challenge: random(32),
        pubKeyCredParams: [
          { type: 'public-key', alg: -7 },
          { type: 'public-key', alg: -8 },
          { type: 'public-key', alg: -257 },
        ],
        authenticatorSelection: {
          residentKey: use === 'vault' ? 'required' : 'discouraged',
          requireResidentKey: use === 'vault',
          userVerification: 'required',
        },
        extensions: inputOf(use),
      },
    }),
  );
  if (made === null) return 'cancelled';
  const { prf } = made.getClientExtensionResults();
  if (prf?.enabled !== true) return 'unfit';
  const credential = new Uint8Array(made.rawId);
  const first = bytesOf(prf.results?.first);
  if (first !== null) return { credential, prf: first, userHandle };
  // Many give the secret only when they are used, not when they are made.
  const used = await touchPasskey(use, [credential]);
  return typeof used === 'string' ? used : { ...used, userHandle };
}

/** Asks for one of these passkeys; for any of this address where none is named. */
export async function touchPasskey(
  use: PasskeyUse,
  credentials: readonly Bytes[],
): Promise<Touched | Untouched> {
  const used = await ask(
    navigator.credentials.get({
      publicKey: {
        rpId: window.location.hostname,
        challenge: random(32),
        userVerification: 'required',
        allowCredentials: credentials.map((id) => ({ type: 'public-key', id: id.slice() })),
        extensions: inputOf(use),
      },
    }),
  );
  if (used === null) return 'cancelled';
  const first = bytesOf(used.getClientExtensionResults().prf?.results?.first);
  if (first?.length !== 32) return 'unfit';
  const handle =
    used.response instanceof AuthenticatorAssertionResponse ? used.response.userHandle : null;
  return { credential: new Uint8Array(used.rawId), prf: first, userHandle: bytesOf(handle) };
}
