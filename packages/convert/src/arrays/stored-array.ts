// An array as a file has it: name, element type and shape at once, the numbers when they are asked for. A model is described, and its unused tensors are
// passed over, without a copy of any of them.

import type { SavedTensor } from 'unrolled';
import { ConvertError, quoted } from '../errors.ts';
import { limits } from '../limits.ts';
import { type ArrayValues, type ElementType, isFloat } from './element.ts';

/** A named array of a model file. */
export class StoredArray {
  readonly name: string;
  readonly element: ElementType;
  readonly shape: readonly number[];
  readonly size: number;
  readonly source: string;
  /** The bytes of the file where the values are float32 in their order, little-endian; at any position. */
  readonly bytes: Uint8Array | null;
  readonly #read: () => ArrayValues;

  /** `read` gives the `size` values row by row, and must not give what others change. */
  constructor(
    name: string,
    element: ElementType,
    shape: readonly number[],
    source: string,
    read: () => ArrayValues,
    bytes: Uint8Array | null = null,
  ) {
    this.name = name;
    this.element = element;
    this.shape = shape;
    this.source = source;
    this.size = elementCount(shape, source, `tensor ${quoted(name)}`);
    this.bytes = bytes;
    this.#read = read;
  }

  /** The values row by row, decoded anew at every call: not to be written. */
  values(): ArrayValues {
    const values = this.#read();
    if (values.length !== this.size)
      throw new ConvertError(this.source, {
        where: `tensor ${quoted(this.name)}`,
        expected: `${this.size} values for the shape [${this.shape.join(', ')}]`,
        got: String(values.length),
      });
    return values;
  }

  /** The values as weights: float32, in which float64 is rounded. Throws a ConvertError where one is not finite or not a float. */
  floats(): Float32Array {
    if (!isFloat(this.element)) this.#fail('floats', this.element);
    const values = this.values();
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    for (let i = 0; i < floats.length; i++)
      if (!Number.isFinite(floats[i])) this.#fail('finite numbers', `${floats[i]} at element ${i}`);
    return floats;
  }

  /** The array for `loadStateDict`. */
  saved(): SavedTensor {
    return { shape: this.shape, data: this.floats() };
  }

  #fail(expected: string, got: string): never {
    throw new ConvertError(this.source, { where: `tensor ${quoted(this.name)}`, expected, got });
  }
}

/** Whatever stands in the place of a size. */
const shownSize = (d: unknown) => (typeof d === 'number' ? String(d) : String(JSON.stringify(d)).slice(0, 20));

/** The number of elements of a shape from a file. Throws a ConvertError for one that no array has; a size of 0 hides no other. */
export function elementCount(shape: readonly number[], source: string, where: string): number {
  const fits =
    shape.length <= limits.axes &&
    shape.every((d) => Number.isSafeInteger(d) && d >= 0) &&
    shape.reduce((n, d) => n * (d || 1), 1) <= limits.elements;
  if (!fits)
    throw new ConvertError(source, {
      where,
      expected: `a shape of at most ${limits.axes} axes and ${limits.elements} elements`,
      got: `[${shape.slice(0, 8).map(shownSize).join(', ')}${shape.length > 8 ? ', …' : ''}]`,
    });
  return shape.reduce((n, d) => n * d, 1);
}
