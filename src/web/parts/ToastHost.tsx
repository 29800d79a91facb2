/** Draws the notes of stores/toast: at the foot of the screen; on a phone, whose foot is full, below its head, or above a dialog. */
import { X } from 'lucide-react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import { dismissToast, useToasts } from '../stores/toast.ts';

export function ToastHost() {
  const { t } = useTranslation();
  const toasts = useToasts((state) => state.list);
  // Beside the page and its windows, so that neither a window nor its veil stands before them.
  return createPortal(
    <section
      data-notices
      aria-label={t('app.notices')}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-28 z-[80] grid justify-items-center gap-2 px-4 max-tablet:top-[68px] max-tablet:bottom-auto max-tablet:[html:has([role=dialog])_&]:top-2"
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className={classes(
            'pointer-events-auto flex w-full max-w-md items-center gap-3 rounded-md border bg-raised py-2.5 ps-4 pe-2 shadow-float',
            toast.tone === 'bad' ? 'border-bad/50' : 'border-line',
          )}
        >
          <div className="min-w-0 flex-1">
            <p className={classes('font-[550]', toast.tone === 'bad' && 'text-bad')}>
              {toast.sentence}
            </p>
            {toast.next !== null && <p className="text-small text-ink-2">{toast.next}</p>}
          </div>
          {toast.action !== null && (
            <Button
              size="small"
              onClick={() => {
                toast.action?.run();
                dismissToast(toast.id);
              }}
            >
              {toast.action.label}
            </Button>
          )}
          <IconButton label={t('app.dismiss')} onClick={() => dismissToast(toast.id)}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      ))}
    </section>,
    document.body,
  );
}
