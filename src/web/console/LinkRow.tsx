/** One join link in the list: how it stands, copying it, and the sheet behind it. */
import { Copy, QrCode as QrIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../parts/copyText.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { useCopyLink } from '../queries/links.ts';
import { showToast } from '../stores/toast.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Chip } from '../ui/Chip.tsx';
import { classes } from '../ui/classes.ts';
import { Checkbox } from '../ui/Field.tsx';
import { useNow } from '../ui/useNow.ts';
import type { LinkView, TaskAct } from '../../client/view.ts';
import type { Gid, LinkPk } from '../../protocol/ids.ts';
import { roleName } from '../../protocol/role.ts';
import { works } from './findLinks.ts';
import { howEnded, labelOf, LINK_TONES, runsOut } from './linkText.ts';

export interface LinkRowProps {
  readonly gid: Gid;
  readonly link: LinkView;
  readonly chosen: boolean;
  readonly marked: boolean;
  readonly reachable: boolean;
  readonly pending: TaskAct['kind'] | null;
  readonly onOpen: (pk: LinkPk) => void;
  readonly onMark: (pk: LinkPk, range: boolean) => void;
  readonly onShow: (address: string) => void;
}

export function LinkRow({
  gid,
  link,
  chosen,
  marked,
  reachable,
  pending,
  onOpen,
  onMark,
  onShow,
}: LinkRowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const copy = useCopyLink(gid);
  const label = labelOf(link, t);
  const usable = works(link);
  const notCopied = link.copyable ? null : t('links.notCopyable');
  const parts = [
    t(`role.${roleName(link.role)}`),
    link.auto ? t('links.auto') : t('links.review'),
    howEnded(link, now, t) ?? runsOut(link, now, t),
    ...(link.ended?.how === 'maker' ? [] : [t('links.by', { name: isolate(nameOf(link.maker)) })]),
  ];
  const tabIndex = reachable ? 0 : -1;
  return (
    <div
      className={classes(
        'flex items-center gap-x-3.5 border-b border-line ps-6 pe-4 max-tablet:ps-4 max-tablet:pe-2',
        chosen ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      {link.state === 'revoked' ? (
        <span aria-hidden className="size-[18px] shrink-0" />
      ) : (
        <Checkbox
          hideLabel
          tabIndex={tabIndex}
          label={t('links.select', { label })}
          checked={marked}
          onChange={(_, range) => onMark(link.pk, range)}
        />
      )}
      <button
        type="button"
        data-start
        tabIndex={tabIndex}
        aria-label={t('links.details', { label })}
        onClick={() => onOpen(link.pk)}
        className={classes(
          'flex min-w-0 flex-1 items-center gap-4 py-3 text-start focus-visible:-outline-offset-2 max-tablet:flex-wrap max-tablet:gap-y-1',
          !usable && 'text-ink-2',
        )}
      >
        <span className="min-w-0 flex-1 max-tablet:basis-full">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <bdi className="clip max-w-full font-[600]">{label}</bdi>
            <Chip tone={LINK_TONES[link.state]}>{t(`links.state.${link.state}`)}</Chip>
            {link.waiting > 0 && (
              <Chip tone="accent">{t('links.waiting', { count: link.waiting })}</Chip>
            )}
            {link.burst !== null && <Chip tone="warn">{t('links.wave')}</Chip>}
            {pending !== null && <Chip tone="accent">{t('links.changing')}</Chip>}
          </span>
          <span className="block text-small text-ink-2">
            <Isolated text={parts.join(' · ')} />
          </span>
        </span>
        <Uses link={link} />
      </button>
      {usable && (
        <span className="flex items-center gap-1">
          <Button
            size="small"
            className="max-tablet:hidden"
            tabIndex={tabIndex}
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
            label={t('links.showNamed', { label })}
            tabIndex={tabIndex}
            refused={notCopied}
            onClick={() => {
              void copy.run(link.pk).then((outcome) => {
                if (outcome?.ok === true) onShow(outcome.value);
              });
            }}
          >
            <QrIcon size={17} aria-hidden />
          </IconButton>
        </span>
      )}
    </div>
  );
}

export function Uses({ link }: { readonly link: LinkView }) {
  const { t } = useTranslation();
  if (link.maxUses === 0)
    return (
      <span className="num w-36 text-small text-ink-2 max-tablet:w-full">
        {t('links.usesFree', { count: link.uses })}
      </span>
    );
  const full = Math.min(100, (link.uses / link.maxUses) * 100);
  return (
    <span className="block w-36 max-tablet:w-full">
      <span className="num block text-small text-ink-2">
        {t('links.uses', { uses: link.uses, max: link.maxUses })}
      </span>
      <span aria-hidden className="mt-1 block h-1 overflow-hidden rounded-full bg-line">
        <span
          className={classes(
            'block h-full rounded-full',
            link.state === 'live' ? 'bg-accent' : 'bg-edge',
          )}
          style={{ inlineSize: `${full}%` }}
        />
      </span>
    </span>
  );
}
