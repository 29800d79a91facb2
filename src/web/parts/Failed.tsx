/** A question to the engine that was refused: why, what next, and trying again. */
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/Button.tsx';
import { Empty } from '../ui/Notice.tsx';
import { Refused } from '../queries/outcome.ts';

export function Failed({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry: () => void;
}) {
  const { t } = useTranslation();
  const name = error instanceof Refused ? error.failure.name : null;
  return (
    <div role="alert" className="flex flex-1">
      <Empty
        icon={<TriangleAlert size={22} aria-hidden />}
        title={name === null ? t('broken.act') : t(`failure.${name}.sentence`)}
        action={<Button onClick={onRetry}>{t('app.retry')}</Button>}
      >
        {name === null ? t('broken.next') : t(`failure.${name}.next`)}
      </Empty>
    </div>
  );
}
