// Commands that are suggested, as a shell takes them: what stands in them comes from data and file names, and one that is copied must mean what it shows.

/** One word of a command line, in quotes where it needs them. */
export function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./:@+,-][\p{L}\p{N}_./:@%+=,-]*$/u.test(text) ? text : quoted(text);
}

/** A text in quotes. */
export function quoted(text: string): string {
  // Double quotes are what every shell has, Windows' too; inside of them these still mean something.
  if (!/["$`\\!%\p{Cc}]/u.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A file as an argument: one whose name begins with a dash is no option. */
export function shellPath(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}
