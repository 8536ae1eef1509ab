// The language a person is spoken to in: --lang, or what the terminal's locale asks for.

/** Languages of help, screens and pages. */
export type SpokenLanguage = 'en' | 'ko';

export const languages = ['en', 'ko'] as const satisfies readonly SpokenLanguage[];

/** What the terminal's locale asks for. */
export function languageOf(environment: NodeJS.ProcessEnv): SpokenLanguage {
  const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
  return /^ko/i.test(locale) ? 'ko' : 'en';
}

/** The language of a command line, before it is parsed: help and errors of the parser are in it too. A language that does not exist is refused later. */
export function askedLanguage(args: readonly string[], environment: NodeJS.ProcessEnv): SpokenLanguage {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  const asked = own.flatMap((arg, i) => {
    const [, flag, value] = /^--?(lang)(?:=(.*))?$/s.exec(arg) ?? [];
    return flag ? [value ?? own[i + 1]] : [];
  });
  const last = asked.at(-1);
  return languages.find((language) => language === last) ?? languageOf(environment);
}

/** The arguments with a --lang that stands before the command behind it: each command has the option. Without a command it is left out. */
export function afterLanguage(args: readonly string[]): readonly string[] {
  const length = args[0] === '--lang' ? 2 : args[0]?.startsWith('--lang=') ? 1 : 0;
  const rest = args.slice(length);
  if (length === 0 || rest[0] === undefined || rest[0].startsWith('-')) return rest;
  const end = rest.indexOf('--');
  const at = end < 0 ? rest.length : end;
  return [...rest.slice(0, at), ...args.slice(0, length), ...rest.slice(at)];
}
