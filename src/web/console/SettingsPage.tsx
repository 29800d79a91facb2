/** What concerns the group as a whole: what it says of itself, who may do what, who owns it, its end, and how it goes on without its owner. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotClose, whyNotOpenSuccessor } from '../may.ts';
import { CloseGroupDialog } from '../parts/CloseGroupDialog.tsx';
import { HandOverDialog } from '../parts/HandOverDialog.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery, useAcceptOwnership, useOpenSuccessor } from '../queries/groups.ts';
import { askFirst } from '../stores/confirm.ts';
import { answerOffer, useOfferAnswers } from '../stores/offerAnswer.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button, buttonClasses } from '../ui/Button.tsx';
import { Banner, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { ROLE } from '../../protocol/role.ts';
import { InfoForm } from './InfoForm.tsx';
import { Panel } from './Panel.tsx';
import { HistoryPanel, JoinsPanel, RightsPanel } from './RulesPanels.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { useReason } from './useReason.ts';

export function SettingsPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  return (
    <>
      <SectionHeader title={t('settings.title')} />
      {group.data === undefined ? (
        <SkeletonRows count={3} label={t('app.loading')} />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto p-6 max-tablet:p-4">
          <div className="grid max-w-[640px] gap-4">
            {group.data.standing === 'member' && (
              <>
                <InfoForm group={group.data} />
                <HistoryPanel group={group.data} />
                <RightsPanel group={group.data} />
                <JoinsPanel group={group.data} />
              </>
            )}
            {group.data.role === ROLE.owner ? (
              <OfOwner group={group.data} />
            ) : (
              <OfModerator group={group.data} />
            )}
          </div>
        </div>
      )}
    </>
  );
}

function OfOwner({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const now = useNow();
  const [opened, setOpened] = useState<'none' | 'handOver' | 'close'>('none');
  const shut = (): void => setOpened('none');
  const { offer } = group;
  const closed = group.standing === 'closed';
  return (
    <>
      {!closed && (
        <Panel title={t('settings.handOver')} body={t('settings.handOverBody')}>
          {offer !== null && (
            <div className="mb-3">
              <Banner tone="accent">
                <Isolated
                  text={t('settings.offeredTo', {
                    who: isolate(nameOf(offer.to)),
                    when: whenInWords(offer.exp, now),
                  })}
                />
              </Banner>
            </div>
          )}
          <Button onClick={() => setOpened('handOver')}>
            {offer === null ? t('settings.handOverButton') : t('settings.offerAgain')}
          </Button>
        </Panel>
      )}
      <Successor
        group={group}
        title={t('settings.goOn')}
        body={t('settings.goOnBody')}
        terms={[
          t('settings.goOnTerms.signed'),
          t('settings.lostTerms.join'),
          t('settings.lostTerms.carry'),
          t('settings.lostTerms.stays'),
        ]}
        ask={t('settings.goOnAsk')}
      />
      {!closed && (
        <Panel title={t('settings.close')} body={t('settings.closeBody')}>
          <Button
            look="dangerPlain"
            refused={reason(whyNotClose(group))}
            onClick={() => setOpened('close')}
          >
            {t('settings.close')}
          </Button>
        </Panel>
      )}
      <HandOverDialog group={group} open={opened === 'handOver'} onClose={shut} />
      <CloseGroupDialog group={group} open={opened === 'close'} onClose={shut} />
    </>
  );
}

function OfModerator({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  return (
    <>
      {group.offer?.toMe === true && group.standing === 'member' && (
        <Offered group={group} exp={group.offer.exp} />
      )}
      <Successor
        group={group}
        title={t('settings.lost')}
        body={t('settings.lostBody')}
        terms={[
          t('settings.lostTerms.unsigned'),
          t('settings.lostTerms.join'),
          t('settings.lostTerms.carry'),
          t('settings.lostTerms.stays'),
        ]}
        ask={t('settings.lostAsk')}
      />
    </>
  );
}

function Offered({ group, exp }: { readonly group: GroupView; readonly exp: number }) {
  const { t } = useTranslation();
  const now = useNow();
  const answer = useOfferAnswers((state) => state.byGroup[group.gid]);
  const accept = useAcceptOwnership(group.gid, () => answerOffer(group.gid, 'accepted'));
  const owner = group.members.find((member) => member.role === ROLE.owner);
  const who = isolate(owner === undefined ? t('person.unknown') : nameOf(owner));
  if (answer === 'accepted')
    return (
      <Panel
        title={t('settings.offeredToMe')}
        body={<Isolated text={t('chat.offerAccepted', { who })} />}
      />
    );
  return (
    <Panel
      title={t('settings.offeredToMe')}
      body={<Isolated text={t('chat.offered', { who, when: whenInWords(exp, now) })} />}
    >
      <Button look="primary" busy={accept.busy} onClick={() => void accept.run()}>
        {t('chat.offeredAccept')}
      </Button>
    </Panel>
  );
}

function Successor({
  group,
  title,
  body,
  terms,
  ask,
}: {
  readonly group: GroupView;
  readonly title: string;
  readonly body: string;
  readonly terms: readonly string[];
  readonly ask: string;
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const navigate = useNavigate();
  const open = useOpenSuccessor(group.gid, (gid) => {
    showToast({ sentence: t('settings.opened') });
    void navigate({ to: paths.group(gid) });
  });
  const name = group.name ?? t('group.unnamed');
  return (
    <Panel title={title} body={body}>
      <ul className="mb-4 list-disc space-y-1 ps-5 text-small text-ink-2 marker:text-ink-3">
        {terms.map((term) => (
          <li key={term}>{term}</li>
        ))}
      </ul>
      {group.successor === null ? (
        <Button
          look="plain"
          busy={open.busy}
          refused={reason(whyNotOpenSuccessor(group))}
          onClick={() =>
            askFirst({
              title: t('settings.lostTitle', { name }),
              body: ask,
              action: t('settings.lostButton'),
              tone: 'danger',
              run: () => void open.run(),
            })
          }
        >
          {t('settings.lostButton')}
        </Button>
      ) : (
        <Banner
          action={
            group.successor.joined && (
              <Link
                to={paths.group(group.successor.gid)}
                className={buttonClasses('plain', 'small')}
              >
                {t('chat.successor.open')}
              </Link>
            )
          }
        >
          {t('settings.successorThere')}
        </Banner>
      )}
    </Panel>
  );
}
