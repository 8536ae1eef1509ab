// Files that try to act when they are read, and files that ask for more than there is. The list follows what scanners of pickles look for, and the ways
// past them that were found; each is rebuilt here by hand. Every one must be refused with an error of the library's own, or read as inert data.

import { UnrolledError } from 'unrolled';
import { describe, expect, test } from 'vitest';
import {
  code,
  type Code,
  flag,
  global,
  int,
  list,
  long,
  named,
  none,
  object,
  ordered,
  pickle,
  reduce,
  storage,
  streamCheckpoint,
  tensor,
  text,
  tuple,
  zipCheckpoint,
} from '../../../../../test/pickles.ts';
import { zipOf } from '../../../../../test/run-sources.ts';
import { describeModel, type ModelDescription } from '../../describe.ts';
import { readModel } from '../../read-model.ts';

const six = Float32Array.of(1, 2, 3, 4, 5, 6);
const w = tensor({ key: '0', count: 6, shape: [2, 3] });
const file = (value: Code) => zipCheckpoint(pickle(value), { 0: six });
const command = text('touch /tmp/unrolled-was-here');

const call = (module: string, name: string, ...args: readonly Code[]) => reduce(global(module, name), tuple(...args));

/** Names that scanners know as dangerous, as functions that a pickle calls. */
const dangerous: readonly (readonly [module: string, name: string])[] = [
  ['os', 'system'],
  ['posix', 'system'],
  ['nt', 'system'],
  ['os', 'popen'],
  ['os', 'execve'],
  ['subprocess', 'Popen'],
  ['subprocess', 'check_output'],
  ['builtins', 'eval'],
  ['builtins', 'exec'],
  ['builtins', 'compile'],
  ['builtins', '__import__'],
  ['builtins', 'getattr'],
  ['builtins', 'open'],
  ['__builtin__', 'eval'],
  ['__builtin__', 'execfile'],
  ['runpy', '_run_code'],
  ['importlib', 'import_module'],
  ['socket', 'create_connection'],
  ['shutil', 'rmtree'],
  ['sys', 'exit'],
  ['webbrowser', 'open'],
  ['requests.api', 'get'],
  ['urllib.request', 'urlretrieve'],
  ['http.client', 'HTTPSConnection'],
  ['aiohttp.client', 'ClientSession'],
  ['asyncio.unix_events', '_UnixSubprocessTransport._start'],
  ['pickle', 'loads'],
  ['_pickle', 'loads'],
  ['dill', 'loads'],
  ['cloudpickle', 'loads'],
  ['marshal', 'loads'],
  ['types', 'CodeType'],
  ['types', 'FunctionType'],
  ['operator', 'attrgetter'],
  ['_operator', 'methodcaller'],
  ['functools', 'partial'],
  ['ctypes', 'CDLL'],
  ['pip._internal.cli.main', 'main'],
  ['pty', 'spawn'],
  ['timeit', 'timeit'],
  ['code', 'InteractiveInterpreter.runcode'],
  ['bdb', 'Bdb.run'],
  ['pdb', 'run'],
  ['pydoc', 'pipepager'],
  ['idlelib.pyshell', 'ModifiedInterpreter.runcode'],
  ['distutils.file_util', 'write_file'],
  ['ensurepip', '_run_pip'],
  ['cProfile', 'runctx'],
  ['profile', 'Profile.run'],
  ['trace', 'Trace.run'],
  ['doctest', 'debug_script'],
  ['linecache', 'getlines'],
  ['logging.config', 'fileConfig'],
  ['multiprocessing.util', 'spawnv_passfds'],
  ['numpy.testing._private.utils', 'runstring'],
  ['torch.hub', 'load'],
  ['torch.storage', '_load_from_bytes'],
  ['torch.serialization', 'load'],
  ['torch._inductor.codecache', 'compile_file'],
  ['torch._dynamo.guards', 'GuardBuilder.get'],
  ['torch.utils._config_module', 'ConfigModule.load_config'],
  ['torch.utils.collect_env', 'run'],
];

describe('a pickle that calls', () => {
  test.each(dangerous)('%s.%s makes inert data and a warning', async (module, name) => {
    const described = await describeModel(file(named({ state_dict: ordered({ w }), x: call(module, name, command) })));
    expect(described.arrays.map((array) => array.name)).toEqual(['w']);
    expect(described.warnings.map(({ what }) => what)).toEqual([
      `names ${module}.${name}, which would run when Python loads the file; here it is a name and nothing else`,
    ]);
  });
});

