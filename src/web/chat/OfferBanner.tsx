/** For the person to whom the group is offered: take it, or not now. */
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useAcceptOwnership } from '../queries/groups.ts';
import { answerOffer, useOfferAnswers } from '../stores/offerAnswer.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Banner } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import { ROLE } from '../../protocol/role.ts';

export function OfferBanner({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  const answer = useOfferAnswers((state) => state.byGroup[group.gid]);
  const accept = useAcceptOwnership(group.gid, () => answerOffer(group.gid, 'accepted'));
  const { offer } = group;
  if (offer === null || !offer.toMe || offer.exp <= now || answer === 'later') return null;
  const owner = group.members.find((member) => member.role === ROLE.owner);
  const who = isolate(owner === undefined ? t('person.unknown') : nameOf(owner));
  if (answer === 'accepted')
    return (
      <Banner icon={<KeyRound size={18} aria-hidden />}>
        <Isolated text={t('chat.offerAccepted', { who })} />
      </Banner>
    );
  return (
    <Banner
      tone="accent"
      icon={<KeyRound size={18} aria-hidden />}
      action={
        <span className="flex flex-wrap gap-2">
          <Button
            size="small"
            onClick={() => {
              answerOffer(group.gid, 'later');
              showToast({ sentence: t('chat.offeredLaterNote') });
            }}
          >
            {t('chat.offeredLater')}
          </Button>
          <Button look="primary" size="small" busy={accept.busy} onClick={() => void accept.run()}>
            {t('chat.offeredAccept')}
          </Button>
        </span>
      }
    >
      <Isolated text={t('chat.offered', { who, when: whenInWords(offer.exp, now) })} />
    </Banner>
  );
}
