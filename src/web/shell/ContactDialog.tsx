/** The own contact code: with it somebody can add this person to a group. */
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../parts/copyText.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { QrCode } from '../ui/QrCode.tsx';
import { type Pid, printId } from '../../protocol/ids.ts';

export function ContactDialog({
  pid,
  open,
  onClose,
}: {
  readonly pid: Pid;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const code = printId(pid);
  return (
    <Dialog
      open={open}
      onClose={() => {
        setCopied(false);
        onClose();
      }}
      title={t('contact.title')}
      lead={t('contact.lead')}
      closeLabel={t('app.close')}
    >
      <div className="grid gap-4">
        <div className="mx-auto w-full max-w-56 rounded-md border border-line bg-white p-1">
          <QrCode text={code} label={t('contact.qr')} />
        </div>
        <div className="flex gap-2">
          <input
            readOnly
            aria-label={t('contact.code')}
            value={code}
            dir="ltr"
            onFocus={(event) => event.target.select()}
            className="h-10 min-w-0 flex-1 rounded-sm border border-line bg-sunken px-3 font-mono text-small text-ink-2 touch:h-11"
          />
          <Button
            data-start
            look="primary"
            className="h-10"
            onClick={() => {
              void copyText(code).then(setCopied);
            }}
          >
            {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
            {copied ? t('app.copied') : t('app.copy')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
