// A command line that stands in a file, as the words that a shell would make of it: quotes and backslashes keep spaces together. Nothing else of a
// shell is known here, so that a file can start nothing but the training that it names.

import { OptionError } from 'unrolled';

/** Splits a command line. Throws an OptionError where it is more than words. */
export function wordsOf(path: string, line: string): string[] {
  const words: string[] = [];
  const word = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)\s*/suy;
  while (word.lastIndex < line.length) {
    const at = word.lastIndex;
    const [, found] = word.exec(line) ?? [];
    if (found === undefined) {
      if (line.slice(at).trim() === '') break;
      throw new OptionError(path, 'command', `has a quote or a backslash without its end: ${line.slice(at)}`);
    }
    words.push(unquoted(found));
  }
  const special = words.find((one) => /^(?:[|&;<>]|\d?>)/.test(one));
  if (special !== undefined)
    throw new OptionError(path, 'command', `is no line for a shell: ${special} means nothing here`);
  return words;
}

function unquoted(word: string): string {
  return word.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gsu, (_, single, double, bare) =>
    single !== undefined ? single : double !== undefined ? double.replace(/\\(["\\$`])/g, '$1') : bare,
  );
}
