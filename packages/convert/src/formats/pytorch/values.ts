// What a pickle's program makes here: plain data. Nothing of it is a class of this program or has behavior; an object of a class that is not known is only
// its name, its arguments and its state.

/** A tuple of Python. */
export class PyTuple {
  readonly items: readonly PyValue[];
  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A list or set. */
export class PyList {
  readonly items: PyValue[] = [];
}

/** A dict, an OrderedDict and their like. */
export class PyDict {
  readonly entries = new Map<PyValue, PyValue>();
}

/** A name that the pickle asks for: a class or a function of a module. It is only the name. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;
  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }

  /** `torch._utils._rebuild_tensor_v2` */
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object of a class that is not known here, or what a function that is not known would have returned: inert. */
export class PyInert {
  /** The class or function. */
  readonly of: string;
  readonly args: PyValue;
  /** What BUILD would have given to `__setstate__`. */
  state: PyValue = null;

  constructor(of: string, args: PyValue) {
    this.of = of;
    this.args = args;
  }
}

/** A storage by its key, which a tensor is a window of. */
export class PyStorage {
  /** The storage class, as `FloatStorage`. */
  readonly kind: string;
  readonly key: string;
  /** Elements of that class; bytes for `UntypedStorage`. */
  readonly count: number;
  /** Position in the storage, for the views of the older container. */
  readonly offset: number;

  constructor(kind: string, key: string, count: number, offset: number) {
    this.kind = kind;
    this.key = key;
    this.count = count;
    this.offset = offset;
  }
}

/** A tensor: a window of a storage. Nothing of it has been compared with the file yet. */
export class PyTensor {
  readonly storage: PyStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** The element type as `float32`, where the storage does not say it. */
  readonly dtype: string | null;

  constructor(
    storage: PyStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    dtype: string | null,
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.dtype = dtype;
  }
}

/** Any value of a pickle. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple
  | PyList
  | PyDict
  | PyGlobal
  | PyInert
  | PyStorage
  | PyTensor;

/** A value in a few words, for messages. */
export function shownValue(value: PyValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value !== 'object') return String(value).slice(0, 60);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof PyTuple) return `a tuple of ${value.items.length}`;
  if (value instanceof PyList) return `a list of ${value.items.length}`;
  if (value instanceof PyDict) return `a dict of ${value.entries.size}`;
  if (value instanceof PyGlobal) return `the name ${value.path.slice(0, 80)}`;
  if (value instanceof PyInert) return `an object of ${value.of.slice(0, 80)}`;
  return value instanceof PyTensor ? `a tensor [${value.shape.slice(0, 8).join(', ')}]` : 'a storage';
}