/** Ways to a call that a scanner may not see, each with the name that must be told. */
const hidden: Readonly<Record<string, readonly [value: Code, told: string]>> = {
  'by STACK_GLOBAL': [code(code(text('os'), text('system'), 0x93), tuple(command), 'R'), 'os.system'],
  'by STACK_GLOBAL with names from the memo': [
    code(text('os'), 'q', 0, '0', text('system'), 'q', 1, '0', 'h', 0, 'h', 1, 0x93, tuple(command), 'R'),
    'os.system',
  ],
  'by STACK_GLOBAL with memoized names in the other order': [
    code(text('system'), 0x94, '0', text('posix'), 0x94, '0', 'h', 1, 'h', 0, 0x93, tuple(command), 'R'),
    'posix.system',
  ],
  'by INST': [code('(', command, 'ios\nsystem\n'), 'os.system'],
  'by OBJ': [code('(', global('os', 'system'), command, 'o'), 'os.system'],
  'by NEWOBJ': [code(global('os', 'system'), tuple(command), 0x81), 'os.system'],
  'by NEWOBJ_EX': [code(global('os', 'system'), tuple(command), named({}), 0x92), 'os.system'],
  'by a name with dots': [code(text('os'), text('path.os.system'), 0x93, tuple(command), 'R'), 'os.path.os.system'],
  'by the registry of extensions': [code(0x82, 7, tuple(command), 'R'), 'copyreg extension.7'],
  'by the registry of extensions, four bytes': [code(0x84, 7, 0, 0, 0, tuple(command), 'R'), 'copyreg extension.7'],
  'inside of another call': [call('mylib', 'f', call('os', 'system', command)), 'os.system'],
  'on what a call returned': [
    reduce(call('builtins', 'getattr', global('os', 'path'), text('system')), tuple(command)),
    'builtins.getattr',
  ],
  'in the state of an object': [object('mylib', 'Thing', call('os', 'system', command)), 'os.system'],
  'as the class that BUILD changes': [
    object('os', '_wrap_close', named({ __setstate__: global('os', 'system') })),
    'os.system',
  ],
  'behind a value that is popped': [code(call('os', 'system', command), '0', none), 'os.system'],
  'as a key of a dict': [code('}', '(', call('os', 'system', command), none, 'u'), 'os.system'],
  'with BUILD of a list of constructors': [
    code(
      reduce(global('collections', 'OrderedDict'), code(')')),
      named({ __reduce__: call('os', 'system', command) }),
      'b',
    ),
    'os.system',
  ],
  'under the name of a module that the library knows': [
    call('torch._utils', 'os.system', command),
    'torch._utils.os.system',
  ],
};

describe('a call that is hidden', () => {
  test.each(Object.entries(hidden))('%s is inert, and its name is told', async (_, [value, told]) => {
    const found: ModelDescription = await describeModel(file(named({ state_dict: ordered({ w }), x: value })));
    const names = [...found.warnings.map(({ what }) => what), ...found.skipped.map(({ where }) => where ?? '')];
    expect(names.some((name) => name.includes(told))).toBe(true);
    expect(found.arrays.map(({ name }) => name)).toEqual(['w']);
  });
});

const rebuild = (...args: readonly Code[]) => call('torch._utils', '_rebuild_tensor_v2', ...args);
const at0 = storage({ key: '0', count: 6, shape: [] });

