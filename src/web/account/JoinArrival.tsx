/** Where a join link lands: hands it to the engine, then goes on under a local name without the secret. */
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { isBadLink, useOpenLink } from '../queries/joining.ts';
import { useLostFocus } from '../ui/lostFocus.ts';
import { Skeleton } from '../ui/Notice.tsx';
import { OpenLinkForm } from './OpenLinkForm.tsx';
import { Card, Page } from './Page.tsx';

type Arrival =
  | { readonly state: 'opening' }
  | { readonly state: 'none' }
  | { readonly state: 'refused'; readonly sentence: string; readonly next: string };

export function JoinArrival({ takeArrival }: { readonly takeArrival: () => string | null }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [arrival, setArrival] = useState<Arrival>({ state: 'opening' });
  const open = useOpenLink(
    (view) => void navigate({ to: paths.joining(view.joinId), replace: true }),
    () => true,
  );
  const openRef = useRef(open.run);
  const begun = useRef(false);

  useEffect(() => {
    const look = (): void => {
      const link = takeArrival();
      if (link === null) {
        if (!begun.current) setArrival({ state: 'none' });
        return;
      }
      begun.current = true;
      setArrival({ state: 'opening' });
      void openRef.current(link).then((outcome) => {
        if (outcome === null)
          setArrival({ state: 'refused', sentence: t('broken.act'), next: t('broken.next') });
        else if (outcome.ok) return;
        else if (isBadLink(outcome.error))
          setArrival({
            state: 'refused',
            sentence: t('join.state.badLink'),
            next: t('join.stateNext.badLink'),
          });
        else
          setArrival({
            state: 'refused',
            sentence: t(`failure.${outcome.error.name}.sentence`),
            next: t(`failure.${outcome.error.name}.next`),
          });
      });
    };
    look();
    // Another link put into the same address bar changes only the part after #.
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [takeArrival, t]);

  return (
    <Page>
      <div className="mx-auto max-w-[460px]">
        {arrival.state === 'opening' ? (
          <Card>
            <section aria-busy aria-label={t('join.opening')} className="grid gap-3">
              <Skeleton className="size-16 rounded-[18px]" />
              <Skeleton className="h-4 w-40" />
              <Skeleton className="h-4 w-full" />
              <Skeleton className="h-4 w-2/3" />
            </section>
          </Card>
        ) : (
          <Card labelledBy="join-none">
            <Heading text={arrival.state === 'none' ? t('join.none') : arrival.sentence} />
            <p className="mt-1 mb-6 text-ink-2">
              {arrival.state === 'none' ? t('join.noneBody') : arrival.next}
            </p>
            <OpenLinkForm />
          </Card>
        )}
      </div>
    </Page>
  );
}

function Heading({ text }: { readonly text: string }) {
  const heading = useLostFocus();
  return (
    <h1
      ref={heading}
      tabIndex={-1}
      id="join-none"
      className="text-large font-[650] tracking-[-0.015em] outline-none"
    >
      {text}
    </h1>
  );
}
