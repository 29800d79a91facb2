/** Things to press. A disabled one says why: on hover, on focus, and to screen readers. */
import { Tooltip } from '@base-ui/react/tooltip';
import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

const BASE =
  'inline-flex items-center justify-center gap-2 shrink-0 whitespace-nowrap rounded-sm font-[550] transition-colors duration-100 aria-disabled:opacity-50 aria-disabled:cursor-not-allowed';

const LOOKS = {
  primary:
    'bg-accent text-accent-ink border border-transparent not-aria-disabled:hover:bg-accent-strong',
  plain:
    'bg-surface text-ink border border-line not-aria-disabled:hover:bg-sunken not-aria-disabled:hover:border-edge not-aria-disabled:active:bg-press',
  ghost:
    'bg-transparent text-ink-2 border border-transparent not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink not-aria-disabled:active:bg-press',
  danger: 'bg-bad text-bad-ink border border-transparent not-aria-disabled:hover:bg-bad-strong',
  dangerPlain:
    'bg-surface text-bad border border-line not-aria-disabled:hover:bg-bad-soft not-aria-disabled:hover:border-bad/40',
} as const;

const SIZES = {
  normal: 'h-9 px-3.5 touch:h-11',
  small: 'h-8 px-3 text-small touch:h-11',
  large: 'h-11 px-5',
  icon: 'size-9 touch:size-11',
} as const;

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
  /** Why it cannot be pressed now; null where it can. */
  readonly refused?: string | null;
  readonly busy?: boolean;
}

/** `aria-disabled` instead of `disabled`: it stays reachable, so that its reason can be heard. */
export function Button({
  look = 'plain',
  size = 'normal',
  refused = null,
  busy = false,
  className,
  onClick,
  type = 'button',
  'aria-disabled': disabled,
  ...rest
}: ButtonProps) {
  const off = refused !== null || busy;
  const button = (
    <button
      {...rest}
      type={off ? 'button' : type}
      aria-disabled={off || disabled || undefined}
      aria-busy={busy || undefined}
      className={classes(BASE, LOOKS[look], SIZES[size], className)}
      onClick={off ? (event) => event.preventDefault() : onClick}
    />
  );
  return refused === null ? button : <Hint text={refused}>{button}</Hint>;
}

export interface IconButtonProps extends ButtonProps {
  /** What it does; the icon alone says nothing to a screen reader. */
  readonly label: string;
}

export function IconButton({ label, look = 'ghost', size = 'icon', ...rest }: IconButtonProps) {
  if (rest.refused !== undefined && rest.refused !== null)
    return <Button {...rest} look={look} size={size} aria-label={label} />;
  return (
    <Hint text={label} silent>
      <Button {...rest} look={look} size={size} aria-label={label} />
    </Hint>
  );
}

/** A short text on hover and focus. `silent` where the thing already carries the text as its name. */
export function Hint({
  text,
  silent = false,
  children,
}: {
  readonly text: string;
  readonly silent?: boolean;
  readonly children: React.ReactElement<Record<string, unknown>>;
}) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        delay={400}
        closeOnClick={silent}
        render={children}
        {...(silent ? {} : { 'aria-description': text })}
      />
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6} className="z-[70]">
          <Tooltip.Popup className="max-w-72 rounded-sm bg-ink px-2.5 py-1.5 text-small text-bg shadow-lift transition-opacity duration-100 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
            {text}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** A link that looks like a button is drawn by the router's Link with these classes. */
export function buttonClasses(
  look: keyof typeof LOOKS = 'plain',
  size: keyof typeof SIZES = 'normal',
  more?: string,
): string {
  return classes(BASE, LOOKS[look], SIZES[size], more);
}
