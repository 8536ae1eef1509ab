// Quotes suggested commands for a shell: they contain data and file names, and a copied one must mean what it shows.

/** One word of a command line, quoted where needed. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./:@+,-][\p{L}\p{N}_./:@%+=,-]*$/u.test(text) ? text : quoted(text);
}

/** A quoted string. */
export function quoted(text: string): string {
  // Every shell has double quotes, Windows' too; inside of them these characters are special.
  if (!/["$`\\!%\p{Cc}]/u.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A file as an argument: one whose name begins with a dash is no option. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}
