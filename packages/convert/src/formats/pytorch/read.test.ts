import { GRU, LSTM, manualSeed, Module } from 'unrolled';
import { describe, expect, test } from 'vitest';
import {
  code,
  type Code,
  dict,
  flag,
  global,
  int,
  list,
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
import { describeModel } from '../../describe.ts';
import { readModel } from '../../read-model.ts';

const six = Float32Array.of(1, 2, 3, 4, 5, 6);
const values = async (bytes: Uint8Array, name = 'w') => {
  const array = (await readModel(bytes)).arrays.get(name);
  return [array?.element, array?.shape, Array.from(array?.values() ?? [])];
};
const zip = (value: Code, storages = {}) => zipCheckpoint(pickle(value), storages);
const w = tensor({ key: '0', count: 6, shape: [2, 3] });

describe('tensors', () => {
  test('have their shapes and values, in the zip container and in the stream', async () => {
    const expected = ['float32', [2, 3], [1, 2, 3, 4, 5, 6]];
    expect(await values(zip(ordered({ w }), { 0: six }))).toEqual(expected);
    expect(await values(streamCheckpoint(ordered({ w }), { 0: { count: 6, data: six } }))).toEqual(expected);
  });

  test('are read from a Buffer at any place of its memory', async () => {
    const file = zip(ordered({ w }), { 0: six });
    const buffer = Buffer.alloc(file.length + 8);
    for (let at = 0; at < 4; at++) {
      buffer.set(file, at);
      expect((await values(buffer.subarray(at, at + file.length)))[2]).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  test('share a storage, at their offsets and with their strides', async () => {
    const model = await readModel(
      zip(
        ordered({
          turned: tensor({ key: '0', count: 6, shape: [3, 2], strides: [1, 3] }),
          last: tensor({ key: '0', count: 6, shape: [2], offset: 4 }),
          repeated: tensor({ key: '0', count: 6, shape: [3], strides: [0], offset: 1 }),
          every: tensor({ key: '0', count: 6, shape: [3], strides: [2] }),
          scalar: tensor({ key: '0', count: 6, shape: [], offset: 2 }),
          empty: tensor({ key: '0', count: 6, shape: [0, 5] }),
        }),
        { 0: six },
      ),
    );
    expect(Object.fromEntries(Array.from(model.arrays, ([name, array]) => [name, Array.from(array.values())]))).toEqual(
      {
        turned: [1, 4, 2, 5, 3, 6],
        last: [5, 6],
        repeated: [2, 2, 2],
        every: [1, 3, 5],
        scalar: [3],
        empty: [],
      },
    );
  });

  // 1.5 as bfloat16 is the upper half of 0x3fc00000; as float16 0x3e00.
  test.each([
    ['DoubleStorage', 'float64', Float64Array.of(0.1, -2)],
    ['HalfStorage', 'float16', Uint16Array.of(0x3e00, 0xc000)],
    ['BFloat16Storage', 'bfloat16', Uint16Array.of(0x3fc0, 0xc000)],
    ['LongStorage', 'int64', BigInt64Array.of(5n, -2n)],
    ['IntStorage', 'int32', Int32Array.of(5, -2)],
    ['ShortStorage', 'int16', Int16Array.of(5, -2)],
    ['CharStorage', 'int8', Int8Array.of(5, -2)],
    ['ByteStorage', 'uint8', Uint8Array.of(5, 254)],
    ['BoolStorage', 'bool', Uint8Array.of(1, 0)],
  ])('of %s are %s', async (kind, element, data) => {
    const expected = { float64: [0.1, -2], float16: [1.5, -2], bfloat16: [1.5, -2], uint8: [5, 254], bool: [1, 0] };
    const numbers = (expected as Record<string, number[]>)[element] ?? [5, -2];
    const one = tensor({ key: '0', count: 2, shape: [2], kind });
    expect(await values(zip(ordered({ w: one }), { 0: data }))).toEqual([element, [2], numbers]);
  });

  test('of a big-endian writer are read in their order', async () => {
    const swapped = new Uint8Array(Float32Array.of(1, -2.5).buffer).reverse(); // and the elements with them
    const one = ordered({ w: tensor({ key: '0', count: 2, shape: [2] }) });
    const more = { 'archive/byteorder': code('big') };
    const expected = ['float32', [2], [-2.5, 1]];
    expect(await values(zipCheckpoint(pickle(one), { 0: swapped }, more))).toEqual(expected);
    const stream = streamCheckpoint(one, { 0: { count: 2, data: swapped } }, { littleEndian: false });
    expect(await values(stream)).toEqual(expected);
  });

  test('of the stream are views of storages', async () => {
    const view = tuple(text('v'), int(2), int(3));
    const one = tensor({ key: '0', count: 6, shape: [2], offset: 1, view });
    expect(await values(streamCheckpoint(ordered({ w: one }), { 0: { count: 6, data: six } }))).toEqual([
      'float32',
      [2],
      [4, 5],
    ]);
  });

  test('that are one tensor are told', async () => {
    const tied = await readModel(zip(ordered({ a: w, b: w }), { 0: six }));
    expect(tied.report.decisions).toEqual([
      { what: 'tied-weights', where: 'b', choice: 'the same as a', why: 'both are one tensor in the file' },
    ]);
  });

  test('of a version 3 have the element type behind them', async () => {
    const one = reduce(
      global('torch._utils', '_rebuild_tensor_v3'),
      tuple(
        storage({ key: '0', count: 4, shape: [], kind: 'UntypedStorage' }),
        int(1),
        tuple(int(1)),
        tuple(int(1)),
        flag(false),
        none,
        global('torch', 'uint16'),
      ),
    );
    expect(await values(zip(ordered({ w: one }), { 0: Uint16Array.of(7, 60_000) }))).toEqual(['uint16', [1], [60_000]]);
  });
});

describe('the state dict', () => {
  const parameter = reduce(global('torch._utils', '_rebuild_parameter'), tuple(w, flag(true), none));
  const names = async (value: Code, options = {}) => {
    const { arrays, report } = await readModel(zip(value, { 0: six }), options);
    return [[...arrays.keys()], report.decisions.map(({ choice }) => choice), report.skipped.map(({ where }) => where)];
  };

  test.each<[string, Code, string[], string[]]>([
    ['a state dict', ordered({ 'fc.weight': parameter }), ['fc.weight'], []],
    ['a tensor', w, ['tensor'], []],
    ['a list', list(w, w), ['0', '1'], ['the same as 0']],
    [
      'under state_dict',
      named({ epoch: int(3), state_dict: ordered({ 'fc.weight': w }) }),
      ['fc.weight'],
      ['state_dict'],
    ],
    [
      'under model.state_dict',
      named({ model: named({ state_dict: ordered({ a: w }), v: int(1) }) }),
      ['a'],
      ['model.state_dict'],
    ],
    ['of DataParallel', ordered({ 'module.a': w }), ['a'], ['module. removed']],
    [
      'of torch.compile in Lightning',
      named({ state_dict: ordered({ 'model._orig_mod.a': w }) }),
      ['a'],
      ['state_dict', 'model. removed', '_orig_mod. removed'],
    ],
    [
      'of a module that was saved whole',
      object(
        'net',
        'Net',
        named({
          training: flag(true),
          _parameters: ordered({ scale: parameter }),
          _buffers: ordered({}),
          _modules: ordered({
            fc: object(
              'torch.nn.modules.linear',
              'Linear',
              named({ _parameters: ordered({ weight: parameter, bias: none }), in_features: int(3) }),
            ),
          }),
        }),
      ),
      ['scale', 'fc.weight'],
      ['the same as scale'],
    ],
  ])('%s', async (_, value, expected, decisions) => {
    expect((await names(value)).slice(0, 2)).toEqual([expected, decisions]);
  });

  test('of a module that was saved whole in the stream, where classes come with their source', async () => {
    const source = tuple(text('module'), global('net', 'Net'), text('net.py'), text('import os'));
    const whole = code(source, 'Q', ')', 0x81, named({ _parameters: ordered({ w }), _modules: ordered({}) }), 'b');
    const { arrays } = await readModel(streamCheckpoint(whole, { 0: { count: 6, data: six } }));
    expect([...arrays.keys()]).toEqual(['w']);
  });

  test('is found past an optimizer and foreign objects, which are told', async () => {
    const checkpoint = named({
      hparams: object('mylib.config', 'Config', named({ lr: int(1) })),
      optimizer: named({ state: dict([[int(0), named({ exp_avg: w })]]) }),
      net: ordered({ a: w, extra: object('mylib', 'Thing', none) }),
    });
    const { arrays, report } = await readModel(zip(checkpoint, { 0: six }));
    expect([...arrays.keys()]).toEqual(['a']);
    expect(report.skipped).toEqual([
      {
        what: 'class',
        where: 'mylib.config.Config',
        why: 'is not known here: its objects are kept as data without behavior',
      },
      { what: 'class', where: 'mylib.Thing', why: 'is not known here: its objects are kept as data without behavior' },
      { what: '1 tensor', where: 'optimizer', why: 'are outside of the state dict' },
      { what: 'an object of mylib.Thing', where: 'extra', why: 'is no tensor' },
    ]);
  });

  test('is the one that was asked for', async () => {
    const both = named({ model: ordered({ a: w }), ema: ordered({ b: w }) });
    expect((await names(both, { state: 'ema' }))[0]).toEqual(['b']);
    await expect(readModel(zip(both), { state: 'best' })).rejects.toThrow(
      'model: state best: expected tensors by name, got none; save model.state_dict()',
    );
  });

  test('of the library is what it loads', async () => {
    manualSeed(3);
    class Net extends Module {
      readonly lstm = new LSTM(3, 4, { numLayers: 2, bidirectional: true, projSize: 2 });
      readonly gru = new GRU(4, 5, { bias: false });
    }
    const net = new Net();
    const state = [...net.stateDict()];
    const bytes = zip(
      ordered(
        Object.fromEntries(
          state.map(([name, { shape, data }], i) => [name, tensor({ key: String(i), count: data.length, shape })]),
        ),
      ),
      Object.fromEntries(state.map(([, { data }], i) => [i, data])),
    );
    manualSeed(4);
    const model = await readModel(bytes);
    expect([...new Net().loadStateDict(model.stateDict()).stateDict()]).toEqual(state);
    expect((await describeModel(bytes)).layers.map(({ kind, settings }) => [kind, settings])).toEqual([
      ['LSTM', '3 → 4, 2 layers, bidirectional, projected to 2'],
      ['GRU', '4 → 5, without bias'],
    ]);
  });
});
