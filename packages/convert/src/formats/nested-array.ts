// Arrays as nested lists of JSON: `[[1, 2], [3, 4]]`.

import { StoredArray } from '../arrays/stored-array.ts';
import { ConvertError, quoted } from '../errors.ts';
import { limits } from '../limits.ts';

/** The array of nested lists of numbers, all of one length on a level. Throws a ConvertError for other JSON. */
export function nestedArray(name: string, json: unknown, source: string): StoredArray {
  const fail = (expected: string, got: string): never => {
    throw new ConvertError(source, { where: `tensor ${quoted(name)}`, expected, got });
  };
  const shape: number[] = [];
  for (let level: unknown = json; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
    if (shape.length > limits.axes) fail(`at most ${limits.axes} lists in lists`, 'more');
  }
  let row: unknown[] = [json];
  for (const length of shape)
    row = row.flatMap((list) =>
      Array.isArray(list) && list.length === length ? (list as unknown[]) : fail(`lists of ${length}`, 'others'),
    );
  const numbers = row.map((value) => (typeof value === 'number' ? value : fail('numbers', typeof value)));
  return new StoredArray(name, 'float64', shape, source, () => Float64Array.from(numbers));
}
