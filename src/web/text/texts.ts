/** What a language has to say. A missing key, and one that English does not have, are type errors. */
import type { en } from './en.ts';

/** Forms of plurals that other languages have and English has not. */
type MoreForms<Key> = Key extends `${infer Base}_other`
  ? `${Base}_${'zero' | 'two' | 'few' | 'many'}`
  : never;

type Words<T> = {
  readonly [Key in keyof T]: T[Key] extends string ? string : Words<T[Key]>;
} & { readonly [Key in keyof T as MoreForms<Key>]?: string };

export type Texts = Words<typeof en>;
