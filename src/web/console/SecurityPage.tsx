/** How the group's key stands, the code all members see, and changing the key. */
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotRotate } from '../may.ts';
import { Digits } from '../parts/Digits.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery, useRotate } from '../queries/groups.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { Banner, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { SectionHeader } from './SectionHeader.tsx';
import { useReason } from './useReason.ts';

export function SecurityPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const group = useQuery(groupQuery(useClient(), gid));
  return (
    <>
      <SectionHeader title={t('security.title')} />
      {group.data === undefined ? (
        <SkeletonRows count={3} label={t('app.loading')} />
      ) : (
        <Security group={group.data} />
      )}
    </>
  );
}

function Security({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const reason = useReason();
  const rotate = useRotate(group.gid, () => {
    showToast({ sentence: t('security.rotated') });
  });
  const total = group.members.length;
  const opened = Math.max(group.opened, group.key.state === 'missing' ? 0 : 1);
  const name = group.name ?? t('group.unnamed');
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-6 max-tablet:p-4">
      <div className="grid max-w-[860px] items-start gap-4 desktop:grid-cols-2">
        <Card title={t('security.key')}>
          <KeySentence group={group} />
          <dl className="mt-4 grid gap-2">
            <Line name={t('security.generation')}>{group.generation}</Line>
            <Line name={t('security.opened')}>
              {t('security.openedOf', { count: opened, total })}
            </Line>
            <Line name={t('security.shareable')}>
              {group.shareable ? t('security.yes') : t('security.no')}
            </Line>
            <Line name={t('security.log')}>{group.seq}</Line>
          </dl>
          <div aria-hidden className="mt-3 h-1.5 overflow-hidden rounded-full bg-line">
            <div
              className="h-full rounded-full bg-good"
              style={{ inlineSize: `${Math.min(100, (opened / Math.max(1, total)) * 100)}%` }}
            />
          </div>
          <p className="mt-2 text-small text-ink-3">{t('security.openedNote')}</p>
          <div className="mt-5 border-t border-line pt-4">
            <p className="mb-3 text-small text-ink-2">{t('security.rotateBody')}</p>
            <Button
              busy={rotate.busy}
              refused={reason(whyNotRotate(group))}
              onClick={() =>
                askFirst({
                  title: t('security.rotateTitle', { name }),
                  body: t('security.rotateBody'),
                  action: t('security.rotate'),
                  tone: 'plain',
                  run: () => void rotate.run(),
                })
              }
            >
              <KeyRound size={16} aria-hidden />
              {t('security.rotate')}
            </Button>
          </div>
        </Card>
        <div className="grid gap-4">
          <Card title={t('members.code')}>
            <Digits code={group.code} label={t('members.code')} />
            <p className="mt-3 text-small text-ink-2">{t('members.codeBody')}</p>
          </Card>
          <Card title={t('security.warnings')}>
            {group.warnings.length === 0 ? (
              <p className="flex items-center gap-2 text-ink-2">
                <CircleCheck size={17} aria-hidden className="text-good" />
                {t('security.noWarnings')}
              </p>
            ) : (
              <div className="grid gap-2">
                {group.warnings.map((warning) => (
                  <Banner key={`${warning.kind}${warning.who?.pid ?? ''}`} tone="warn">
                    <Isolated
                      text={t(`chat.warning.${warning.kind}`, {
                        who: isolate(
                          warning.who === null ? t('person.unknown') : nameOf(warning.who),
                        ),
                      })}
                    />
                  </Banner>
                ))}
              </div>
            )}
          </Card>
        </div>
      </div>
    </div>
  );
}

function KeySentence({ group }: { readonly group: GroupView }) {
  const { t } = useTranslation();
  const now = useNow();
  switch (group.key.state) {
    case 'secured':
      return (
        <p className="flex items-center gap-2 font-[580] text-good">
          <CircleCheck size={18} aria-hidden />
          {t('security.securedSince', { when: whenInWords(group.key.since, now) })}
        </p>
      );
    case 'pending':
      return <Banner tone="warn">{t(`security.pending.${group.key.reason}`)}</Banner>;
    case 'missing':
      return (
        <Banner tone="warn">
          {t(`failure.${group.key.reason.name}.sentence`)}{' '}
          {t(`failure.${group.key.reason.name}.next`)}
        </Banner>
      );
  }
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-md border border-line p-5">
      <h2 className="mb-3 font-[620]">{title}</h2>
      {children}
    </section>
  );
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num text-end font-[550]">{children}</dd>
    </div>
  );
}
