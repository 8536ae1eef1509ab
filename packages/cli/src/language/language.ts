// The language a person is spoken to in: --lang, or what the terminal's locale asks for.

/** Languages of help, screens and pages. */
export type Language = 'en' | 'ko';

export const languages = ['en', 'ko'] as const satisfies readonly Language[];

/** What the terminal's locale asks for. */
export function languageOf(environment: NodeJS.ProcessEnv): Language {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^ko/i.test(locale) ? 'ko' : 'en';
}

/** The language of a command line, before it is parsed: help and errors of the parser are in it too. A language that does not exist is refused later. */
export function askedLanguage(args: readonly string[], environment: NodeJS.ProcessEnv): Language {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const asked = own.flatMap((arg, i) => {
    const [, flag, value] = /^--?(lang)(?:=(.*))?$/s.exec(arg) ?? [];
    return flag ? [value ?? own[i + 1]] : [];
  });
  const last = asked.at(-1);
  return languages.find((language) => language === last) ?? languageOf(environment);
}

/** The arguments without a --lang before the name of the command, where no command has read it yet. */
export function afterLanguage(args: readonly string[]): readonly string[] {
  const [first = '', second] = args;
  if (first === '--lang' && languages.some((language) => language === second)) return args.slice(2);
  return languages.some((language) => first === `--lang=${language}`) ? args.slice(1) : args;
}
