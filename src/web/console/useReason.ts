/** Words for why something cannot be done; null stays null. */
import { useTranslation } from 'react-i18next';
import type { Reason } from '../may.ts';

export function useReason(): (reason: Reason | null, name?: string) => string | null {
  const { t } = useTranslation();
  return (reason, name = '') => (reason === null ? null : t(`console.reason.${reason}`, { name }));
}
