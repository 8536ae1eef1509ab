import { requireOneOf, requireText } from '../checks.ts';
import { checkOptions } from '../errors.ts';

/** Languages of the described findings. */
export type ReportLanguage = 'en' | 'ko';

/** Refuses a language that no report is written in. */
export function requireLanguage(who: string, language: unknown): void {
  requireOneOf(who, 'language', language, ['en', 'ko']);
}

/** Options of a plot: its language, and for some a title. */
export function plotOptions(
  who: string,
  options: { readonly language?: ReportLanguage; readonly title?: string },
  known: readonly ('language' | 'title')[] = ['language'],
): { readonly language: ReportLanguage; readonly title: string | undefined } {
  checkOptions(who, options, known);
  const { language = 'en', title } = options;
  requireLanguage(who, language);
  if (title !== undefined) requireText(who, 'title', title);
  return { language, title };
}