/** Files that are refused, with the words of the error. */
const refused: Readonly<Record<string, readonly [bytes: Uint8Array, message: string]>> = {
  'a persistent id that is a path': [
    file(ordered({ w: tensor({ key: '../../etc/passwd', count: 6, shape: [6] }) })),
    'which is a path or no text',
  ],
  'a persistent id of one text': [file(code(text('/etc/passwd'), 'Q')), 'which is no persistent id of PyTorch'],
  'a persistent id in a line': [file(code('P/etc/passwd\n')), 'which is no persistent id of PyTorch'],
  'a persistent id that is a call': [
    file(code(tuple(text('storage'), call('os', 'system', command), text('0'), text('cpu'), int(6)), 'Q')),
    'in the place of a storage class',
  ],
  'a storage class of another module': [
    file(
      ordered({
        w: rebuild(code(tuple(text('storage'), global('os', 'system'), text('0'), text('cpu'), int(6)), 'Q')),
      }),
    ),
    'the name os.system in the place of a storage class',
  ],
  'a storage that is not in the file': [
    file(ordered({ w: tensor({ key: '7', count: 6, shape: [6] }) })),
    'expected the bytes of storage "7", got none in the file',
  ],
  'a storage that is shorter than declared': [
    file(ordered({ w: tensor({ key: '0', count: 600, shape: [6] }) })),
    'expected 2400 bytes of storage "0", got 24',
  ],
  'a window behind the storage': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [2], offset: 5 }) })),
    "a window of the storage's 6 elements, got elements 5 to 6",
  ],
  'a window before the storage': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [2], offset: -1 }) })),
    "a window of the storage's 6 elements",
  ],
  'strides that leave the storage': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [2, 3], strides: [4, 1] }) })),
    'elements 0 to 6',
  ],
  'negative strides': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [2], strides: [-1] }) })),
    'expected 1 strides from 0',
  ],
  'a negative size': [file(ordered({ w: tensor({ key: '0', count: 6, shape: [-2, -3] }) })), 'expected a shape'],
  'a size of 2³¹': [
    file(
      ordered({ w: rebuild(at0, int(0), tuple(long(2n ** 31n), int(2)), tuple(int(0), int(0)), flag(false), none) }),
    ),
    'expected a shape',
  ],
  'a size beyond all integers': [
    file(ordered({ w: rebuild(at0, int(0), tuple(long(2n ** 70n)), tuple(int(1)), flag(false), none) })),
    'a tensor of PyTorch',
  ],
  'a size of 0 that hides others': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [0, 2 ** 30, 2 ** 30], strides: [0, 0, 0] }) })),
    'expected a shape',
  ],
  'one element repeated 2³⁰ times': [
    file(ordered({ w: tensor({ key: '0', count: 6, shape: [2 ** 30], strides: [0] }) })),
    'one storage stands for very many',
  ],
  'one storage in thousands of tensors': [
    file(
      ordered(
        Object.fromEntries(
          Array.from({ length: 600 }, (_, i) => [
            `w${i}`,
            tensor({ key: '0', count: 6, shape: [10_000], strides: [0] }),
          ]),
        ),
      ),
    ),
    'one storage stands for very many',
  ],
  'a tensor of what is no storage': [
    file(rebuild(text('0'), int(0), tuple(int(6)), tuple(int(1)))),
    'in the place of a storage',
  ],
  '65 axes': [
    file(
      rebuild(
        at0,
        int(0),
        tuple(...Array.from({ length: 65 }, () => int(1))),
        tuple(...Array.from({ length: 65 }, () => int(1))),
      ),
    ),
    'sizes of a tuple of 65',
  ],
  'a type that makes itself': [
    file(
      call('torch._tensor', '_rebuild_from_type_v2', global('torch._tensor', '_rebuild_from_type_v2'), none, tuple()),
    ),
    'in the place of a function that makes a tensor',
  ],
  'two pickles in one file': [
    zipCheckpoint(code(pickle(ordered({ w })), pickle(call('os', 'system', command))), { 0: six }),
    'expected the end, got more bytes',
  ],
  'two files data.pkl': [
    zipCheckpoint(pickle(ordered({ w })), { 0: six }, { 'other/data.pkl': pickle(none) }),
    'expected a checkpoint of PyTorch with one data.pkl, got 2 of them',
  ],
  'a path out of the zip': [
    zipCheckpoint(pickle(ordered({ w })), { 0: six }, { '../evil': six as unknown as Uint8Array }),
    'has a path that leads out of the zip',
  ],
  'an absolute path in the zip': [
    zipCheckpoint(pickle(ordered({ w })), { 0: six }, { '/etc/evil': code('x') }),
    'has a path that leads out of the zip',
  ],
  'a zip without a pickle': [zipOf(new Map([['archive/data.pk', code('x')]])), 'got a zip without one'],
  'a stream whose magic number is computed': [
    streamCheckpoint(
      ordered({ w }),
      { 0: { count: 6, data: six } },
      { first: pickle(call('builtins', 'eval', text('0x1950a86a20f9469cfc6c'))) },
    ),
    'got a pickle of an object of builtins.eval',
  ],
  'a stream that calls for its magic number and has it on the stack': [
    streamCheckpoint(ordered({ w }), {}, { first: code(0x80, 2, call('os', 'system', command), '0', int(5), '.') }),
    'got a pickle of 5',
  ],
  'a pickle of something else': [pickle(call('os', 'system', command)), 'got a pickle of an object of os.system'],
  'a storage in front of the object': [streamCheckpoint(none, {}, { first: pickle(at0) }), 'one before the object'],
  'keys of storages that no tensor has': [
    streamCheckpoint(none, { 9: { count: 6, data: six } }),
    'expected keys of storages that the object has, got "9"',
  ],
  'a storage of 2⁵³ elements': [
    streamCheckpoint(ordered({ w }), { 0: { count: 2 ** 53, data: six } }),
    'expected storage 0',
  ],
  'a text longer than the file': [file(code('X', 255, 255, 255, 127)), 'expected a text, 2147483647 bytes'],
  'bytes of 2⁶³': [file(code(0x8e, 255, 255, 255, 255, 255, 255, 255, 127)), 'expected bytes'],
  'a frame longer than the file': [file(code(0x95, 255, 255, 255, 255, 0, 0, 0, 0)), 'expected a frame of at most'],
  'a long of 2 GB': [file(code(0x8b, 255, 255, 255, 127)), 'at most 1024 bytes'],
  'a number that is an expression': [file(code('I__import__("os")\n')), 'expected a whole number'],
  'a float that is an expression': [file(code('F1e5+os\n')), 'expected a number'],
  'a text that does not end': [file(code("S'abc\n")), 'expected a text in quotes'],
  'an empty stack': [zipCheckpoint(code(0x80, 2, '.')), 'expected a value on the stack'],
  'a mark as a value': [zipCheckpoint(code(0x80, 2, '(.')), 'expected a value on the stack'],
  'a mark that is used up': [zipCheckpoint(code(0x80, 2, ']e.')), 'expected a mark on the stack'],
  'an entry of the memo that is not there': [zipCheckpoint(code(0x80, 2, 'h', 9, '.')), 'expected entry 9 of the memo'],
  'out-of-band buffers': [
    zipCheckpoint(code(0x80, 5, 0x97, '.')),
    'expected an instruction of a pickle in the pickle, got 0x97',
  ],
  'protocol 6': [zipCheckpoint(code(0x80, 6, 'N.')), 'expected protocol 5 or older'],
  'an end without STOP': [zipCheckpoint(code(0x80, 2, 'N')), 'expected an instruction of the pickle'],
  'an odd number of keys and values': [
    zipCheckpoint(code(0x80, 2, '}(', text('a'), 'u.')),
    'expected pairs of keys and values',
  ],
  'a name that is no text': [
    zipCheckpoint(code(0x80, 2, int(1), int(2), 0x93, '.')),
    'expected the name of a module and of a class',
  ],
  'a call of a number': [zipCheckpoint(code(0x80, 2, int(1), ')R.')), 'expected a class or function'],
  'an order of bytes that is none': [
    zipCheckpoint(pickle(ordered({ w })), { 0: six }, { 'archive/byteorder': code('middle') }),
    'expected little or big',
  ],
  'no bytes': [new Uint8Array(0), 'got an empty file'],
};

