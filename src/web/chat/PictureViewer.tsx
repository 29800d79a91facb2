/** A picture of the talk in full size, with the ones before and after it. Closing it lets go of it. */
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Download } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TimelineItem } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { nameOf } from '../parts/isolate.tsx';
import { saveFile } from '../parts/saveFile.ts';
import { useClient } from '../queries/clientContext.ts';
import { useFileContent } from '../queries/files.ts';
import { timelineQuery } from '../queries/timeline.ts';
import { useViewed, viewPicture } from '../stores/viewed.ts';
import { fileSize } from '../text/fileSize.ts';
import { timeOfDay } from '../text/when.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { FileFailure } from './FileLine.tsx';
import { pictureKind } from './pictureKind.ts';

type Message = Extract<TimelineItem, { kind: 'message' }>;
type Picture = Message & { readonly file: NonNullable<Message['file']> };

const isPicture = (item: TimelineItem): item is Picture =>
  item.kind === 'message' && item.file !== null && item.file.preview !== null;

export function PictureViewer({ gid }: { readonly gid: Gid }) {
  const viewed = useViewed((state) => state.viewed);
  const talk = useQuery(timelineQuery(useClient(), gid));
  const pictures = (talk.data?.items ?? []).filter(isPicture);
  const at = pictures.findIndex((one) => viewed?.gid === gid && one.item === viewed.item);
  const picture = pictures[at];
  // One that is deleted while somebody looks at it goes away here too.
  if (picture === undefined) return null;
  const go = (to: Picture | undefined) =>
    to === undefined ? null : () => viewPicture({ gid, item: to.item });
  return (
    <Shown
      gid={gid}
      picture={picture}
      before={at === 0 ? null : go(pictures[at - 1])}
      after={go(pictures[at + 1])}
    />
  );
}

/** The address of fetched bytes, only where they are a picture by their first bytes; given back when nothing shows it. */
function usePicture(content: Blob | null): { readonly url: string | null; readonly none: boolean } {
  const [held, setHeld] = useState<{
    readonly of: Blob | null;
    readonly url: string | null;
  }>({ of: null, url: null });
  useEffect(() => {
    if (content === null) return undefined;
    let url: string | null = null;
    let over = false;
    void content
      .slice(0, 16)
      .arrayBuffer()
      .then((start) => {
        const kind = pictureKind(new Uint8Array(start));
        if (over) return;
        if (kind !== null) url = URL.createObjectURL(content.slice(0, content.size, kind));
        setHeld({ of: content, url });
      });
    return () => {
      over = true;
      if (url !== null) URL.revokeObjectURL(url);
    };
  }, [content]);
  const known = content !== null && held.of === content;
  return { url: known ? held.url : null, none: known && held.url === null };
}

function Shown({
  gid,
  picture,
  before,
  after,
}: {
  readonly gid: Gid;
  readonly picture: Picture;
  readonly before: (() => void) | null;
  readonly after: (() => void) | null;
}) {
  const { t } = useTranslation();
  const { file, item } = picture;
  const fetched = useFileContent(gid, item);
  const content = fetched.state === 'done' ? fetched.content : null;
  const { url, none } = usePicture(content);
  const words = useMemo(
    () => `${nameOf(picture.author)} · ${timeOfDay(picture.at)} · ${fileSize(file.bytes)}`,
    [picture, file.bytes],
  );
  const press = (event: KeyboardEvent): void => {
    const backwards = document.documentElement.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    (event.key === backwards ? before : after)?.();
  };
  return (
    <Dialog
      open
      shape="full"
      onClose={() => viewPicture(null)}
      title={<bdi>{file.name}</bdi>}
      lead={words}
      closeLabel={t('files.close')}
      foot={
        <>
          <IconButton
            label={t('files.before')}
            refused={before === null ? t('files.first') : null}
            onClick={() => before?.()}
          >
            <ChevronLeft size={19} aria-hidden className="rtl:-scale-x-100" />
          </IconButton>
          <IconButton
            label={t('files.after')}
            refused={after === null ? t('files.last') : null}
            onClick={() => after?.()}
          >
            <ChevronRight size={19} aria-hidden className="rtl:-scale-x-100" />
          </IconButton>
          <Button
            data-start
            refused={content === null ? t('files.notYet') : null}
            onClick={() => {
              if (content !== null) saveFile(file.name, [content], 'application/octet-stream');
            }}
          >
            <Download size={16} aria-hidden />
            {t('files.save')}
          </Button>
        </>
      }
      onKeyDown={press}
    >
      <div className="relative grid h-full place-items-center">
        {url !== null && (
          <img src={url} alt={file.name} className="absolute inset-0 size-full object-scale-down" />
        )}
        {none && <p className="text-small text-ink-2">{t('files.notShown')}</p>}
        {fetched.state === 'failed' && <FileFailure failure={fetched.failure} />}
        {fetched.state === 'busy' && (
          <output className="num text-small text-ink-2">
            {t('files.fetching', { share: Math.floor(100 * fetched.share) })}
          </output>
        )}
      </div>
    </Dialog>
  );
}
