// Notes on a text that a model was given: unknown tokens, and whether it is longer than the training texts.

/** What a person should know about an input: what was cut, unknown or replaced. */
export interface InputNotes {
  /** Number of tokens. */
  readonly tokens: number;
  /** Number of unknown tokens. */
  readonly unknown: number;
  /** Whether it is longer than every training text. */
  readonly longerThanTrained: boolean;
  /** Whether it was truncated. */
  readonly truncated: boolean;
}

export function notesOf(
  ids: Int32Array,
  unknown: number,
  longestTrained: number | null,
  most: number | null = null,
): InputNotes {
  let count = 0;
  for (let i = 0; i < ids.length; i++) if (ids[i] === unknown) count++;
  return {
    tokens: ids.length,
    unknown: count,
    longerThanTrained: longestTrained !== null && ids.length > longestTrained,
    truncated: most !== null && ids.length > most,
  };
}
