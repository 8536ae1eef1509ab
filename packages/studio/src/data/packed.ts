// Data as one file: JSON, in which every array of bytes or numbers is a place in what follows it.
//
//   length of the JSON (u32) · JSON · arrays, each at a multiple of 8

const kinds = { Uint8Array, Float32Array, Float64Array, Int32Array } as const;
type Kind = keyof typeof kinds;
interface Place {
  readonly $array: Kind;
  readonly at: number;
  readonly length: number;
}

const aligned = (n: number) => Math.ceil(n / 8) * 8;

/** See the top of this file. An array that stands at several places is written once. */
export function packed(value: unknown): Uint8Array {
  const places = new Map<ArrayBufferView, Place>();
  let end = 0;
  const json = JSON.stringify(value, (_, one: unknown) => {
    if (!ArrayBuffer.isView(one)) return one;
    const name = one.constructor.name as Kind;
    const place = places.get(one) ?? { $array: name, at: end, length: (one as Uint8Array).length };
    if (!places.has(one)) end += aligned(one.byteLength);
    places.set(one, place);
    return place;
  });
  const head = new TextEncoder().encode(json);
  const from = aligned(4 + head.length);
  const all = new Uint8Array(from + end);
  new DataView(all.buffer).setUint32(0, head.length, true);
  all.set(head, 4);
  for (const [view, { at }] of places)
    all.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), from + at);
  return all;
}

/** The value of `packed`; its arrays are copies. */
export function unpacked(all: Uint8Array): unknown {
  const head = new DataView(all.buffer, all.byteOffset).getUint32(0, true);
  const from = aligned(4 + head);
  const arrays = new Map<number, ArrayBufferView>();
  return JSON.parse(new TextDecoder().decode(all.subarray(4, 4 + head)), (_, one: unknown) => {
    const { $array: name, at, length } = Object(one) as Partial<Place>;
    if (name === undefined || at === undefined || length === undefined) return one;
    const found = arrays.get(at);
    if (found) return found;
    const { BYTES_PER_ELEMENT: width } = kinds[name];
    const array = new kinds[name](all.slice(from + at, from + at + length * width).buffer);
    arrays.set(at, array);
    return array;
  });
}
