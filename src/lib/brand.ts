/** Nominal types: a value of one kind does not pass for another by accident. */
declare const brand: unique symbol;
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
