/** A new passphrase, typed twice or suggested. What is typed stays in its fields and is taken out when it is handed over. */
import { Dices } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  bitsOf,
  PASSPHRASE_BITS,
  type PassphraseUse,
  weaknessOf,
} from '../../client/passphrase.ts';
import type { PassphraseSecret } from '../../client/secret.ts';
import { present } from '../../lib/assert.ts';
import { passphraseOf } from '../queries/lock.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextField } from '../ui/Field.tsx';
import { suggestWords } from '../words.ts';

/** Words that are strong enough for the use: 11 bits each. */
const WORDS = { lock: 4, vault: 6 } as const;

export function NewPassphrase({
  use,
  open,
  onClose,
  title,
  lead,
  act,
  busy,
  fault,
  onChosen,
}: {
  readonly use: PassphraseUse;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly lead: string;
  readonly act: string;
  readonly busy: boolean;
  /** Why it was refused, in words. */
  readonly fault: string | null;
  readonly onChosen: (secret: PassphraseSecret) => void;
}) {
  const { t } = useTranslation();
  const formId = useId();
  const first = useRef<HTMLInputElement>(null);
  const again = useRef<HTMLInputElement>(null);
  const [bits, setBits] = useState<number | null>(null);
  const [faults, setFaults] = useState<{ readonly first?: string; readonly again?: string }>({});
  const [suggested, setSuggested] = useState<string | null>(null);

  const submit = (): void => {
    const one = present(first.current, 'the field is drawn');
    const other = present(again.current, 'the field is drawn');
    const weakness = weaknessOf(one.value.normalize('NFKC'), use);
    if (weakness !== null) {
      setFaults({ first: t(`newPassphrase.${weakness}`) });
      one.focus();
      return;
    }
    if (one.value !== other.value) {
      setFaults({ again: t('newPassphrase.differs') });
      other.focus();
      return;
    }
    const secret = passphraseOf(one.value);
    if (secret === null) return setFaults({ first: t('newPassphrase.weak') });
    one.value = '';
    other.value = '';
    setFaults({});
    setBits(null);
    setSuggested(null);
    onChosen(secret);
  };
  const close = (): void => {
    setSuggested(null);
    setBits(null);
    setFaults({});
    onClose();
  };
  const needed = PASSPHRASE_BITS[use];
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={close}>{t('app.cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={busy}>
            {act}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) submit();
        }}
      >
        <p className="text-ink-2 text-pretty">{lead}</p>
        <div className="grid gap-2">
          <Button
            className="justify-self-start"
            onClick={() => void suggestWords(WORDS[use]).then(setSuggested)}
          >
            <Dices size={16} aria-hidden />
            {t('newPassphrase.suggest', { count: WORDS[use] })}
          </Button>
          <output className="block">
            {suggested !== null && (
              <span className="block rounded-md bg-sunken p-3">
                <span
                  dir="ltr"
                  translate="no"
                  className="block font-mono text-title leading-7 font-[600] select-all"
                >
                  {suggested}
                </span>
                <span className="mt-1 block text-small text-ink-2">
                  {t('newPassphrase.suggested')}
                </span>
              </span>
            )}
          </output>
        </div>
        {/* For password managers, which keep a passphrase under a name. */}
        <input type="text" autoComplete="username" value="Conclave" readOnly hidden />
        <TextField
          ref={first}
          data-start
          type="password"
          label={t('newPassphrase.field')}
          autoComplete="new-password"
          dir="auto"
          maxLength={1024}
          hint={<Strength bits={bits} needed={needed} />}
          fault={faults.first}
          onChange={(event) => {
            const typed = event.target.value;
            setBits(typed === '' ? null : bitsOf(typed.normalize('NFKC')));
            setFaults({});
          }}
        />
        <TextField
          ref={again}
          type="password"
          label={t('newPassphrase.again')}
          autoComplete="new-password"
          dir="auto"
          maxLength={1024}
          fault={faults.again}
        />
        {fault !== null && (
          <p role="alert" className="text-small text-bad">
            {fault}
          </p>
        )}
      </form>
    </Dialog>
  );
}

/** How far it is from strong enough; the estimate counts words and signs as a patient guesser would. */
function Strength({ bits, needed }: { readonly bits: number | null; readonly needed: number }) {
  const { t } = useTranslation();
  if (bits === null) return t('newPassphrase.hint');
  const enough = bits >= needed;
  return (
    <span className="flex items-center gap-2.5">
      <meter
        min={0}
        max={needed}
        low={needed}
        optimum={needed}
        value={Math.min(bits, needed)}
        aria-label={t('newPassphrase.strength')}
        className="h-2 w-24 shrink-0"
      />
      <span className={enough ? 'text-good' : undefined}>
        {enough ? t('newPassphrase.strong') : t('newPassphrase.notYet')}
      </span>
    </span>
  );
}