describe('refused with a place and a reason', () => {
  test.each(Object.entries(refused))('%s', async (_, [bytes, message]) => {
    const error = await readModel(bytes, { name: 'x.pt', format: bytes.length > 0 ? 'pytorch' : undefined }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(UnrolledError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message).toContain('x.pt');
  });
});

describe('bounded', () => {
  test('10,000 lists in lists, and a list that holds itself', async () => {
    const deep = code(...Array.from({ length: 10_000 }, () => ']'), ...Array.from({ length: 9_999 }, () => 'a'));
    const itself = code(']q', 0, 'h', 0, 'a');
    for (const value of [deep, itself, code(deep, itself, 0x86)])
      expect((await describeModel(file(named({ state_dict: ordered({ w }), value })))).arrays.length).toBe(1);
  });

  test('tuples that double 60 times are 60 tuples', async () => {
    const doubled = code(text('x'), 0x85, ...Array.from({ length: 60 }, () => '2\x86'));
    const found = await describeModel(file(named({ state_dict: ordered({ w }), doubled, again: list(doubled) })));
    expect(found.arrays.length).toBe(1);
  });

  test('names of JavaScript are only names', async () => {
    const before = Reflect.ownKeys(Object.prototype);
    const state = ordered({ __proto__x: w, constructor: w, toString: w });
    const proto = code(reduce(global('collections', 'OrderedDict'), code(')')), text('__proto__'), w, 's');
    const found = await describeModel(file(named({ state_dict: state, net: proto })));
    expect(found.arrays.map(({ name }) => name)).toEqual(['__proto__x', 'constructor', 'toString']);
    expect((await describeModel(file(proto))).arrays.map(({ name }) => name)).toEqual(['__proto__']);
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
