/** A list of acts behind a button. A refused one stays in the list and says why. */
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type ReactElement, type ReactNode, useEffect } from 'react';
import { classes } from './classes.ts';

const POPUP =
  'max-h-[80dvh] max-w-80 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-float outline-none transition duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0';

export function Menu({
  trigger,
  children,
  side = 'bottom',
  align = 'end',
}: {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly children: ReactNode;
  readonly side?: 'top' | 'bottom';
  readonly align?: 'start' | 'end';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} side={side} align={align} className="z-[60]">
          <Base.Popup className={classes(POPUP, 'min-w-56')}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/**
 * A menu opened beside an element that is there already; it is open as long as it is drawn. `byKeys`: whether it was opened by
 * keyboard and begins at its first item. `leadsAway`: whether what was chosen takes the focus itself.
 */
export function MenuAt({
  anchor,
  byKeys,
  across = false,
  leadsAway,
  onClose,
  children,
}: {
  readonly anchor: HTMLElement;
  readonly byKeys: boolean;
  /** Items in a row. */
  readonly across?: boolean;
  readonly leadsAway: () => boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  useEffect(() => {
    anchor.setAttribute('data-popup-open', '');
    anchor.setAttribute('aria-expanded', 'true');
    return () => {
      anchor.removeAttribute('data-popup-open');
      anchor.setAttribute('aria-expanded', 'false');
    };
  }, [anchor]);
  return (
    <Base.Root
      open
      orientation={across ? 'horizontal' : 'vertical'}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner anchor={anchor} sideOffset={6} align="end" className="z-[60]">
          <Base.Popup
            finalFocus={() => (leadsAway() ? false : anchor)}
            onFocus={({ target, currentTarget }) => {
              if (byKeys && target === currentTarget)
                currentTarget.querySelector<HTMLElement>('[role=menuitem]')?.focus();
            }}
            className={classes(POPUP, across ? 'flex' : 'min-w-56')}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

const ITEM =
  'flex w-full items-center gap-3 rounded-sm px-3 py-2 text-start outline-none select-none data-[highlighted]:bg-hover touch:py-3';

export function MenuItem({
  children,
  icon,
  onChoose,
  refused = null,
  danger = false,
}: {
  readonly children: ReactNode;
  readonly icon?: ReactNode;
  readonly onChoose: () => void;
  readonly refused?: string | null;
  readonly danger?: boolean;
}) {
  return (
    <Base.Item
      onClick={onChoose}
      disabled={refused !== null}
      className={classes(ITEM, danger && 'text-bad', refused !== null && 'cursor-not-allowed')}
    >
      <span className={classes('shrink-0', refused !== null && 'opacity-50')}>{icon}</span>
      <span className="min-w-0">
        <span className={classes('block', refused !== null && 'opacity-60')}>{children}</span>
        {refused !== null && <span className="block text-tiny text-ink-3">{refused}</span>}
      </span>
    </Base.Item>
  );
}

/** An item that is one sign, in a row of them. */
export function MenuSign({
  sign,
  label,
  chosen,
  onChoose,
}: {
  readonly sign: string;
  readonly label: string;
  readonly chosen: boolean;
  readonly onChoose: () => void;
}) {
  return (
    <Base.Item
      aria-label={label}
      title={label}
      onClick={onChoose}
      className={classes(
        'grid size-10 place-items-center rounded-sm text-[20px] leading-none outline-none select-none data-[highlighted]:bg-hover touch:size-11',
        chosen &&
          'bg-accent-soft data-[highlighted]:bg-accent-soft data-[highlighted]:ring-1 data-[highlighted]:ring-accent',
      )}
    >
      <span aria-hidden>{sign}</span>
    </Base.Item>
  );
}

export function MenuChoice<T extends string>({
  label,
  value,
  choices,
  onChoose,
  closes = false,
}: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly onChoose: (value: T) => void;
  /** Whether choosing ends it. */
  readonly closes?: boolean;
}) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-3 pt-2 pb-1 text-tiny text-ink-3">{label}</Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={(next: T) => onChoose(next)}>
        {choices.map((choice) => (
          <Base.RadioItem
            key={choice.value}
            value={choice.value}
            closeOnClick={closes}
            className={ITEM}
          >
            <span className="size-4 shrink-0">
              <Base.RadioItemIndicator>
                <Check size={16} aria-hidden />
              </Base.RadioItemIndicator>
            </span>
            {choice.label}
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  );
}

export function MenuLine() {
  return <Base.Separator className="mx-2 my-1 h-px bg-line" />;
}
