/** What can be done about one message: by its author, by everybody, by owner and moderators. */
import {
  Copy,
  EllipsisVertical,
  Eye,
  EyeOff,
  Flag,
  Info,
  Pencil,
  Pin,
  Reply,
  Trash2,
} from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotSend } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { useHide, usePin, useReact } from '../queries/talk.ts';
import { type Message, setComposing } from '../stores/composing.ts';
import { setDraft } from '../stores/draft.ts';
import { showToast } from '../stores/toast.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { Menu, MenuItem } from '../ui/Menu.tsx';
import type { GroupView } from '../../client/view.ts';
import { isStaff } from '../../protocol/role.ts';
import { DeleteDialog, DetailsDialog, HideDialog } from './MessageDialogs.tsx';
import { ReportDialog } from './ReportDialog.tsx';

/** Offered without a search; any of them can be taken back. */
const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

type Open = 'report' | 'delete' | 'hide' | 'details';

export function MessageMenu({
  item,
  group,
}: {
  readonly item: Message;
  readonly group: GroupView;
}) {
  const { t } = useTranslation();
  const { gid } = group;
  const [open, setOpen] = useState<Open | null>(null);
  const hide = useHide(gid);
  const pin = usePin(gid);
  if (group.standing !== 'member') return null;
  const staff = isStaff(group.role);
  const talks = whyNotSend(group) === null;
  const close = (): void => setOpen(null);
  const { gone, mine } = item;
  const choice = (icon: ReactNode, words: string, onChoose: () => void, danger = false) => (
    <MenuItem icon={icon} onChoose={onChoose} danger={danger}>
      {words}
    </MenuItem>
  );
  const size = { size: 16, 'aria-hidden': true } as const;
  if (gone !== null && !(gone.what === 'hidden' && staff)) return null;

  return (
    <span className="absolute -end-2 -top-2 flex rounded-md border border-line bg-raised opacity-0 shadow-lift group-hover:opacity-100 focus-within:opacity-100 has-[[data-popup-open]]:opacity-100 touch:border-transparent touch:bg-transparent touch:opacity-100 touch:shadow-none">
      {talks && gone === null && (
        <>
          <QuickReactions item={item} group={group} />
          <button
            type="button"
            aria-label={t('chat.replying', { who: nameOf(item.author) })}
            title={t('chat.reply')}
            onClick={() => setComposing(gid, { what: 'reply', message: item })}
            className={buttonClasses('ghost', 'small', 'px-1.5 touch:hidden')}
          >
            <Reply size={16} aria-hidden className="rtl:-scale-x-100" />
          </button>
        </>
      )}
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
        {gone === null && (
          <>
            {talks &&
              choice(<Reply {...size} className="rtl:-scale-x-100" />, t('chat.reply'), () =>
                setComposing(gid, { what: 'reply', message: item }),
              )}
            {talks &&
              mine &&
              item.file === null &&
              choice(<Pencil {...size} />, t('chat.edit'), () => {
                setComposing(gid, { what: 'edit', message: item });
                setDraft(gid, item.text);
              })}
            {item.text !== '' &&
              choice(<Copy {...size} />, t('chat.copyText'), () => {
                void navigator.clipboard
                  .writeText(item.text)
                  .then(() => showToast({ sentence: t('chat.copied') }));
              })}
            {staff &&
              talks &&
              choice(<Pin {...size} />, item.pinned ? t('chat.unpin') : t('chat.pin'), () => {
                void pin.run({ item: item.item, on: !item.pinned });
              })}
            {choice(<Info {...size} />, t('chat.details'), () => setOpen('details'))}
            {!mine && choice(<Flag {...size} />, t('reports.report'), () => setOpen('report'))}
            {mine &&
              talks &&
              choice(<Trash2 {...size} />, t('chat.delete'), () => setOpen('delete'), true)}
            {!mine &&
              staff &&
              talks &&
              choice(<EyeOff {...size} />, t('chat.hide'), () => setOpen('hide'), true)}
          </>
        )}
        {gone !== null &&
          choice(<Eye {...size} />, t('chat.unhide'), () => {
            void hide.run({ item: item.item, hidden: false, reason: '' });
          })}
      </Menu>
      {open === 'report' && <ReportDialog gid={gid} message={item} onClose={close} />}
      {open === 'delete' && <DeleteDialog gid={gid} message={item} onClose={close} />}
      {open === 'hide' && <HideDialog gid={gid} message={item} onClose={close} />}
      {open === 'details' && <DetailsDialog gid={gid} message={item} onClose={close} />}
    </span>
  );
}

function QuickReactions({ item, group }: { readonly item: Message; readonly group: GroupView }) {
  const { t } = useTranslation();
  const react = useReact(group.gid);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={t('chat.react')}
          title={t('chat.react')}
          className={buttonClasses('ghost', 'small', 'px-1.5')}
        >
          <span aria-hidden>☺</span>
        </button>
      }
    >
      {EMOJI.map((emoji) => {
        const mine = item.reactions.some((one) => one.emoji === emoji && one.mine);
        return (
          <MenuItem
            key={emoji}
            icon={<span aria-hidden>{emoji}</span>}
            onChoose={() => void react.run({ item: item.item, emoji, on: !mine })}
          >
            {t(mine ? 'chat.reactNot' : 'chat.reactWith', { emoji })}
          </MenuItem>
        );
      })}
    </Menu>
  );
}
