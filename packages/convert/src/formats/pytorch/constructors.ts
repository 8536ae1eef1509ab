// The allow-list: the few names of a checkpoint that mean something here, and what they make of their arguments. All of it is data; everything else stays a
// name with arguments.

import { PyDict, PyList, PyStorage, PyTensor, PyTuple, PyGlobal, type PyValue, shownValue } from './values.ts';

type Fail = (problem: string) => never;
type Constructor = (args: readonly PyValue[], fail: Fail) => PyValue;

const dict: Constructor = ([items]) => {
  const made = new PyDict();
  const pairs = items instanceof PyList || items instanceof PyTuple ? items.items : [];
  for (const pair of pairs)
    if ((pair instanceof PyTuple || pair instanceof PyList) && pair.items.length === 2)
      made.entries.set(pair.items[0], pair.items[1]);
  return made;
};

const list: Constructor = ([items]) => {
  const made = new PyList();
  if (items instanceof PyList || items instanceof PyTuple) for (const item of items.items) made.items.push(item);
  return made;
};

/** (storage, offset, size, stride, requires_grad, hooks, …); version 3 has the element type behind them. */
const tensor =
  (version: 1 | 2 | 3): Constructor =>
  ([storage, offset, size, stride, , , dtype], fail) => {
    if (!(storage instanceof PyStorage)) return fail(`${shownValue(storage)} in the place of a storage`);
    if (typeof offset !== 'number') return fail(`offset ${shownValue(offset)}`);
    const typed =
      version === 3 ? (dtype instanceof PyGlobal ? dtype.name : fail(`element type ${shownValue(dtype)}`)) : null;
    return new PyTensor(storage, offset, integers(size, fail), integers(stride, fail), typed);
  };

const constructors: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['collections.OrderedDict', dict],
  ['collections.defaultdict', ([, ...items], fail) => dict(items, fail)],
  ['collections.Counter', () => new PyDict()],
  ['builtins.set', list],
  ['builtins.frozenset', list],
  ['__builtin__.set', list],
  ['torch.Size', ([items], fail) => new PyTuple(integers(items, fail))],
  ['torch._utils._rebuild_tensor', tensor(1)],
  ['torch._utils._rebuild_tensor_v2', tensor(2)],
  ['torch._utils._rebuild_tensor_v3', tensor(3)],
  // (data, requires_grad, hooks): a parameter is its tensor.
  ['torch._utils._rebuild_parameter', ([data], fail) => tensorOf(data, fail)],
  ['torch._utils._rebuild_parameter_with_state', ([data], fail) => tensorOf(data, fail)],
  // (function, type, arguments, state): a subclass of Tensor, which is its tensor.
  [
    'torch._tensor._rebuild_from_type_v2',
    ([of, , args], fail) => {
      const rebuild = of instanceof PyGlobal && of.path.startsWith('torch._utils._rebuild_tensor');
      const made = rebuild ? construct(of.path, args, fail) : undefined;
      return made ?? fail(`${shownValue(of)} in the place of a function that makes a tensor`);
    },
  ],
]);

/** What the class or function makes of its arguments; undefined for one that is not on the list. */
export function construct(path: string, args: PyValue, fail: Fail): PyValue | undefined {
  const constructor = constructors.get(path);
  if (!constructor) return undefined;
  return constructor(args instanceof PyTuple ? args.items : [], fail);
}

/** Whether a name has a meaning here, as a constructor or as what one of them takes. */
export function isKnownName(path: string): boolean {
  return constructors.has(path) || /^torch(?:\.storage)?\.\w*Storage$|^torch\.[a-z]+\d+$/.test(path) || known.has(path);
}

const known: ReadonlySet<string> = new Set([
  'torch.bool',
  'torch.nn.parameter.Parameter',
  'torch.Tensor',
  'torch.device',
]);

function tensorOf(value: PyValue, fail: Fail): PyTensor {
  return value instanceof PyTensor ? value : fail(`${shownValue(value)} in the place of a tensor`);
}

function integers(value: PyValue, fail: Fail): readonly number[] {
  const items = value instanceof PyTuple || value instanceof PyList ? value.items : fail(shownValue(value));
  if (items.length > 64 || !items.every((item) => typeof item === 'number' && Number.isSafeInteger(item)))
    fail(`sizes of ${shownValue(value)}`);
  return items as readonly number[];
}
