/** What becomes of each group of one's own: closed, or handed over before the account goes. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { paths } from '../paths.ts';
import type { GroupSummary } from '../../client/view.ts';
import type { Gid } from '../../protocol/ids.ts';

export function OwnGroups({
  groups,
  close,
  onChange,
}: {
  readonly groups: readonly GroupSummary[];
  readonly close: ReadonlySet<Gid>;
  readonly onChange: (close: ReadonlySet<Gid>) => void;
}) {
  const { t } = useTranslation();
  const set = (gid: Gid, closes: boolean): void => {
    const next = new Set(close);
    if (closes) next.add(gid);
    else next.delete(gid);
    onChange(next);
  };
  return (
    <div className="mt-4 grid gap-3">
      <p className="text-ink-2 text-pretty">{t('data.owned')}</p>
      {groups.map((group) => (
        <fieldset key={group.gid} className="rounded-md border border-line px-4 py-3">
          <legend className="px-1 font-[580]">
            <bdi>{group.name ?? t('group.unnamed')}</bdi>
          </legend>
          <label className="flex min-h-8 items-center gap-2 touch:min-h-11">
            <input
              type="radio"
              name={`end-${group.gid}`}
              checked={!close.has(group.gid)}
              onChange={() => set(group.gid, false)}
            />
            {t('data.handOver')}
          </label>
          {!close.has(group.gid) && (
            <Link
              to={paths.manageSettings(group.gid)}
              className="ms-6 inline-block rounded-sm py-1 text-small font-[580] text-accent underline-offset-4 hover:underline"
            >
              {t('data.toSettings')}
            </Link>
          )}
          <label className="flex min-h-8 items-center gap-2 touch:min-h-11">
            <input
              type="radio"
              name={`end-${group.gid}`}
              checked={close.has(group.gid)}
              onChange={() => set(group.gid, true)}
            />
            {t('data.closeIt', { count: group.members })}
          </label>
        </fieldset>
      ))}
    </div>
  );
}
