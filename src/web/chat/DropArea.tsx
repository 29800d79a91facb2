/** The talk as a place to drop files on. */
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotSend } from '../may.ts';
import type { GroupView } from '../../client/view.ts';
import { useAttaching } from './useAttaching.ts';

const bringsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

export function DropArea({
  group,
  children,
}: {
  readonly group: GroupView;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { add } = useAttaching(group.gid);
  const [over, setOver] = useState(false);
  // Each child that is entered is told before the one that is left.
  const depth = useRef(0);
  const off = whyNotSend(group) !== null;

  const move = (event: DragEvent, by: number): void => {
    if (off || !bringsFiles(event)) return;
    event.preventDefault();
    depth.current = Math.max(depth.current + by, 0);
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent): void => {
    if (!bringsFiles(event)) return;
    // Without this the browser would leave the page and show the file.
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (!off) add([...event.dataTransfer.files]);
  };

  return (
    <div
      className="relative flex min-h-0 flex-1 flex-col"
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => {
        if (bringsFiles(event)) event.preventDefault();
      }}
      onDrop={drop}
    >
      {children}
      {over && (
        <p className="pointer-events-none absolute inset-2 z-20 grid place-items-center rounded-lg border-2 border-dashed border-accent bg-bg/90 text-title font-[600] text-accent">
          {t('files.drop', { name: group.name ?? t('group.unnamed') })}
        </p>
      )}
    </div>
  );
}
