/** What became of asking to join: the wait for a moderator, and how it ended. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SixWords } from '../parts/SixWords.tsx';
import { paths } from '../paths.ts';
import { useWithdraw } from '../queries/joining.ts';
import { useServerNow } from '../queries/serverClock.ts';
import { askFirst } from '../stores/confirm.ts';
import { whenInWords } from '../text/when.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { useLostFocus } from '../ui/lostFocus.ts';
import { Banner } from '../ui/Notice.tsx';
import type { OwnRequestView } from '../../client/view.ts';

/** Nobody can tell from here whether a request is shown to the staff: after a day it is time to ask somebody. */
const ADVICE_MS = 24 * 60 * 60 * 1000;

/** Where one goes on after what was asked or pressed has gone. */
export function Heading({ text }: { readonly text: string }) {
  const heading = useLostFocus();
  return (
    <h2 ref={heading} tabIndex={-1} className="text-title font-[620] outline-none">
      {text}
    </h2>
  );
}

export function Asked({
  request,
  canAskAgain,
  onAskAgain,
}: {
  readonly request: OwnRequestView;
  readonly canAskAgain: boolean;
  readonly onAskAgain: () => void;
}) {
  const { t } = useTranslation();
  const again = canAskAgain && (
    <Button look="primary" className="mt-5" onClick={onAskAgain}>
      {t('join.askAgain')}
    </Button>
  );
  switch (request.state) {
    case 'sending':
    case 'waiting':
      return <Waiting request={request} />;
    case 'admitted':
      return (
        <Told title={t('join.admittedTitle')} body={t('join.admittedBody')}>
          <Link
            to={paths.group(request.gid)}
            className={buttonClasses('primary', 'normal', 'mt-5')}
          >
            {t('join.openGroup')}
          </Link>
        </Told>
      );
    case 'rejected':
      return (
        <Told
          title={t('join.rejectedTitle')}
          body={request.note === null ? t('join.rejectedNoNote') : t('join.rejectedNote')}
        >
          {request.note !== null && (
            <blockquote
              dir="auto"
              className="mt-2 border-s-[3px] border-accent ps-3 whitespace-pre-line"
            >
              {request.note}
            </blockquote>
          )}
          {again}
        </Told>
      );
    case 'expired':
      return (
        <Told title={t('join.expiredTitle')} body={t('join.expiredBody')}>
          {again}
        </Told>
      );
    case 'withdrawn':
      return (
        <Told title={t('join.withdrawn')} body={t('join.withdrawnBody')}>
          {again}
        </Told>
      );
  }
}

function Told({
  title,
  body,
  children,
}: {
  readonly title: string;
  readonly body: string;
  readonly children?: ReactNode;
}) {
  return (
    <div aria-live="polite">
      <Heading text={title} />
      <p className="mt-1 text-ink-2">{body}</p>
      {children}
    </div>
  );
}

function Waiting({ request }: { readonly request: OwnRequestView }) {
  const { t } = useTranslation();
  const now = useServerNow();
  const withdraw = useWithdraw();
  const sending = request.state === 'sending';
  const late = !sending && now - request.askedAt >= ADVICE_MS;
  return (
    <>
      <div aria-live="polite">
        <Heading text={sending ? t('join.waitTitleSending') : t('join.waitTitle')} />
        <p className="mt-1 text-ink-2">{sending ? t('join.waitSending') : t('join.waitBody')}</p>
        {!sending && <p className="mt-2 text-small text-ink-3">{t('join.unconfirmed')}</p>}
        {late && (
          <div className="mt-4">
            <Banner tone="warn">
              <strong className="font-[620]">{t('join.lateTitle')}</strong> {t('join.lateBody')}
            </Banner>
          </div>
        )}
      </div>
      <section className="mt-5 rounded-md border border-line p-4">
        <h3 className="text-small text-ink-2">{t('join.codeTitle')}</h3>
        <div className="mt-2">
          <SixWords code={request.code} label={t('join.codeTitle')} />
        </div>
        <p className="mt-3 text-small text-ink-2">{t('join.codeBody')}</p>
      </section>
      <div className="mt-5 flex flex-wrap items-center justify-between gap-3">
        <p className="num text-small text-ink-3">
          {t('join.askedAt', { when: whenInWords(request.askedAt, now) })} ·{' '}
          {t('join.until', { when: whenInWords(request.expires, now) })}
        </p>
        <Button
          look="dangerPlain"
          busy={withdraw.busy}
          onClick={() =>
            askFirst({
              title: t('join.withdrawTitle', { name: request.name }),
              body: t('join.withdrawBody'),
              action: t('join.withdraw'),
              tone: 'danger',
              run: () => void withdraw.run(request.gid),
            })
          }
        >
          {t('join.withdraw')}
        </Button>
      </div>
    </>
  );
}
