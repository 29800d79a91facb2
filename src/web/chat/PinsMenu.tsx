/** What is pinned in a group, newest first, with a way to each. */
import { Popover } from '@base-ui/react/popover';
import { useQuery } from '@tanstack/react-query';
import { Pin } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { inShort } from '../parts/inShort.ts';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { pinnedQuery } from '../queries/preferences.ts';
import { jumpTo } from '../stores/jump.ts';
import { shortWhen } from '../text/when.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { Gid } from '../../protocol/ids.ts';

export function PinsMenu({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t('chat.pins')}
        title={t('chat.pins')}
        className={buttonClasses('ghost', 'icon', 'data-[popup-open]:bg-hover')}
      >
        <Pin size={18} aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={6} align="end" className="z-[60]">
          <Popover.Popup className="max-h-[70dvh] w-80 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-float outline-none">
            <Popover.Title className="px-3 pt-2 pb-1 text-small font-[600]">
              {t('chat.pins')}
            </Popover.Title>
            <Pins gid={gid} onChoose={() => setOpen(false)} />
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Pins({ gid, onChoose }: { readonly gid: Gid; readonly onChoose: () => void }) {
  const { t } = useTranslation();
  const now = useNow();
  const pinned = useQuery(pinnedQuery(useClient(), gid));
  if (pinned.isPending) return <SkeletonRows count={2} label={t('app.loading')} />;
  if (pinned.isError) return <Failed error={pinned.error} onRetry={() => void pinned.refetch()} />;
  const messages = pinned.data.flatMap((item) => (item.kind === 'message' ? [item] : []));
  if (messages.length === 0)
    return <p className="px-3 pt-1 pb-3 text-small text-ink-3 text-pretty">{t('chat.noPins')}</p>;
  return (
    <ul>
      {messages.map((item) => (
        <li key={item.key}>
          <button
            type="button"
            className="block w-full rounded-sm px-3 py-2 text-start hover:bg-hover focus-visible:-outline-offset-2"
            onClick={() => {
              jumpTo(gid, item.t);
              onChoose();
            }}
          >
            <span className="flex items-baseline gap-2">
              <bdi className="clip flex-1 text-small font-[580]">{nameOf(item.author)}</bdi>
              <span className="num shrink-0 text-tiny text-ink-3">{shortWhen(item.at, now)}</span>
            </span>
            <span className="line-clamp-2 text-small text-ink-2 [overflow-wrap:anywhere]">
              <Isolated text={isolate(inShort(item))} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
