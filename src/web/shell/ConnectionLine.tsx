/** How the connection stands, only while there is something to say. */
import { useQuery } from '@tanstack/react-query';
import { CloudOff, Clock, RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { speaksLater } from '../live.ts';
import { reload } from '../newBuild.ts';
import { connectionQuery } from '../queries/account.ts';
import { useClient } from '../queries/clientContext.ts';
import { lasting } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { useNow } from '../ui/useNow.ts';

const CLOCK_WARN_MS = 120_000;
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

export function ConnectionLine() {
  const { t } = useTranslation();
  const client = useClient();
  const connection = useQuery(connectionQuery(client));
  const now = useNow(SECOND_MS);
  const view = connection.data;
  if (view === undefined) return <Line icon={null} text="" />;
  const tryNow = (
    <Button look="ghost" size="small" onClick={() => void client.reconnect()}>
      {t('shell.tryNow')}
    </Button>
  );
  switch (view.state) {
    case 'online': {
      const off = Math.abs(view.clockOffBy);
      if (off < CLOCK_WARN_MS) return <Line icon={null} text="" />;
      const clock = <Clock size={15} aria-hidden />;
      if (!view.clockAsks)
        return <Line icon={clock} text={t('shell.clockOff', { time: lasting(off) })} />;
      return (
        <Line
          icon={clock}
          text={t('shell.clockAsks', { time: lasting(off) })}
          action={
            <Button size="small" onClick={() => void client.useServerTime()}>
              {t('shell.useServerTime')}
            </Button>
          }
          below
        />
      );
    }
    case 'connecting':
      return (
        <Line
          icon={<RefreshCw size={15} aria-hidden />}
          text={view.attempt > 1 ? t('shell.reconnecting') : t('shell.connecting')}
        />
      );
    case 'offline':
      return (
        <Line icon={<CloudOff size={15} aria-hidden />} text={t('shell.offline')} action={tryNow} />
      );
    case 'waiting': {
      const left = view.retryAt - now;
      const when =
        left < MINUTE_MS
          ? t('shell.inSeconds', { count: Math.max(1, Math.ceil(left / SECOND_MS)) })
          : lasting(left);
      return (
        <Line
          icon={<CloudOff size={15} aria-hidden />}
          text={t('shell.waitingFor', { when })}
          action={tryNow}
        />
      );
    }
    // The banner of every page says it.
    case 'copied':
      return <Line icon={null} text="" />;
    case 'refused':
      return (
        <Line
          icon={<CloudOff size={15} aria-hidden />}
          text={`${t('shell.refused')} ${t(`failure.${view.reason.name}.next`)}`}
          action={
            speaksLater(view) ? (
              <Button look="ghost" size="small" onClick={() => void reload()}>
                {t('app.reload')}
              </Button>
            ) : (
              tryNow
            )
          }
        />
      );
  }
}

/** Stays in place while empty, so that screen readers hear when it gets something to say. */
function Line({
  icon,
  text,
  action,
  below = false,
}: {
  readonly icon: ReactNode;
  readonly text: string;
  readonly action?: ReactNode;
  /** The action under a text of more than a few words: the line is narrow. */
  readonly below?: boolean;
}) {
  return (
    <output
      className={
        text === ''
          ? 'block'
          : 'flex items-center gap-2.5 border-t border-line bg-warn-soft py-2 ps-5 pe-2 text-small text-warn last:pb-[max(0.5rem,env(safe-area-inset-bottom))]'
      }
    >
      {icon}
      <span className="min-w-0 flex-1 text-pretty">
        {text}
        {below && <span className="mt-2 mb-1 block">{action}</span>}
      </span>
      {!below && action}
    </output>
  );
}
