/** Says that the safety number with somebody was compared. The mark is the person's own. */
import { BadgeCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export function Verified() {
  const { t } = useTranslation();
  const words = t('members.compared');
  return (
    <span title={words} className="inline-flex shrink-0 self-center text-good">
      <BadgeCheck size={15} aria-hidden />
      <span className="sr-only">{words}</span>
    </span>
  );
}
