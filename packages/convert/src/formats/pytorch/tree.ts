// From what a checkpoint holds to named tensors. People save state dicts, checkpoints with a state dict somewhere inside, whole modules, and scripted ones;
// of all of them the tensors have names, and everything else is told and passed over.

import { limits } from '../../limits.ts';
import type { ConversionReport } from '../../model/report.ts';
import { PyDict, PyInert, PyList, PyTensor, PyTuple, type PyValue, shownValue } from './values.ts';

/** Where checkpoints have their state dict, the most common name first. */
const usualKeys = [
  'state_dict',
  'model_state_dict',
  'model_state',
  'model',
  'module',
  'net',
  'network',
  'weights',
  'params',
];

/** Keys of what is no model. */
const otherKeys = /optim|sched|scaler|epoch|step|loss|hyper|args|config|callback|loop|rng/i;

/** Prefixes that wrappers put before every name: DataParallel, torch.compile, Lightning. */
const wrappers = ['module.', '_orig_mod.', 'model.'];

/** The tensors of the model by their names, and the key under which they were. */
export function stateOf(root: PyValue, asked: string | undefined, report: ConversionReport): Map<string, PyTensor> {
  const [key, value] = modelPart(root, asked);
  if (key !== null) {
    report.decide(
      'state-dict',
      null,
      key,
      asked === undefined ? 'it holds the tensors of the model' : 'it was asked for',
    );
    for (const [other, part] of childrenOf(root)) {
      const count = part === value ? 0 : flattened(part).tensors.size;
      if (count > 0)
        report.skip(`${count} ${count === 1 ? 'tensor' : 'tensors'}`, other, 'are outside of the state dict');
    }
  }
  const { tensors, others } = flattened(value);
  for (const [name, other] of others) report.skip(shownValue(other), name || null, 'is no tensor');
  return unwrapped(tensors, report);
}

/** The part of the object with the model, and its key; null where that is the object itself. */
function modelPart(root: PyValue, asked: string | undefined): [key: string | null, value: PyValue] {
  const parts = new Map(childrenOf(root));
  if (asked !== undefined) {
    const part = parts.get(asked);
    return part === undefined ? [asked, new PyDict()] : [asked, part];
  }
  const hasTensors = (value: PyValue) =>
    value instanceof PyTensor || (isContainer(value) && flattened(value).tensors.size > 0);
  if ([...parts.values()].some((value) => value instanceof PyTensor)) return [null, root];
  if (!(root instanceof PyDict)) return [null, root];
  for (const key of usualKeys) {
    const part = parts.get(key);
    if (part !== undefined && hasTensors(part)) return nested(key, part);
  }
  const rest = [...parts].filter(([key, value]) => !otherKeys.test(key) && hasTensors(value));
  if (rest.length === 0 || rest.length === parts.size) return [null, root];
  const [key, part] = rest.reduce((a, b) => (flattened(b[1]).tensors.size > flattened(a[1]).tensors.size ? b : a));
  return nested(key, part);
}

/** { model: { state_dict: … } } */
function nested(key: string, part: PyValue): [key: string, value: PyValue] {
  if (!(part instanceof PyDict)) return [key, part];
  const [inner, value] = modelPart(part, undefined);
  return inner === null ? [key, part] : [`${key}.${inner}`, value];
}

interface Flattened {
  readonly tensors: Map<string, PyTensor>;
  /** What is neither a tensor nor holds any, by its name. */
  readonly others: Map<string, PyValue>;
}

