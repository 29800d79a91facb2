/** Who types just now. Its place is kept free, so that nothing jumps when somebody begins. */
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useSignals } from '../queries/signals.ts';
import type { Gid } from '../../protocol/ids.ts';

export function TypingLine({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const { typing } = useSignals(gid);
  const [one, two] = typing.map((who) => isolate(nameOf(who)));
  const text =
    one === undefined
      ? ''
      : two === undefined
        ? t('chat.typing.one', { who: one })
        : typing.length === 2
          ? t('chat.typing.two', { who: one, other: two })
          : t('chat.typing.many', { count: typing.length });
  return (
    <p className="h-5 shrink-0 px-6 text-tiny leading-5 text-ink-3 max-tablet:px-4">
      <span className="clip block">
        <Isolated text={text} />
      </span>
    </p>
  );
}
