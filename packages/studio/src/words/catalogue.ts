// Every text of the studio is in a catalogue, in both languages, next to the part that shows it. No component has a text of its own: a test
// reads their sources. A text with numbers in it is a function; no particle stands after a number that may change.

import { computed, type ReadonlySignal, signal } from '@preact/signals';

/** A language of the studio. */
export type Language = 'en' | 'ko';
export const languages: readonly Language[] = ['en', 'ko'];

/** The language that everything is shown in. */
export const language = signal<Language>(navigator.language.startsWith('ko') ? 'ko' : 'en');

/** Texts by key, and texts made of values. */
type Texts<T> = T extends string
  ? string
  : T extends (...values: never) => string
    ? (...values: Parameters<T>) => string
    : { readonly [K in keyof T]: Texts<T[K]> };

/** The texts of a part, in the language at hand. Both languages have the same keys, which the types require. */
export function catalogue<const T extends object>(of: {
  readonly en: T;
  readonly ko: NoInfer<Texts<T>>;
}): ReadonlySignal<Texts<T>> {
  return computed(() => (language.value === 'ko' ? of.ko : of.en) as Texts<T>);
}