/** Every tensor below a value under its path, a container only once: a pickle can hold itself, or one part very often. */
function flattened(root: PyValue): Flattened {
  const [tensors, others] = [new Map<string, PyTensor>(), new Map<string, PyValue>()];
  const seen = new Set<PyValue>();
  const stack: { readonly path: string; readonly value: PyValue; readonly depth: number }[] = [
    { path: '', value: root, depth: 0 },
  ];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { path, value, depth } = next;
    if (value instanceof PyTensor) tensors.set(path || 'tensor', value);
    else if (!isContainer(value) || depth > limits.depth || path.length > limits.nameBytes) {
      if (value !== null && others.size < limits.tensors) others.set(path, value);
    } else if (!seen.has(value)) {
      seen.add(value);
      const children = childrenOf(value);
      if (children.length === 0 && value instanceof PyInert) others.set(path, value);
      for (const [key, child] of children.reverse())
        stack.push({ path: path ? `${path}.${key}` : key, value: child, depth: depth + 1 });
    }
  }
  return { tensors, others };
}

function isContainer(value: PyValue): value is PyDict | PyList | PyTuple | PyInert {
  return value instanceof PyDict || value instanceof PyList || value instanceof PyTuple || value instanceof PyInert;
}

/** What a value holds, by name. A module that was pickled whole has its parameters, buffers and modules in its state. */
function childrenOf(value: PyValue): [key: string, value: PyValue][] {
  if (value instanceof PyDict)
    return Array.from(value.entries, ([key, item]) => [typeof key === 'string' ? key : shownValue(key), item]);
  if (value instanceof PyList || value instanceof PyTuple) return value.items.map((item, i) => [String(i), item]);
  if (!(value instanceof PyInert)) return [];
  const state =
    value.state instanceof PyTuple ? (value.state.items.find((part) => part instanceof PyDict) ?? null) : value.state;
  if (!(state instanceof PyDict)) return [];
  const parts = ['_parameters', '_buffers', '_modules'].map((key) => state.entries.get(key));
  return parts.some((part) => part instanceof PyDict)
    ? parts.flatMap((part) => childrenOf(part ?? null))
    : childrenOf(state);
}

/** The names without what a wrapper put before all of them. */
function unwrapped(tensors: Map<string, PyTensor>, report: ConversionReport): Map<string, PyTensor> {
  let names = tensors;
  for (let wrapper: string | undefined; names.size > 0; ) {
    wrapper = wrappers.find((prefix) =>
      [...names.keys()].every((name) => name.startsWith(prefix) && name.length > prefix.length),
    );
    if (wrapper === undefined) break;
    const { length } = wrapper;
    names = new Map(Array.from(names, ([name, tensor]) => [name.slice(length), tensor]));
    report.decide('name-prefix', null, `${wrapper} removed`, 'every name began with it');
  }
  return names;
}

/** Modules of Python whose functions run programs, open files or connections, or make code. */
const acting =
  /^(?:os|posix|nt|subprocess|sys|builtins|__builtin__|socket|shutil|runpy|pty|pickle|_pickle|cloudpickle|dill|importlib|ctypes|code|codeop|pdb|bdb|timeit|webbrowser|requests|urllib|http|httplib|aiohttp|asyncio|multiprocessing|threading|tempfile|pip|venv|platform|commands|operator|_operator|functools|types|marshal|imp|pkgutil|pydoc|doctest|idlelib|ensurepip|distutils|cProfile|profile|trace|linecache|logging|smtplib|ftplib|ssl|site|sqlite3|test|torch\.hub|torch\.storage\._load_from_bytes|torch\.serialization|torch\._inductor|torch\._dynamo|torch\.utils|numpy\.testing|copyreg extension)(?:\.|$)/;

/** Tells of the names that are not known, and warns of those that would act if Python loaded the file. */
export function tellNames(
  globals: ReadonlySet<string>,
  isKnown: (path: string) => boolean,
  report: ConversionReport,
): void {
  for (const path of globals) {
    if (isKnown(path)) continue;
    const shown = path.slice(0, 200);
    if (acting.test(path))
      report.warn(
        `names ${shown}, which would run when Python loads the file; here it is a name and nothing else`,
        null,
        'do not load this file with torch.load(weights_only=False)',
      );
    else report.skip('class', shown, 'is not known here: its objects are kept as data without behavior');
  }
}
