// The language a person is spoken to in: --lang, or what the terminal's locale asks for.

/** Languages of help, screens and pages. */
export type Language = 'en' | 'ko';

/** What the terminal's locale asks for. */
export function languageOf(environment: NodeJS.ProcessEnv): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^ko/i.test(locale) ? 'ko' : 'en';
}
