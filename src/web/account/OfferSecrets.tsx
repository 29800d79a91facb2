/** What may open a lock or the vault, offered: a passphrase that is typed, a passkey of the browser. */
import { useQuery } from '@tanstack/react-query';
import { Fingerprint, KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { PassphraseUse } from '../../client/passphrase.ts';
import type { PassphraseSecret } from '../../client/secret.ts';
import { passkeysQuery } from '../queries/passkeys.ts';
import { Button } from '../ui/Button.tsx';
import { NewPassphrase } from './NewPassphrase.tsx';

/** Taken; or not, and why in words, where nobody else says it. */
export type Offered = 'taken' | { readonly fault: string | null };
type Said = Promise<Offered>;

export function OfferSecrets({
  use,
  words,
  leads,
  busy,
  onPassphrase,
  onPasskey,
}: {
  readonly use: PassphraseUse;
  readonly words: {
    readonly passphrase: string;
    readonly passkey: string;
    readonly noPasskeys: string;
    /** In the window for the passphrase. */
    readonly lead: string;
    readonly act: string;
  };
  /** Whether a passphrase is the next step on this page. */
  readonly leads: boolean;
  readonly busy: boolean;
  readonly onPassphrase: (secret: PassphraseSecret) => Said;
  readonly onPasskey: () => Said;
}) {
  const [typing, setTyping] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const passkeys = useQuery(passkeysQuery());
  const offer = async (said: Said): Promise<void> => {
    setFault(null);
    const offered = await said;
    if (offered === 'taken') setTyping(false);
    else setFault(offered.fault);
  };
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap gap-2">
        <Button
          look={leads ? 'primary' : 'plain'}
          onClick={() => {
            setFault(null);
            setTyping(true);
          }}
        >
          <KeyRound size={16} aria-hidden />
          {words.passphrase}
        </Button>
        <Button
          busy={busy && !typing}
          refused={passkeys.data === false ? words.noPasskeys : null}
          onClick={() => void offer(onPasskey())}
        >
          <Fingerprint size={16} aria-hidden />
          {words.passkey}
        </Button>
      </div>
      {fault !== null && !typing && (
        <p role="alert" className="text-small text-bad">
          {fault}
        </p>
      )}
      <NewPassphrase
        use={use}
        open={typing}
        onClose={() => setTyping(false)}
        title={words.passphrase}
        lead={words.lead}
        act={words.act}
        busy={busy}
        fault={fault}
        onChosen={(secret) => void offer(onPassphrase(secret))}
      />
    </div>
  );
}
