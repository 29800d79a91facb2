/**
 * Notices of the system for messages that come while nobody looks at Conclave in any tab. They are drawn by this page alone:
 * there is no push service, so they come only while Conclave is open or installed and running.
 */
import type { Client } from '../client/client.ts';
import type { ClientEvent } from '../client/event.ts';
import type { GroupSummary, PreferencesView } from '../client/view.ts';
import { beginningOf } from './parts/inShort.ts';
import { nameOf } from './parts/isolate.tsx';
import { paths } from './paths.ts';
import type { GoTo } from '../offline/message.ts';
import { i18n } from './text/i18n.ts';

/** Missing in some private windows. */
const shellHost = (): ServiceWorkerContainer | null =>
  'serviceWorker' in navigator ? navigator.serviceWorker : null;

type Arrived = Extract<ClientEvent, { kind: 'arrived' }>;

/** Held, shared, by every tab somebody looks at. */
const LOOKING = 'conclave/looking';

const isLooking = (): boolean => document.visibilityState === 'visible' && document.hasFocus();

/** Keeps the lock while somebody looks at this page. */
function tellLooking(): () => void {
  let letGo: (() => void) | null = null;
  const look = (): void => {
    if (isLooking() === (letGo !== null)) return;
    if (letGo !== null) {
      letGo();
      letGo = null;
      return;
    }
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    void navigator.locks.request(LOOKING, { mode: 'shared' }, () => held);
  };
  const events = ['focus', 'blur'] as const;
  for (const name of events) window.addEventListener(name, look);
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    for (const name of events) window.removeEventListener(name, look);
    document.removeEventListener('visibilitychange', look);
    letGo?.();
  };
}

async function somebodyLooks(): Promise<boolean> {
  const { held } = await navigator.locks.query();
  return (held ?? []).some((lock) => lock.name === LOOKING);
}

/** What a notice says: no more than the person chose. */
export function noticeText(
  notices: Exclude<PreferencesView['notices'], 'off'>,
  arrived: Arrived,
  group: string | null,
): { readonly title: string; readonly body: string } {
  const name = group ?? i18n.t('group.unnamed');
  const who = nameOf(arrived.author);
  if (notices === 'bare')
    return { title: i18n.t('app.name'), body: i18n.t('notices.bare', { count: arrived.count }) };
  if (notices === 'names' || arrived.count > 1)
    return { title: name, body: i18n.t('notices.names', { count: arrived.count, who }) };
  return { title: name, body: i18n.t('notices.texts', { who, text: beginningOf(arrived) }) };
}

/** Called once for each engine; answers its undo. `go` opens a page of Conclave. */
export function followNotices(client: Client, go: (path: string) => void): () => void {
  const untell = tellLooking();
  const show = async (arrived: Arrived): Promise<void> => {
    const { notices } = await client.preferences();
    if (notices === 'off' || !('Notification' in window) || Notification.permission !== 'granted')
      return;
    if (await somebodyLooks()) return;
    const groups = await client.groups();
    const group = groups.find((one: GroupSummary) => one.gid === arrived.gid);
    const { title, body } = noticeText(notices, arrived, group?.name ?? null);
    // Every tab shows it under one tag: the system draws it once.
    const address = paths.group(arrived.gid);
    const drawn = { body, tag: arrived.gid, icon: '/icon.svg', data: address };
    let notice: Notification;
    try {
      notice = new Notification(title, drawn);
    } catch {
      // Browsers of phones show notices through the shell alone; pressing one comes back as a message.
      const shell = await shellHost()?.getRegistration();
      await shell?.showNotification(title, drawn);
      return;
    }
    notice.onclick = () => {
      window.focus();
      go(address);
      notice.close();
    };
  };
  const unlisten = client.listen((event) => {
    if (event.kind === 'arrived') void show(event).catch(() => undefined);
  });
  const pressed = ({ data }: MessageEvent<unknown>): void => {
    const address = (data as Partial<GoTo> | null)?.goTo;
    if (typeof address === 'string' && address.startsWith('/g/')) go(address);
  };
  shellHost()?.addEventListener('message', pressed);
  return () => {
    shellHost()?.removeEventListener('message', pressed);
    untell();
    unlisten();
  };
}
