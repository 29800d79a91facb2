/** Initials on a colour that follows from an id: the same thing looks the same everywhere. */
import type { CSSProperties } from 'react';
import { classes } from './classes.ts';

const SIZES = {
  s: 'size-7 rounded-[9px] text-[11px]',
  m: 'size-[34px] rounded-[10px] text-tiny',
  l: 'size-10 rounded-[12px] text-[14px]',
  xl: 'size-16 rounded-[18px] text-[22px]',
} as const;

const WORD = /[\p{L}\p{N}]/u;

export function initialsOf(name: string): string {
  const words = name.split(/\s+/u).filter((word) => WORD.test(word));
  const letters = words.map((word) => [...word].find((letter) => WORD.test(letter)) ?? '');
  const last = letters.length > 1 ? (letters[letters.length - 1] ?? '') : '';
  return `${letters[0] ?? ''}${last}`.toLocaleUpperCase() || '·';
}

export function Avatar({
  id,
  name,
  size = 'm',
  picture = null,
}: {
  readonly id: string;
  readonly name: string;
  readonly size?: keyof typeof SIZES;
  /** Address of a picture that stands in place of the initials. */
  readonly picture?: string | null;
}) {
  if (picture !== null)
    return (
      <img
        src={picture}
        alt=""
        className={classes('shrink-0 object-cover select-none', SIZES[size])}
      />
    );
  const hue = Number.parseInt(id.slice(0, 4), 16) % 360;
  return (
    <span
      aria-hidden
      className={classes(
        'person-hue grid shrink-0 place-items-center font-[620] select-none',
        SIZES[size],
      )}
      style={{ '--hue': Number.isNaN(hue) ? 255 : hue } as CSSProperties}
    >
      {initialsOf(name)}
    </span>
  );
}
