/** Join links: which exist, how they stand, new ones, and ending one. */
import type { TFunction } from 'i18next';
import { useQuery } from '@tanstack/react-query';
import { Copy, Link2, Plus, QrCode as QrIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotLinks } from '../may.ts';
import { copyText } from '../parts/copyText.ts';
import { Failed } from '../parts/Failed.tsx';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { ShareLink } from '../parts/ShareLink.tsx';
import { useClient } from '../queries/clientContext.ts';
import { groupQuery } from '../queries/groups.ts';
import { linksQuery, useCopyLink, useRevokeLink } from '../queries/links.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Chip, type Tone } from '../ui/Chip.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Empty, SkeletonRows } from '../ui/Notice.tsx';
import { useNow } from '../ui/useNow.ts';
import type { GroupView, LinkState, LinkView } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';
import { roleName } from '../../protocol/role.ts';
import { CreateLinkSheet } from './CreateLinkSheet.tsx';
import { SectionHeader } from './SectionHeader.tsx';
import { useReason } from './useReason.ts';

const TONES: Readonly<Record<LinkState, Tone>> = {
  live: 'good',
  paused: 'warn',
  expired: 'plain',
  usedUp: 'plain',
  revoked: 'plain',
};

export function LinksPage({ gid }: { readonly gid: Gid }) {
  const { t } = useTranslation();
  const client = useClient();
  const group = useQuery(groupQuery(client, gid));
  const links = useQuery(linksQuery(client, gid));
  if (links.isError) return <Failed error={links.error} onRetry={() => void links.refetch()} />;
  if (links.isPending || group.data === undefined)
    return (
      <>
        <SectionHeader title={t('links.title')} />
        <SkeletonRows count={4} label={t('app.loading')} />
      </>
    );
  return <Links group={group.data} links={links.data} />;
}

