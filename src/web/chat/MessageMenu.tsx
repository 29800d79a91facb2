/** The one menu of a talk's messages. What can be done about one: by its author, by everybody, by owner and moderators. */
import { Copy, Eye, EyeOff, Flag, Info, Pencil, Pin, Reply, SmilePlus, Trash2 } from 'lucide-react';
import {
  type Dispatch,
  type ReactNode,
  type SetStateAction,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { whyNotSend } from '../may.ts';
import { useHide, usePin, useReact } from '../queries/talk.ts';
import { type Message, setComposing } from '../stores/composing.ts';
import { setDraft } from '../stores/draft.ts';
import { showToast } from '../stores/toast.ts';
import { MenuAt, MenuItem, MenuSign } from '../ui/Menu.tsx';
import type { GroupView } from '../../client/view.ts';
import { isStaff } from '../../protocol/role.ts';
import type { OpenMenu } from './MessageActs.tsx';
import { DeleteDialog, DetailsDialog, HideDialog } from './MessageDialogs.tsx';
import { ReportDialog } from './ReportDialog.tsx';

/** Offered without a search; any of them can be taken back. */
const EMOJI = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

type Dialogs = 'report' | 'delete' | 'hide' | 'details';

interface OpenDialog {
  readonly what: Dialogs;
  readonly item: Message;
  readonly anchor: HTMLElement;
}

export function MessageMenu({
  group,
  open,
  onOpen,
}: {
  readonly group: GroupView;
  /** Beside which button of which message; null where none is open. */
  readonly open: OpenMenu | null;
  readonly onOpen: Dispatch<SetStateAction<OpenMenu | null>>;
}) {
  /** The composer takes the focus. */
  const toComposer = useRef(false);
  useEffect(() => {
    if (open !== null) toComposer.current = false;
  }, [open]);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  return (
    <>
      {open !== null && (
        <MenuAt
          key={`${open.what}${open.item.key}`}
          anchor={open.anchor}
          byKeys={open.byKeys}
          across={open.what === 'react'}
          leadsAway={() => toComposer.current}
          // What was chosen may have opened another one.
          onClose={() => onOpen((now) => (now === open ? null : now))}
        >
          {open.what === 'react' ? (
            <QuickReactions item={open.item} group={group} />
          ) : (
            <Acts
              item={open.item}
              group={group}
              onReact={() => onOpen({ ...open, what: 'react' })}
              onCompose={() => {
                toComposer.current = true;
              }}
              onDialog={(what) => setDialog({ what, item: open.item, anchor: open.anchor })}
            />
          )}
        </MenuAt>
      )}
      {dialog !== null && <Shown gid={group.gid} dialog={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

function Shown({
  gid,
  dialog,
  onClose,
}: {
  readonly gid: GroupView['gid'];
  readonly dialog: OpenDialog;
  readonly onClose: () => void;
}) {
  const shown = { gid, message: dialog.item, onClose };
  switch (dialog.what) {
    case 'report':
      return <ReportDialog {...shown} />;
    case 'delete':
      return <DeleteDialog {...shown} anchor={dialog.anchor} />;
    case 'hide':
      return <HideDialog {...shown} />;
    case 'details':
      return <DetailsDialog {...shown} />;
  }
}

function Acts({
  item,
  group,
  onReact,
  onCompose,
  onDialog,
}: {
  readonly item: Message;
  readonly group: GroupView;
  readonly onReact: () => void;
  readonly onCompose: () => void;
  readonly onDialog: (what: Dialogs) => void;
}) {
  const { t } = useTranslation();
  const { gid } = group;
  const hide = useHide(gid);
  const pin = usePin(gid);
  const staff = isStaff(group.role);
  const talks = whyNotSend(group) === null;
  const { gone, mine } = item;
  const choice = (icon: ReactNode, words: string, onChoose: () => void, danger = false) => (
    <MenuItem icon={icon} onChoose={onChoose} danger={danger}>
      {words}
    </MenuItem>
  );
  const size = { size: 16, 'aria-hidden': true } as const;
  if (gone !== null)
    return choice(<Eye {...size} />, t('chat.unhide'), () => {
      void hide.run({ item: item.item, hidden: false, reason: '' });
    });
  return (
    <>
      {talks && choice(<SmilePlus {...size} />, t('chat.react'), onReact)}
      {talks &&
        choice(<Reply {...size} className="rtl:-scale-x-100" />, t('chat.reply'), () => {
          onCompose();
          setComposing(gid, { what: 'reply', message: item });
        })}
      {talks &&
        mine &&
        item.file === null &&
        choice(<Pencil {...size} />, t('chat.edit'), () => {
          onCompose();
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
      {choice(<Info {...size} />, t('chat.details'), () => onDialog('details'))}
      {!mine && choice(<Flag {...size} />, t('reports.report'), () => onDialog('report'))}
      {mine &&
        talks &&
        choice(<Trash2 {...size} />, t('chat.delete'), () => onDialog('delete'), true)}
      {!mine &&
        staff &&
        talks &&
        choice(<EyeOff {...size} />, t('chat.hide'), () => onDialog('hide'), true)}
    </>
  );
}

function QuickReactions({ item, group }: { readonly item: Message; readonly group: GroupView }) {
  const { t } = useTranslation();
  const react = useReact(group.gid);
  return EMOJI.map((emoji) => {
    const mine = item.reactions.some((one) => one.emoji === emoji && one.mine);
    return (
      <MenuSign
        key={emoji}
        sign={emoji}
        label={t(mine ? 'chat.reactNot' : 'chat.reactWith', { emoji })}
        chosen={mine}
        onChoose={() => void react.run({ item: item.item, emoji, on: !mine })}
      />
    );
  });
}
