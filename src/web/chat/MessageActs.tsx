/** The buttons beside a message. Their menus are one for the whole talk: many rows would each carry their own. */
import { EllipsisVertical, Reply } from 'lucide-react';
import { createContext, type ReactNode, useContext } from 'react';
import { whyNotSend } from '../may.ts';
import { nameOf } from '../parts/isolate.tsx';
import { type Message, setComposing } from '../stores/composing.ts';
import { buttonClasses } from '../ui/Button.tsx';
import { classes } from '../ui/classes.ts';
import type { GroupView } from '../../client/view.ts';
import { isStaff } from '../../protocol/role.ts';
import { useWords } from './words.ts';

export interface OpenMenu {
  readonly what: 'react' | 'menu';
  readonly item: Message;
  readonly anchor: HTMLElement;
  readonly byKeys: boolean;
}

/** Opens a menu beside one of the buttons. */
export const OpenMenuContext = createContext<(menu: OpenMenu) => void>(() => undefined);

export function MessageActs({
  item,
  group,
}: {
  readonly item: Message;
  readonly group: GroupView;
}) {
  const t = useWords();
  const { gone } = item;
  if (group.standing !== 'member') return null;
  if (gone !== null && !(gone.what === 'hidden' && isStaff(group.role))) return null;
  const talks = whyNotSend(group) === null && gone === null;
  return (
    <span className="absolute -end-2 -top-2 flex rounded-md border border-line bg-raised opacity-0 shadow-lift group-hover:opacity-100 focus-within:opacity-100 has-[[data-popup-open]]:opacity-100 touch:border-transparent touch:bg-transparent touch:opacity-100 touch:shadow-none">
      {talks && (
        <>
          <MenuButton what="react" item={item} label={t('chat.react')} className="touch:hidden">
            <span aria-hidden>☺</span>
          </MenuButton>
          <button
            type="button"
            aria-label={t('chat.replying', { who: nameOf(item.author) })}
            title={t('chat.reply')}
            onClick={() => setComposing(group.gid, { what: 'reply', message: item })}
            className={buttonClasses('ghost', 'small', 'px-1.5 touch:hidden')}
          >
            <Reply size={16} aria-hidden className="rtl:-scale-x-100" />
          </button>
        </>
      )}
      <MenuButton
        what="menu"
        item={item}
        label={t('chat.messageMenu', { name: nameOf(item.author) })}
      >
        <EllipsisVertical size={16} aria-hidden />
      </MenuButton>
    </span>
  );
}

function MenuButton({
  what,
  item,
  label,
  className,
  children,
}: {
  readonly what: OpenMenu['what'];
  readonly item: Message;
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  const open = useContext(OpenMenuContext);
  return (
    <button
      type="button"
      aria-label={label}
      aria-haspopup="menu"
      title={what === 'react' ? label : undefined}
      onClick={({ currentTarget, detail }) =>
        // A click that no pointer made has no count.
        open({ what, item, anchor: currentTarget, byKeys: detail === 0 })
      }
      className={buttonClasses('ghost', 'small', classes('px-1.5', className))}
    >
      {children}
    </button>
  );
}
