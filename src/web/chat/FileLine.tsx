/** The file of a message: a small picture that opens in full, or its name, to be saved. */
import { Download, File as FileIcon, LoaderCircle } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileView } from '../../client/view.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { Gid, Hash } from '../../protocol/ids.ts';
import { saveFile } from '../parts/saveFile.ts';
import { useSaving } from '../queries/files.ts';
import { viewPicture } from '../stores/viewed.ts';
import { fileSize } from '../text/fileSize.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { useBlobUrl } from '../ui/useBlobUrl.ts';

const MOST_WIDE = 360;
const MOST_HIGH = 300;
const LEAST = 48;

/** The place a picture takes before it is drawn: its shape, within bounds. */
export function placeOf({ width, height }: { readonly width: number; readonly height: number }): {
  readonly width: number;
  readonly height: number;
} {
  const scale = Math.min(MOST_WIDE / width, MOST_HIGH / height, 1);
  return {
    width: Math.max(Math.round(width * scale), LEAST),
    height: Math.max(Math.round(height * scale), LEAST),
  };
}

export function FileLine({
  file,
  gid,
  item,
}: {
  readonly file: FileView;
  readonly gid: Gid;
  /** Null while it is on its way. */
  readonly item: Hash | null;
}) {
  const { t } = useTranslation();
  const { preview, size, name } = file;
  if (preview === null || size === null)
    return item === null ? <Card file={file} /> : <Saveable file={file} gid={gid} item={item} />;
  const picture = <Picture preview={preview} size={size} name={name} />;
  return item === null ? (
    picture
  ) : (
    <button
      type="button"
      aria-label={t('files.view', { name })}
      onClick={() => viewPicture({ gid, item })}
      className="my-1 block max-w-full overflow-hidden rounded-md"
    >
      {picture}
    </button>
  );
}

function Picture({
  preview,
  size,
  name,
}: {
  readonly preview: Uint8Array;
  readonly size: NonNullable<FileView['size']>;
  readonly name: string;
}) {
  // A line that is told anew brings the same bytes again: the picture is not drawn again for that.
  const sign = `${String(preview.length)}:${String(preview.at(-9))}:${String(preview.at(-1))}:${name}`;
  // oxlint-disable-next-line react-hooks/exhaustive-deps -- the sign stands for the bytes
  const bytes = useMemo(() => preview, [sign]);
  const url = useBlobUrl(bytes);
  const { width, height } = placeOf(size);
  return (
    <span
      className="block max-w-full overflow-hidden rounded-md bg-sunken"
      style={{ width, aspectRatio: `${String(width)} / ${String(height)}` }}
    >
      {url !== null && <img src={url} alt={name} className="size-full object-cover" />}
    </span>
  );
}

/** The ending says what it would be opened with: it is always in sight. */
function Name({ name }: { readonly name: string }) {
  const dot = name.lastIndexOf('.');
  const cut = dot > 0 && name.length - dot <= 12 ? dot : name.length;
  return (
    <bdi className="flex text-small font-[580] text-ink">
      <span className="clip">{name.slice(0, cut)}</span>
      <span className="shrink-0">{name.slice(cut)}</span>
    </bdi>
  );
}

function Card({
  file,
  children,
}: {
  readonly file: FileView;
  readonly children?: React.ReactNode;
}) {
  return (
    <span className="my-1 flex w-80 max-w-full items-center gap-3 rounded-md border border-line bg-surface ps-3 pe-2 py-2 text-start">
      <FileIcon size={20} aria-hidden className="shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1">
        <Name name={file.name} />
        <span className="num block text-tiny text-ink-3">{fileSize(file.bytes)}</span>
      </span>
      {children}
    </span>
  );
}

function Saveable({
  file,
  gid,
  item,
}: {
  readonly file: FileView;
  readonly gid: Gid;
  readonly item: Hash;
}) {
  const { t } = useTranslation();
  const { now, start } = useSaving(gid, item, (content) =>
    saveFile(file.name, [content], 'application/octet-stream'),
  );
  return (
    <>
      <Card file={file}>
        {now.state === 'busy' ? (
          <output className="num flex items-center gap-1.5 px-2 text-tiny text-ink-3">
            <LoaderCircle size={14} aria-hidden className="animate-spin" />
            {t('files.fetching', { share: Math.floor(100 * now.share) })}
          </output>
        ) : (
          <button
            type="button"
            aria-label={t('files.saveNamed', { name: file.name })}
            onClick={start}
            className={buttonClasses('ghost', 'icon')}
          >
            <Download size={17} aria-hidden />
          </button>
        )}
      </Card>
      {now.state === 'failed' && <FileFailure failure={now.failure} />}
    </>
  );
}

/** Why a file cannot be had; nothing of it was shown or saved. */
export function FileFailure({ failure }: { readonly failure: Failure }) {
  const { t } = useTranslation();
  const words =
    failure.name === 'E_AEAD'
      ? t('files.damaged')
      : failure.name === 'E_NOT_FOUND'
        ? t('files.gone')
        : `${t(`failure.${failure.name}.sentence`)} ${t(`failure.${failure.name}.next`)}`;
  return (
    <p role="alert" className="max-w-[52ch] text-small text-bad">
      {words}
    </p>
  );
}
