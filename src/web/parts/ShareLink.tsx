/** A join link to hand on: the address, words around it, and a code to scan, to print, or to keep as a picture. */
import { Check, Copy, Download, Maximize2, MessageSquareText, Printer } from 'lucide-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { qrPicture } from '../ui/qr.ts';
import { QrCode } from '../ui/QrCode.tsx';
import { showToast } from '../stores/toast.ts';
import { copyText } from './copyText.ts';
import { saveFile } from './saveFile.ts';

export function ShareLink({
  address,
  group = null,
}: {
  readonly address: string;
  /** Name of the group, for the words to share and for paper. */
  readonly group?: string | null;
}) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const [scan, setScan] = useState(false);
  const text =
    group === null ? t('share.text', { address }) : t('share.textNamed', { group, address });
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
      <div className="-ms-3 flex flex-wrap">
        <Button
          look="ghost"
          size="small"
          onClick={() => {
            void copyText(text).then((done) => {
              if (done) showToast({ sentence: t('share.textCopied') });
            });
          }}
        >
          <MessageSquareText size={15} aria-hidden />
          {t('share.copyText')}
        </Button>
        <Button look="ghost" size="small" onClick={() => setScan(!scan)} aria-expanded={scan}>
          {scan ? t('share.hideQr') : t('share.showQr')}
        </Button>
      </div>
      {scan && <Scan address={address} group={group} />}
    </div>
  );
}

function Scan({ address, group }: { readonly address: string; readonly group: string | null }) {
  const { t } = useTranslation();
  const [large, setLarge] = useState(false);
  const save = async (): Promise<void> => {
    const picture = await qrPicture(address);
    if (picture === null) return showToastOf(t('share.noPicture'));
    saveFile(t('share.file'), [picture], 'image/png');
  };
  return (
    <div className="grid gap-3">
      <div className="mx-auto w-full max-w-64 rounded-md border border-line bg-white p-1">
        <QrCode text={address} label={t('share.qr')} />
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button size="small" onClick={() => setLarge(true)}>
          <Maximize2 size={15} aria-hidden />
          {t('share.large')}
        </Button>
        <Button size="small" onClick={() => void save()}>
          <Download size={15} aria-hidden />
          {t('share.png')}
        </Button>
        <Button size="small" onClick={() => window.print()}>
          <Printer size={15} aria-hidden />
          {t('share.print')}
        </Button>
      </div>
      <Dialog
        shape="full"
        open={large}
        onClose={() => setLarge(false)}
        title={group ?? t('share.link')}
        lead={t('share.scanIt')}
        closeLabel={t('app.close')}
      >
        <div className="mx-auto w-[min(100%,calc(100dvh-9rem))] rounded-md bg-white p-2">
          <QrCode text={address} label={t('share.qr')} />
        </div>
      </Dialog>
      {createPortal(
        <div className="printed" aria-hidden>
          {group !== null && <h1>{group}</h1>}
          <p>{t('share.scanIt')}</p>
          <div className="printed-square">
            <QrCode text={address} label={t('share.qr')} />
          </div>
          <p dir="ltr">{address}</p>
        </div>,
        document.body,
      )}
    </div>
  );
}

function showToastOf(sentence: string): void {
  showToast({ tone: 'bad', sentence });
}
