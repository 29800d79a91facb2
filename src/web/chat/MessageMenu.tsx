/** What can be done about a message of somebody else. */
import { EllipsisVertical, Flag } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GroupView, TimelineItem } from '../../client/view.ts';
import { nameOf } from '../parts/isolate.tsx';
import { buttonClasses } from '../ui/Button.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import { ReportDialog } from './ReportDialog.tsx';

export function MessageMenu({
  item,
  group,
}: {
  readonly item: Extract<TimelineItem, { kind: 'message' }>;
  readonly group: GroupView;
}) {
  const { t } = useTranslation();
  const [reporting, setReporting] = useState(false);
  if (group.standing !== 'member') return null;
  return (
    <span className="absolute -end-2 -top-1.5 opacity-0 group-hover:opacity-100 focus-within:opacity-100 has-[[data-popup-open]]:opacity-100 touch:opacity-100">
      <Menu
        trigger={
          <button
            type="button"
            aria-label={t('chat.messageMenu', { name: nameOf(item.author) })}
            className={buttonClasses('ghost', 'small', 'px-1.5')}
          >
            <EllipsisVertical size={16} aria-hidden />
          </button>
        }
      >
        <MenuItem icon={<Flag size={16} aria-hidden />} onChoose={() => setReporting(true)}>
          {t('reports.report')}
        </MenuItem>
      </Menu>
      {reporting && (
        <ReportDialog gid={group.gid} message={item} onClose={() => setReporting(false)} />
      )}
    </span>
  );
}
