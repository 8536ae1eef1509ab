// Small things that several tasks say.

/** As a shell takes it. */
export function quoted(text: string): string {
  return `"${text}"`;
}

/** A text that can stand between quotes on one line of any shell. */
export function typeable(texts: Iterable<string>): string {
  for (const text of texts) if (text.length <= 40 && !/["$`\\!\n]/.test(text)) return text;
  return 'a text';
}

/** `3.2% of the tokens of the validation sources the vocabulary lacks`, where there are any. */
export function unknownWarning(what: string, share: number): string[] {
  if (share === 0) return [];
  const percent = (100 * share).toFixed(share < 0.001 ? 3 : 1);
  return [`${percent}% of the tokens of ${what} are not in the vocabulary`];
}
