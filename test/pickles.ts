// Pickles and checkpoints of PyTorch, byte by byte, so that a test can write what no honest program does. A pickle is a list of pieces; each function gives
// the instructions that leave one value on the stack.

import { zipOf } from './run-sources.ts';

/** Instructions of a pickle. */
export type Code = Uint8Array;

const latin1 = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const utf8 = (text: string): number[] => Array.from(new TextEncoder().encode(text));

export function code(...parts: readonly (string | number | Code | readonly number[])[]): Code {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? latin1(part) : typeof part === 'number' ? [part] : Array.from(part),
    ),
  );
}

const u32 = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];
const u64 = (n: number): number[] => [...u32(n % 2 ** 32), ...u32(Math.floor(n / 2 ** 32))];

export const none = code('N');
export const text = (value: string): Code => code('X', u32(utf8(value).length), utf8(value));
export const int = (value: number): Code => code('J', u32(value));
export const flag = (value: boolean): Code => code(value ? 0x88 : 0x89);
export const long = (value: bigint): Code => {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 255n));
  return code(0x8a, bytes.length + 1, bytes, 0);
};
export const global = (module: string, name: string): Code => code('c', utf8(module), '\n', utf8(name), '\n');
export const tuple = (...items: readonly Code[]): Code => code('(', ...items, 't');
export const list = (...items: readonly Code[]): Code => code(']', '(', ...items, 'e');
export const dict = (entries: readonly (readonly [Code, Code])[]): Code => code('}', '(', ...entries.flat(), 'u');
export const named = (entries: Readonly<Record<string, Code>>): Code =>
  dict(Object.entries(entries).map(([key, value]) => [text(key), value]));
export const reduce = (of: Code, args: Code): Code => code(of, args, 'R');
export const ordered = (entries: Readonly<Record<string, Code>>): Code =>
  code(
    reduce(global('collections', 'OrderedDict'), code(')')),
    '(',
    ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]),
    'u',
  );
/** An object that was pickled by its class and state. */
export const object = (module: string, name: string, state: Code): Code =>
  code(global(module, name), ')', 0x81, state, 'b');
export const pickle = (value: Code, protocol = 2): Uint8Array => code(0x80, protocol, value, '.');

/** A tensor of a storage of PyTorch. */
export interface TensorCode {
  readonly key: string;
  /** Elements of the storage. */
  readonly count: number;
  readonly shape: readonly number[];
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly kind?: string;
  /** For the stream container: none, or a view (key, offset, count). */
  readonly view?: Code | null;
}

export const storage = ({ key, count, kind = 'FloatStorage', view }: TensorCode): Code =>
  code(tuple(text('storage'), global('torch', kind), text(key), text('cpu'), int(count), ...(view ? [view] : [])), 'Q');

const ints = (values: readonly number[]): Code => tuple(...values.map(int));

export function tensor(one: TensorCode): Code {
  const { shape, offset = 0, strides = rowMajor(shape) } = one;
  const hooks = reduce(global('collections', 'OrderedDict'), code(')'));
  return reduce(
    global('torch._utils', '_rebuild_tensor_v2'),
    tuple(storage(one), int(offset), ints(shape), ints(strides), flag(false), hooks),
  );
}

function rowMajor(shape: readonly number[]): number[] {
  const strides: number[] = [];
  let step = 1;
  for (const d of [...shape].reverse()) {
    strides.unshift(step);
    step *= d;
  }
  return strides;
}

export type Storages = Readonly<Record<string, ArrayBufferView>>;

const bytesOf = (view: ArrayBufferView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

/** A checkpoint in the zip container. */
export function zipCheckpoint(
  program: Uint8Array,
  storages: Storages = {},
  more: Readonly<Record<string, Uint8Array>> = {},
): Uint8Array {
  const files = new Map<string, Uint8Array>([
    ['archive/data.pkl', program],
    ...Object.entries(storages).map(([key, view]): [string, Uint8Array] => [`archive/data/${key}`, bytesOf(view)]),
    ['archive/version', code('3\n')],
    ...Object.entries(more),
  ]);
  return zipOf(files, { stored: true });
}

/** The number that a stream begins with. */
export const magic = pickle(long(0x1950a86a20f9469cfc6cn));

/** A checkpoint in the older container. */
export function streamCheckpoint(
  value: Code,
  storages: Readonly<Record<string, { readonly count: number; readonly data: ArrayBufferView }>>,
  { first = magic, littleEndian = true }: { readonly first?: Uint8Array; readonly littleEndian?: boolean } = {},
): Uint8Array {
  const sizes = named({ protocol_version: int(1001), little_endian: flag(littleEndian) });
  const keys = Object.keys(storages);
  const count = (n: number) => (littleEndian ? u64(n) : u64(n).reverse());
  return code(
    first,
    pickle(int(1001)),
    pickle(sizes),
    pickle(value),
    pickle(list(...keys.map(text))),
    ...keys.flatMap((key) => [count(storages[key].count), bytesOf(storages[key].data)]),
  );
}
