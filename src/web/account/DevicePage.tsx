/** Lets this browser into an account with a code or link that another device shows. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { MonitorSmartphone } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import { accountQuery, useEnterFromDevice } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Banner, Skeleton } from '../ui/Notice.tsx';
import type { AccountView } from '../../client/view.ts';
import type { ErrorName } from '../../protocol/failure.ts';
import { CodeForm, Working } from './CodeForm.tsx';
import { Card, Page } from './Page.tsx';
import { AccountHere, Returned } from './Returned.tsx';

/** What a refusal says about the code; other failures are notes. */
const FAULTS: Readonly<
  Partial<Record<ErrorName, 'device.format' | 'device.unknown' | 'device.older'>>
> = {
  E_FORMAT: 'device.format',
  E_AUTH: 'device.unknown',
  E_FORK: 'device.older',
};

type Enter = ReturnType<typeof useEnterFromDevice>;

export function DevicePage({ takeArrival }: { readonly takeArrival: () => string | null }) {
  const account = useQuery(accountQuery(useClient()));
  const [entered, setEntered] = useState<AccountView | null>(null);
  const link = useArrival(takeArrival);
  const enter = useEnterFromDevice(setEntered);
  const here = account.data ?? null;
  const waiting = account.isPending || link === undefined;
  return (
    <Page>
      <div className="mx-auto max-w-[520px]">
        {entered !== null && <Returned account={entered} joinId={null} />}
        {entered === null && waiting && <Skeleton className="h-64 w-full rounded-lg" />}
        {entered === null && !waiting && (
          <>
            {here !== null && !enter.busy ? (
              <AccountHere account={here} />
            ) : link === null ? (
              <TypeCode enter={enter} />
            ) : (
              <Confirm enter={enter} link={link} />
            )}
          </>
        )}
      </div>
    </Page>
  );
}

/**
 * The link this page was opened with; it lives here and nowhere else. Undefined until it was looked for: it is given once,
 * so it is taken when the page stands and not while it is drawn, for React may draw a page and throw that away.
 */
function useArrival(takeArrival: () => string | null): string | null | undefined {
  const [link, setLink] = useState<string | null>();
  useEffect(() => {
    const look = (): void => {
      const arrived = takeArrival();
      setLink((held) => arrived ?? held ?? null);
    };
    look();
    // Another link put into the same address bar changes only the part after #.
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [takeArrival]);
  return link;
}

/** A link may have been sent by somebody else: entering is an act of its own. */
function Confirm({ enter, link }: { readonly enter: Enter; readonly link: string }) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<string | null>(null);
  const go = async (): Promise<void> => {
    setFault(null);
    const outcome = await enter.run(link);
    const key = outcome?.ok === false ? FAULTS[outcome.error.name] : undefined;
    if (key !== undefined) setFault(t(key));
  };
  return (
    <Card labelledBy="device-title">
      <h1 id="device-title" className="text-large font-[650] tracking-[-0.015em]">
        {t('device.confirmTitle')}
      </h1>
      <p className="mt-1 mb-5 text-ink-2 text-pretty">{t('device.confirmBody')}</p>
      {fault !== null && (
        <div className="mb-4">
          <Banner tone="bad" role="alert">
            {fault}
          </Banner>
        </div>
      )}
      <Button
        look="primary"
        size="large"
        className="w-full"
        busy={enter.busy}
        onClick={() => void go()}
      >
        <MonitorSmartphone size={18} aria-hidden />
        {t('device.confirm')}
      </Button>
      <output className="mt-3 block text-small text-ink-2">{enter.busy && <Working />}</output>
      <Link to={paths.home()} className={buttonClasses('ghost', 'normal', 'mt-2 w-full')}>
        {t('device.notMine')}
      </Link>
    </Card>
  );
}

function TypeCode({ enter }: { readonly enter: Enter }) {
  const { t } = useTranslation();
  const onCode = async (signs: string): Promise<string | null> => {
    const outcome = await enter.run(signs);
    const key = outcome?.ok === false ? FAULTS[outcome.error.name] : undefined;
    return key === undefined ? null : t(key);
  };
  return (
    <Card labelledBy="code-title">
      <CodeForm
        words={{
          title: t('device.title'),
          lead: t('device.lead'),
          label: t('device.code'),
          submit: t('device.confirm'),
          empty: t('device.enter'),
          format: t('device.format'),
        }}
        busy={enter.busy}
        onCode={onCode}
      />
      <Link to={paths.restore()} className={buttonClasses('ghost', 'normal', 'mt-2 w-full')}>
        {t('device.byCode')}
      </Link>
    </Card>
  );
}
