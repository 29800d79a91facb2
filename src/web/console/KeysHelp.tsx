/** The keys of a list, in a window that ? opens. */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../ui/Dialog.tsx';

export interface KeyHelp {
  readonly keys: readonly string[];
  readonly does: string;
}

export function KeysHelp({
  open,
  keys,
  onClose,
}: {
  readonly open: boolean;
  readonly keys: readonly KeyHelp[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onClose={onClose} title={t('keys.title')} closeLabel={t('app.close')}>
      <dl className="grid gap-2.5">
        {keys.map((help) => (
          <div key={help.does} className="flex items-center justify-between gap-4">
            <dd className="text-ink-2">{help.does}</dd>
            <dt className="flex gap-1.5">
              {help.keys.map((key) => (
                <kbd
                  key={key}
                  className="min-w-7 rounded-sm border border-line bg-sunken px-2 py-0.5 text-center font-mono text-small"
                >
                  {key}
                </kbd>
              ))}
            </dt>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
