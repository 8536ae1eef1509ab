// Sentences are written in English, where they are printed: t`step ${n} was skipped`. In Korean the sentence is the key of a catalogue, its values
// numbered: "step {0} was skipped". The catalogue is loaded when Korean is asked for, and never else. What has no entry stays English; a test
// reads the sources for sentences without one.

import type { SpokenLanguage } from './language.ts';
import type { Translator } from './translator.ts';

let translator: Translator | null = null;

/** The language in which everything is printed. */
export const spoken = (): SpokenLanguage => (translator === null ? 'en' : 'ko');

/** Chooses the language of all that follows. */
export async function speak(language: SpokenLanguage): Promise<void> {
  translator = language === 'ko' ? (await import('./ko/index.ts')).korean : null;
}

/** A sentence in the language at hand: as a tag, t`done in ${time}`, or of a text, t('last step'). */
export function t(text: TemplateStringsArray | string, ...values: readonly unknown[]): string {
  if (typeof text === 'string') return translator === null ? text : translator.text(text);
  if (translator !== null) return translator.sentence(text, values);
  return text.reduce((before, part, i) => before + String(values[i - 1]) + part);
}

/** Marks a text that is translated later, where it is printed. */
export const english = <const T extends string>(text: T): T => text;

/** The message of an error in the language at hand. Errors are thrown in English, which programs read. */
export function errorText(error: Error): string {
  return translator === null ? error.message : translator.error(error);
}
