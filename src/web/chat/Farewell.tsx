/** Where one is out of a group: what happened, by whom, and whether to keep what was read. */
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { GroupView } from '../../client/view.ts';
import { isolate, Isolated, nameOf } from '../parts/isolate.tsx';
import { paths } from '../paths.ts';
import { useForgetGroup } from '../queries/running.ts';
import { askFirst } from '../stores/confirm.ts';
import { showToast } from '../stores/toast.ts';
import { whenInWords } from '../text/when.ts';
import { Button } from '../ui/Button.tsx';
import { useNow } from '../ui/useNow.ts';

export function Farewell({
  group,
  standing,
}: {
  readonly group: GroupView;
  readonly standing: 'left' | 'removed' | 'closed';
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const name = group.name ?? t('group.unnamed');
  const forget = useForgetGroup(group.gid, () => {
    showToast({ sentence: t('outside.erased', { name }) });
    void navigate({ to: paths.home() });
  });
  return (
    <section
      aria-label={t('outside.title')}
      className="mx-5 mb-5 flex shrink-0 flex-wrap items-center gap-3 rounded-lg bg-sunken px-4 py-3.5 max-tablet:mx-3 max-tablet:mb-3"
    >
      <div className="min-w-48 flex-1">
        <p className="font-[550]">
          <What group={group} standing={standing} />
        </p>
        <p className="text-small text-ink-2 text-pretty">{t('outside.kept')}</p>
      </div>
      <Button
        look="dangerPlain"
        size="small"
        busy={forget.busy}
        onClick={() =>
          askFirst({
            title: t('outside.eraseTitle', { name }),
            body: t('outside.eraseBody'),
            action: t('outside.erase'),
            tone: 'danger',
            run: () => void forget.run(),
          })
        }
      >
        {t('outside.erase')}
      </Button>
    </section>
  );
}

function What({
  group,
  standing,
}: {
  readonly group: GroupView;
  readonly standing: 'left' | 'removed' | 'closed';
}) {
  const { t } = useTranslation();
  const now = useNow();
  const { turned } = group;
  if (standing !== 'removed' || turned === null || turned.now !== null)
    return t(`outside.${standing}`);
  const words = { who: isolate(nameOf(turned.by)), when: whenInWords(turned.at, now) };
  return (
    <Isolated
      text={turned.what === 'banned' ? t('outside.bannedBy', words) : t('outside.removedBy', words)}
    />
  );
}
