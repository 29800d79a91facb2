/** Deleting, hiding and looking closely at one message. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asWritten } from '../parts/inShort.ts';
import { nameOf } from '../parts/isolate.tsx';
import { Failed } from '../parts/Failed.tsx';
import { useClient } from '../queries/clientContext.ts';
import { detailsQuery, useDelete, useHide } from '../queries/talk.ts';
import type { Message } from '../stores/composing.ts';
import { dayInWords, timeOfDay } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { TextArea } from '../ui/Field.tsx';
import { SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { Gid } from '../../protocol/ids.ts';

interface DialogProps {
  readonly gid: Gid;
  readonly message: Message;
  readonly onClose: () => void;
}

function Words({ message }: { readonly message: Message }) {
  return (
    <blockquote
      dir="auto"
      className="mb-4 line-clamp-6 border-s-2 border-edge ps-3 whitespace-pre-line text-ink-2 [overflow-wrap:anywhere]"
    >
      {asWritten(message)}
    </blockquote>
  );
}

export function DeleteDialog({
  gid,
  message,
  anchor,
  onClose,
}: DialogProps & {
  /** What it was opened from, in the row of the message. */
  readonly anchor: HTMLElement;
}) {
  const { t } = useTranslation();
  const remove = useDelete(gid);
  const [row] = useState(() => anchor.closest('article'));
  return (
    <Dialog
      open
      onClose={onClose}
      // The buttons of a message go with it, its row stays.
      focusAfter={() => row?.querySelector<HTMLElement>('[data-gone]') ?? anchor}
      title={t('chat.deleteTitle')}
      lead={t('chat.deleteLead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button
            look="danger"
            busy={remove.busy}
            onClick={() =>
              void remove.run(message.item).then((done) => done?.ok === true && onClose())
            }
          >
            {t('chat.delete')}
          </Button>
        </>
      }
    >
      <Words message={message} />
    </Dialog>
  );
}

export function HideDialog({ gid, message, onClose }: DialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const hide = useHide(gid);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('chat.hideTitle', { name: nameOf(message.author) })}
      lead={t('chat.hideLead')}
      closeLabel={t('app.close')}
      foot={
        <>
          <Button onClick={onClose}>{t('app.cancel')}</Button>
          <Button
            look="danger"
            busy={hide.busy}
            onClick={() =>
              void hide
                .run({ item: message.item, hidden: true, reason: reason.trim() })
                .then((done) => done?.ok === true && onClose())
            }
          >
            {t('chat.hide')}
          </Button>
        </>
      }
    >
      <Words message={message} />
      <TextArea
        label={t('chat.hideReason')}
        aside={t('app.optional')}
        hint={t('chat.hideReasonHint')}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Dialog>
  );
}

export function DetailsDialog({ gid, message, onClose }: DialogProps) {
  const { t } = useTranslation();
  const now = useNow();
  const details = useQuery(detailsQuery(useClient(), gid, message.item));
  const when = (at: number): string => `${dayInWords(at, now)}, ${timeOfDay(at)}`;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('chat.detailsTitle')}
      closeLabel={t('app.close')}
      foot={<Button onClick={onClose}>{t('app.close')}</Button>}
    >
      {details.isPending && <SkeletonRows count={3} label={t('app.loading')} />}
      {details.isError && <Failed error={details.error} onRetry={() => void details.refetch()} />}
      {details.isSuccess && (
        <>
          <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-2 text-small">
            <dt className="text-ink-3">{t('chat.detailsFrom')}</dt>
            <dd>
              <bdi>{nameOf(details.data.author)}</bdi>
            </dd>
            <dt className="text-ink-3">{t('chat.detailsSigned')}</dt>
            <dd>{t('chat.detailsVerified')}</dd>
            <dt className="text-ink-3">{t('chat.detailsWritten')}</dt>
            <dd className="num">{when(details.data.written)}</dd>
            <dt className="text-ink-3">{t('chat.detailsStored')}</dt>
            <dd className="num">{when(details.data.at)}</dd>
            <dt className="text-ink-3">{t('chat.detailsKey')}</dt>
            <dd className="num">
              {t('chat.detailsKeyNumber', { count: details.data.generation })}
            </dd>
            <dt className="text-ink-3">{t('chat.detailsDevice')}</dt>
            <dd className="num">{details.data.dev.slice(0, 8)}</dd>
          </dl>
          {details.data.versions.length > 1 && (
            <>
              <h3 className="mt-5 mb-2 text-small font-[600]">{t('chat.versions')}</h3>
              <ol className="space-y-3">
                {details.data.versions.toReversed().map((version) => (
                  <li key={version.at}>
                    <p className="num text-tiny text-ink-3">{when(version.at)}</p>
                    <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                      {version.text}
                    </p>
                  </li>
                ))}
              </ol>
            </>
          )}
        </>
      )}
    </Dialog>
  );
}
