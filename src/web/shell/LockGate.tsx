/** Shows the lock screen while this device is locked, and locks it when nobody is there. */
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { watchIdle } from '../idle.ts';
import { useClient } from '../queries/clientContext.ts';
import { lockQuery, useLockNow } from '../queries/lock.ts';
import { OTHER_BUILD } from '../trouble.ts';
import { LockScreen } from './LockScreen.tsx';
import { Opening } from './Opening.tsx';
import { Stopped, stoppedQuery } from './Stopped.tsx';

const MINUTE_MS = 60_000;

export function LockGate({ children }: { readonly children: ReactNode }) {
  const lock = useQuery(lockQuery(useClient()));
  const stopped = useQuery(stoppedQuery());
  // Nothing answers this tab while the other one is open.
  if (lock.isPending && stopped.data === OTHER_BUILD) return <Stopped trouble={OTHER_BUILD} />;
  if (lock.isPending) return <Opening />;
  // Where the engine cannot even say how it is locked, the page behind tells why.
  if (lock.data?.locked === true) return <LockScreen lock={lock.data} />;
  const isSet = (lock.data?.slots.length ?? 0) > 0;
  return (
    <>
      {children}
      {isSet && <Guard idleMinutes={lock.data?.idleMinutes ?? 0} />}
    </>
  );
}

/** Ctrl or Command with Shift and L locks; so does being away. */
function Guard({ idleMinutes }: { readonly idleMinutes: number }) {
  const { run } = useLockNow();
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!event.shiftKey || event.altKey || event.code !== 'KeyL') return;
      if (event.ctrlKey === event.metaKey) return;
      event.preventDefault();
      void run();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  });
  useEffect(() => {
    if (idleMinutes === 0) return undefined;
    return watchIdle(idleMinutes * MINUTE_MS, () => void run());
    // A new `run` is made with every draw; the watch must not begin anew for it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [idleMinutes]);
  return null;
}
