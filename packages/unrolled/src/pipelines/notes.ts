// What to know of a text that a model was given: how much of it the model does not know, and whether it is longer than any it learned from.

/** What a person should know about an input: what was cut, unknown or replaced. */
export interface InputNotes {
  /** Tokens of the text. */
  readonly tokens: number;
  /** Tokens that the model does not know. */
  readonly unknown: number;
  /** Whether it is longer than every text of training. */
  readonly longerThanTrained: boolean;
  /** Whether its end was cut off. */
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
