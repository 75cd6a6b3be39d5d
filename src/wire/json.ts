/** A JSON value as it goes out. Numbers are safe ones; ids are strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
