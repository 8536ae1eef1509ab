// The ends of what is plotted.

/** The least and the largest of any number of values: as arguments of a function they would be too many. Infinity and −Infinity of none. */
export function rangeOf(values: ArrayLike<number>): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let k = 0; k < values.length; k++) [low, high] = [Math.min(low, values[k]), Math.max(high, values[k])];
  return [low, high];
}
