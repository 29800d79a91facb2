/** A join link to hand on: the text, copying it, and a code to scan. */
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { QrCode } from '../ui/QrCode.tsx';
import { copyText } from './copyText.ts';

export function ShareLink({ address }: { readonly address: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const [scan, setScan] = useState(false);
  return (
    <div className="grid gap-3">
      <div className="flex gap-2">
        <input
          readOnly
          aria-label={t('share.link')}
          value={address}
          onFocus={(event) => event.target.select()}
          className="num h-10 min-w-0 flex-1 rounded-sm border border-line bg-sunken px-3 font-mono text-small text-ink-2 touch:h-11"
        />
        <Button
          data-start
          look="primary"
          className="h-10"
          onClick={() => {
            void copyText(address).then(setCopied);
          }}
        >
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {copied ? t('app.copied') : t('share.copy')}
        </Button>
      </div>
      <p className="text-small text-ink-3">{t('share.care')}</p>
      <Button
        look="ghost"
        size="small"
        className="-ms-3 w-fit"
        onClick={() => setScan(!scan)}
        aria-expanded={scan}
      >
        {scan ? t('share.hideQr') : t('share.showQr')}
      </Button>
      {scan && (
        <div className="mx-auto w-full max-w-64 rounded-md border border-line bg-white p-1">
          <QrCode text={address} label={t('share.qr')} />
        </div>
      )}
    </div>
  );
}
