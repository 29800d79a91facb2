/** The code itself: in groups, to copy, to download, to print. Nothing of it outlives this piece. */
import { Check, Copy, Download, Printer } from 'lucide-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { copyText } from '../parts/copyText.ts';
import { saveFile } from '../parts/saveFile.ts';
import { fullDate } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { useNow } from '../ui/useNow.ts';
import { groupsOf } from './recoveryCode.ts';

export function RecoveryKit({ code, name }: { readonly code: string; readonly name: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const now = useNow();
  const groups = groupsOf(code);
  const words = { name, server: window.location.origin, day: fullDate(now) };
  const lines = [
    t('recovery.file.title'),
    '',
    groups.join('-'),
    '',
    t('recovery.file.account', words),
    t('recovery.file.server', words),
    t('recovery.file.made', words),
    '',
    t('recovery.file.how', words),
    t('recovery.file.care'),
  ];
  return (
    <section aria-label={t('recovery.kit')} className="rounded-lg border border-line p-5">
      <figure
        aria-label={t('recovery.kit')}
        dir="ltr"
        translate="no"
        className="flex flex-wrap gap-x-5 gap-y-1 font-mono text-[1.25rem] leading-9 font-[620] tracking-[0.06em] select-all"
      >
        {groups.map((group, place) => (
          // Two groups may be equal, so their place is the key. The space keeps them apart for screen readers and copying.
          <span key={place}>{`${group} `}</span>
        ))}
      </figure>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button onClick={() => void copyText(groups.join('-')).then(setCopied)}>
          {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {copied ? t('app.copied') : t('app.copy')}
        </Button>
        <Button
          onClick={() => saveFile(t('recovery.file.name'), [`${lines.join('\n')}\n`], 'text/plain')}
        >
          <Download size={16} aria-hidden />
          {t('recovery.download')}
        </Button>
        <Button onClick={() => window.print()}>
          <Printer size={16} aria-hidden />
          {t('recovery.print')}
        </Button>
      </div>
      <output className="block">
        {copied && <p className="mt-3 text-small text-ink-2">{t('recovery.copied')}</p>}
      </output>
      {createPortal(<Printed groups={groups} lines={lines} />, document.body)}
    </section>
  );
}

/** What comes out of the printer; style.css hides it on the screen and everything else on paper. */
function Printed({
  groups,
  lines,
}: {
  readonly groups: readonly string[];
  readonly lines: readonly string[];
}) {
  const [title, , , ...rest] = lines;
  return (
    <div className="printed" aria-hidden>
      <h1>{title}</h1>
      <p className="printed-code" dir="ltr">
        {groups.join(' ')}
      </p>
      {rest.filter(Boolean).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}