function Links({
  group,
  links,
}: {
  readonly group: GroupView;
  readonly links: readonly LinkView[];
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const [creating, setCreating] = useState(false);
  const [shared, setShared] = useState<string | null>(null);
  const refused = reason(whyNotLinks(group));
  const live = links.filter((link) => link.state === 'live' || link.state === 'paused');
  const old = links.filter((link) => !live.includes(link));
  const create = (
    <Button look="primary" refused={refused} onClick={() => setCreating(true)}>
      <Plus size={17} aria-hidden />
      {t('links.create')}
    </Button>
  );
  return (
    <>
      <SectionHeader title={t('links.title')}>{links.length > 0 && create}</SectionHeader>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        {links.length === 0 && (
          <Empty icon={<Link2 size={22} aria-hidden />} title={t('links.empty')} action={create}>
            {t('links.emptyBody')}
          </Empty>
        )}
        {live.length > 0 && (
          <ul aria-label={t('links.list')}>
            {live.map((link) => (
              <LinkRow
                key={link.pk}
                gid={group.gid}
                link={link}
                refused={refused}
                onShow={setShared}
              />
            ))}
          </ul>
        )}
        {old.length > 0 && (
          <>
            <h2 className="px-6 pt-6 pb-2 text-small font-[580] text-ink-2 max-tablet:px-4">
              {t('links.old')}
            </h2>
            <ul aria-label={t('links.old')}>
              {old.map((link) => (
                <LinkRow
                  key={link.pk}
                  gid={group.gid}
                  link={link}
                  refused={refused}
                  onShow={setShared}
                />
              ))}
            </ul>
          </>
        )}
      </div>
      <CreateLinkSheet gid={group.gid} open={creating} onClose={() => setCreating(false)} />
      <Dialog
        open={shared !== null}
        onClose={() => setShared(null)}
        title={t('share.link')}
        closeLabel={t('app.close')}
      >
        {shared !== null && <ShareLink address={shared} />}
      </Dialog>
    </>
  );
}

function LinkRow({
  gid,
  link,
  refused,
  onShow,
}: {
  readonly gid: Gid;
  readonly link: LinkView;
  readonly refused: string | null;
  readonly onShow: (address: string) => void;
}) {
  const { t } = useTranslation();
  const now = useNow();
  const copy = useCopyLink(gid);
  const label = link.label === '' ? t('links.noLabel') : link.label;
  const revoke = useRevokeLink(gid, () => {
    showToast({ sentence: t('links.revoked', { label }) });
  });
  const usable = link.state === 'live' || link.state === 'paused';
  const notCopied = link.copyable ? null : t('links.notCopyable');
  const parts = [
    t(`role.${roleName(link.role)}`),
    link.auto ? t('links.auto') : t('links.review'),
    runsOut(link, now, t),
    t('links.by', { name: isolate(nameOf(link.maker)) }),
  ];
  return (
    <li
      aria-label={label}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-6 py-3 max-tablet:px-4 ${usable ? '' : 'text-ink-2'}`}
    >
      <div className="min-w-48 flex-1">
        <p className="flex items-center gap-2">
          <bdi className="clip font-[600]">{label}</bdi>
          <Chip tone={TONES[link.state]}>{t(`links.state.${link.state}`)}</Chip>
          {link.waiting > 0 && (
            <Chip tone="accent">{t('links.waiting', { count: link.waiting })}</Chip>
          )}
        </p>
        <p className="text-small text-ink-2">
          <Isolated text={parts.join(' · ')} />
        </p>
      </div>
      <Uses link={link} />
      {usable && (
        <div className="flex items-center gap-1.5">
          <Button
            size="small"
            busy={copy.busy}
            refused={notCopied}
            aria-label={t('links.copyNamed', { label })}
            onClick={() => {
              void copy.run(link.pk).then(async (outcome) => {
                if (outcome?.ok === true && (await copyText(outcome.value)))
                  showToast({ sentence: t('links.copied') });
              });
            }}
          >
            <Copy size={15} aria-hidden />
            {t('app.copy')}
          </Button>
          <IconButton
            label={t('links.show')}
            refused={notCopied}
            onClick={() => {
              void copy.run(link.pk).then((outcome) => {
                if (outcome?.ok === true) onShow(outcome.value);
              });
            }}
          >
            <QrIcon size={17} aria-hidden />
          </IconButton>
          <Button
            look="dangerPlain"
            size="small"
            busy={revoke.busy}
            refused={refused}
            aria-label={t('links.revokeNamed', { label })}
            onClick={() =>
              askFirst({
                title: t('links.revokeTitle', { label }),
                body: t('links.revokeBody', { count: link.waiting }),
                action: t('links.revoke'),
                tone: 'danger',
                run: () => void revoke.run(link.pk),
              })
            }
          >
            {t('links.revoke')}
          </Button>
        </div>
      )}
    </li>
  );
}

function Uses({ link }: { readonly link: LinkView }) {
  const { t } = useTranslation();
  if (link.maxUses === 0)
    return (
      <p className="num w-40 text-small text-ink-2 max-tablet:w-full">
        {t('links.usesFree', { count: link.uses })}
      </p>
    );
  const full = Math.min(100, (link.uses / link.maxUses) * 100);
  return (
    <div className="w-40 max-tablet:w-full">
      <p className="num text-small text-ink-2">
        {t('links.uses', { uses: link.uses, max: link.maxUses })}
      </p>
      <div aria-hidden className="mt-1 h-1 overflow-hidden rounded-full bg-line">
        <div
          className={`h-full rounded-full ${link.state === 'live' ? 'bg-accent' : 'bg-edge'}`}
          style={{ inlineSize: `${full}%` }}
        />
      </div>
    </div>
  );
}

function runsOut(link: LinkView, now: number, t: TFunction): string {
  if (link.expires === 0) return t('links.never');
  const when = whenInWords(link.expires, now);
  return link.expires < now ? t('links.ranOut', { when }) : t('links.runsOut', { when });
}
