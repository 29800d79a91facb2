/** A window over the page: centred, or a sheet from the end side. On a phone both come from below. */
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { buttonClasses } from './Button.tsx';
import { useDue } from './Afterwards.tsx';
import { classes } from './classes.ts';
import { takeLostFocus } from './lostFocus.ts';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** One line under the title. */
  readonly lead?: ReactNode;
  readonly closeLabel: string;
  readonly children: ReactNode;
  /** Buttons, at the foot and always in sight. */
  readonly foot?: ReactNode;
  readonly shape?: 'centre' | 'sheet' | 'full';
  readonly wide?: boolean;
  /** A question that must be answered, not clicked away. */
  readonly firm?: boolean;
  /** Keys that mean something in it; Escape closes it anyway. */
  readonly onKeyDown?: (event: KeyboardEvent) => void;
  /** What has the focus afterwards, where that is not what had it before. */
  readonly focusAfter?: () => HTMLElement | null;
}

const PHONE =
  'max-tablet:inset-x-0 max-tablet:bottom-0 max-tablet:max-h-[calc(100dvh-5.5rem)] max-tablet:rounded-t-lg max-tablet:data-[starting-style]:translate-y-8 max-tablet:data-[ending-style]:translate-y-8';
const SHAPES = {
  centre:
    'tablet:left-1/2 tablet:top-1/2 tablet:-translate-x-1/2 tablet:-translate-y-1/2 tablet:max-h-[88dvh] tablet:rounded-lg tablet:data-[starting-style]:scale-[0.98] tablet:data-[ending-style]:scale-[0.98]',
  full: 'inset-0',
  sheet:
    'tablet:inset-y-0 tablet:end-0 tablet:w-[420px] tablet:data-[starting-style]:translate-x-6 rtl:tablet:data-[starting-style]:-translate-x-6 tablet:data-[ending-style]:translate-x-6 rtl:tablet:data-[ending-style]:-translate-x-6',
} as const;

/** What is marked with `data-start`, else the first field, else the first button of a question: Cancel. */
const STARTS = [
  '[data-start]',
  'input:not([readonly], [type=radio]:not(:checked)), textarea',
  '[data-firm] > footer button',
] as const;

function startOf(popup: HTMLElement | null, touched: boolean): HTMLElement | null {
  for (const start of STARTS) {
    const found = popup?.querySelector<HTMLElement>(start) ?? null;
    // A field would bring up the keyboard over half of what was opened.
    if (found !== null) return touched && found.matches('input, textarea') ? popup : found;
  }
  return popup;
}

/** Putting a note away is no word about the window below it. */
const isInNotices = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[data-notices]') !== null;

/** While it is closed it is no part of the first draw of what is around it. One that is drawn open comes with its movement, too. */
export function Dialog(props: DialogProps) {
  const due = useDue();
  return (due || props.open) && <Window {...props} open={props.open && due} />;
}

function Window(props: DialogProps) {
  const {
    open,
    onClose,
    title,
    lead,
    closeLabel,
    children,
    foot,
    shape = 'centre',
    focusAfter,
  } = props;
  const popup = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    // Once it has given the focus back, if it could.
    return () => void requestAnimationFrame(takeLostFocus);
  }, [open]);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { event }) => {
        if (!next && !isInNotices(event.target)) onClose();
      }}
      disablePointerDismissal={props.firm === true}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-50 bg-veil transition-opacity duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Popup
          ref={popup}
          onKeyDown={props.onKeyDown}
          data-firm={props.firm === true || undefined}
          {...(focusAfter !== undefined && { finalFocus: focusAfter })}
          initialFocus={(how) => startOf(popup.current, how === 'touch')}
          className={classes(
            'fixed z-50 flex flex-col bg-surface text-ink shadow-float outline-none transition duration-150 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0',
            shape !== 'full' && PHONE,
            SHAPES[shape],
            shape === 'centre' && (props.wide === true ? 'tablet:w-[600px]' : 'tablet:w-[460px]'),
          )}
        >
          <header className="flex items-start gap-3 pt-5 ps-6 pe-4 pb-3">
            <div className="min-w-0 flex-1">
              <Base.Title className="text-title font-[620] tracking-[-0.01em] text-balance">
                {title}
              </Base.Title>
              {lead !== undefined && (
                <Base.Description className="mt-0.5 text-small text-ink-2" render={<div />}>
                  {lead}
                </Base.Description>
              )}
            </div>
            <Base.Close
              aria-label={closeLabel}
              className={buttonClasses('ghost', 'icon', '-mt-1.5')}
            >
              <X size={18} aria-hidden />
            </Base.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-5">{children}</div>
          {foot !== undefined && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-6 py-3.5 pb-[max(0.875rem,env(safe-area-inset-bottom))]">
              {foot}
            </footer>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
