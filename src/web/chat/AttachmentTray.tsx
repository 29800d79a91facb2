/** Files that were chosen and not sent yet, above what is written with them. */
import { File as FileIcon, TriangleAlert, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Attached } from '../stores/attached.ts';
import { fileSize } from '../text/fileSize.ts';
import { buttonClasses } from '../ui/Button.tsx';

export function AttachmentTray({
  files,
  onRemove,
}: {
  readonly files: readonly Attached[];
  readonly onRemove: (id: number) => void;
}) {
  const { t } = useTranslation();
  if (files.length === 0) return null;
  return (
    <ul
      aria-label={t('files.chosen')}
      className="grid max-h-44 grid-cols-[minmax(0,1fr)] gap-1 overflow-y-auto border-b border-line p-2"
    >
      {files.map((one) => (
        <li key={one.id} className="flex items-center gap-2.5 rounded-sm bg-sunken ps-3 pe-1 py-1">
          {one.state.is === 'ready' || one.state.is === 'busy' ? (
            <FileIcon size={16} aria-hidden className="shrink-0 text-ink-3" />
          ) : (
            <TriangleAlert size={16} aria-hidden className="shrink-0 text-bad" />
          )}
          <span className="min-w-0 flex-1 text-small">
            <bdi className="clip block font-[550]">{one.file.name}</bdi>
            <Note one={one} />
          </span>
          <button
            type="button"
            aria-label={t('files.remove', { name: one.file.name })}
            onClick={() => onRemove(one.id)}
            className={buttonClasses('ghost', 'small', 'px-1.5')}
          >
            <X size={16} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Note({ one: { file, state } }: { readonly one: Attached }) {
  const { t } = useTranslation();
  const size = fileSize(file.size);
  switch (state.is) {
    case 'ready':
      return <span className="num text-tiny text-ink-3">{size}</span>;
    case 'busy':
      return (
        <span className="num text-tiny text-ink-3">
          {t('files.sealing', { share: Math.floor(100 * state.share) })}
        </span>
      );
    case 'tooLarge':
      return (
        <span role="alert" className="block text-tiny text-bad">
          {t('files.tooLarge', { size, most: fileSize(state.most) })}
        </span>
      );
    case 'noRoom':
      return (
        <span role="alert" className="block text-tiny text-bad">
          {t('files.noRoom')}
        </span>
      );
    case 'unclean':
      return (
        <span role="alert" className="block text-tiny text-bad">
          {t('files.unclean')}
        </span>
      );
  }
}
