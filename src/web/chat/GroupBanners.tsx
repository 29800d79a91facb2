/** What the person must know about this group before reading on. */
import { History, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { CopiedBanner } from '../parts/CopiedBanner.tsx';
import { SignedOutBanner } from '../parts/SignedOutBanner.tsx';
import { whenInWords } from '../text/when.ts';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import { HistoryBanners } from './HistoryBanners.tsx';
import { IdentityBanners } from './IdentityBanners.tsx';
import { OfferBanner } from './OfferBanner.tsx';
import { SuccessorBanner } from './SuccessorBanner.tsx';

export function GroupBanners({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  // Who is out of a group gets no key, and nothing is to be done about it.
  const missing =
    group.key.state === 'missing' && group.standing === 'member' ? group.key.reason : null;
  return (
    <div className="grid shrink-0 gap-2 px-5 not-empty:pt-3 max-tablet:px-3">
      <SignedOutBanner />
      <CopiedBanner />
      <SuccessorBanner group={group} />
      <OfferBanner group={group} />
      <HistoryBanners group={group} />
      {group.restored !== null && group.halted === null && (
        <Banner icon={<History size={18} aria-hidden />}>
          {group.restored.confirmed === null
            ? t('chat.unconfirmed')
            : t('chat.confirmedUpTo', { when: whenInWords(group.restored.confirmed.at, now) })}
        </Banner>
      )}
      {missing !== null && (
        <Banner tone="warn" icon={<TriangleAlert size={18} aria-hidden />}>
          {t(`failure.${missing.name}.sentence`)} {t(`failure.${missing.name}.next`)}
        </Banner>
      )}
      <IdentityBanners group={group} />
      {group.warnings.map((warning) => (
        <Banner
          key={`${warning.kind}${warning.who?.pid ?? ''}`}
          tone="warn"
          icon={<TriangleAlert size={18} aria-hidden />}
        >
          <Isolated
            text={t(`chat.warning.${warning.kind}`, {
              who: isolate(warning.who === null ? t('person.unknown') : nameOf(warning.who)),
            })}
          />
        </Banner>
      ))}
    </div>
  );
}
