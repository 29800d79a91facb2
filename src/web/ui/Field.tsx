/** Labelled inputs. The label is always in sight, the fault stands below in words. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from './classes.ts';

const BOX =
  'w-full rounded-sm border border-line bg-surface px-3 text-ink transition-colors duration-100 hover:border-edge focus:border-accent focus:outline-2 focus:-outline-offset-1 focus:outline-accent aria-invalid:border-bad';

interface Shell {
  readonly label: string;
  /** Said after the label, smaller. */
  readonly aside?: string;
  readonly hint?: ReactNode;
  readonly fault?: string | undefined;
}

function Labelled({
  id,
  label,
  aside,
  hint,
  fault,
  children,
}: Shell & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-small font-[550]">
        {label}
        {aside !== undefined && <span className="font-normal text-ink-3"> {aside}</span>}
      </label>
      {children}
      {hint !== undefined && fault === undefined && (
        <p id={`${id}-hint`} className="text-small text-ink-3">
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p id={`${id}-fault`} role="alert" className="text-small text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}

function described(id: string, hint: ReactNode, fault: string | undefined) {
  if (fault !== undefined) return { 'aria-describedby': `${id}-fault`, 'aria-invalid': true };
  return hint === undefined ? {} : { 'aria-describedby': `${id}-hint` };
}

export function TextField({
  label,
  aside,
  hint,
  fault,
  className,
  ...rest
}: Shell & ComponentProps<'input'>) {
  const id = useId();
  const shell = { label, hint, fault, ...(aside === undefined ? {} : { aside }) };
  return (
    <Labelled id={id} {...shell}>
      <input
        {...rest}
        {...described(id, hint, fault)}
        id={id}
        className={classes(BOX, 'h-10 touch:h-11', className)}
      />
    </Labelled>
  );
}

export function TextArea({
  label,
  aside,
  hint,
  fault,
  className,
  ...rest
}: Shell & ComponentProps<'textarea'>) {
  const id = useId();
  const shell = { label, hint, fault, ...(aside === undefined ? {} : { aside }) };
  return (
    <Labelled id={id} {...shell}>
      <textarea
        rows={3}
        {...rest}
        {...described(id, hint, fault)}
        id={id}
        className={classes(
          BOX,
          'field-sizing-content max-h-60 min-h-20 resize-none py-2',
          className,
        )}
      />
    </Labelled>
  );
}

/** A field for finding; its label is only spoken. */
export function SearchField({
  label,
  value,
  onChange,
  icon,
  ref,
  className,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly icon: ReactNode;
  readonly ref?: React.Ref<HTMLInputElement>;
  readonly className?: string;
}) {
  return (
    <div className={classes('relative', className)}>
      <span className="pointer-events-none absolute inset-y-0 start-3 grid place-items-center text-ink-3">
        {icon}
      </span>
      <input
        ref={ref}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={classes(BOX, 'h-9 ps-9 touch:h-11')}
      />
    </div>
  );
}

export function Checkbox({
  label,
  hideLabel = false,
  checked,
  mixed = false,
  onChange,
  tabIndex,
  start = false,
}: {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly checked: boolean;
  readonly mixed?: boolean;
  /** `range`: shift was held. */
  readonly onChange: (checked: boolean, range: boolean) => void;
  readonly tabIndex?: number | undefined;
  /** Takes the focus where its row is gone to. */
  readonly start?: boolean;
}) {
  return (
    <label
      className={classes(
        'inline-flex items-center gap-2.5',
        hideLabel && '-m-1.5 p-1.5 touch:-m-3 touch:p-3',
      )}
    >
      <input
        type="checkbox"
        checked={checked}
        tabIndex={tabIndex}
        data-start={start || undefined}
        aria-label={hideLabel ? label : undefined}
        ref={(box) => {
          if (box !== null) box.indeterminate = mixed;
        }}
        onChange={(event) => {
          const { nativeEvent } = event;
          onChange(event.target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
        className="size-[18px] shrink-0 accent-(--accent)"
      />
      {!hideLabel && <span>{label}</span>}
    </label>
  );
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen now. */
  readonly refused?: string | null;
}

/** A few short answers side by side; one is chosen. */
export function Choices<T extends string | number | boolean>({
  label,
  value,
  choices,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly Choice<T>[];
  readonly onChoose: (value: T) => void;
}) {
  const name = useId();
  const refused = choices.find((choice) => choice.refused !== undefined && choice.refused !== null);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 text-small font-[550]">{label}</legend>
      <div className="flex flex-wrap gap-1.5">
        {choices.map((choice) => (
          <label
            key={String(choice.value)}
            className="relative inline-flex h-9 items-center rounded-sm border border-line px-3 text-small font-[550] text-ink-2 transition-colors duration-100 hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent has-disabled:cursor-not-allowed has-disabled:opacity-50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent touch:h-11"
          >
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              disabled={typeof choice.refused === 'string'}
              onChange={() => onChoose(choice.value)}
              className="absolute inset-0 cursor-[inherit] opacity-0"
            />
            {choice.label}
          </label>
        ))}
      </div>
      {typeof refused?.refused === 'string' && (
        <p className="text-small text-ink-3">{refused.refused}</p>
      )}
    </fieldset>
  );
}

/** Longer answers below each other, each with a line of explanation. */
export function Options<T extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly note: string }[];
  readonly onChoose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-small font-[550]">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          className="flex items-start gap-3 rounded-md border border-line p-3 transition-colors duration-100 hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name={name}
            checked={option.value === value}
            aria-label={option.label}
            aria-describedby={`${name}-${option.value}`}
            onChange={() => onChoose(option.value)}
            className="mt-[3px] size-[18px] shrink-0 accent-(--accent) focus-visible:outline-none"
          />
          <span className="min-w-0">
            <span className="block font-[550]">{option.label}</span>
            <span id={`${name}-${option.value}`} className="block text-small text-ink-2">
              {option.note}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
