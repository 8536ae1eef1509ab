// ONNX in: what the reader makes of a graph, and what it refuses.

import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Adam, currentBackend, LSTM, noGrad, type Tensor, tensor, useBackend } from 'unrolled';
import { HostArray } from 'unrolled/graph';
import { describeModel, readModel } from '../packages/convert/src/index.ts';
import { compiledBackends } from './backends.ts';
import { onnxBranches, onnxFolded, onnxWrittenOut } from './mutated/onnx-files.ts';
import { made, wave } from './onnx-recurrent-cases.ts';
import { onnxModel, type OnnxGraph, rawBytes } from './onnx-writer.ts';

const before = currentBackend();
beforeAll(() => useBackend('reference'));
afterAll(() => useBackend(before));

const read = (graph: OnnxGraph, options?: Parameters<typeof onnxModel>[1]) =>
  readModel(onnxModel(graph, options), { name: 'm.onnx' });
const x = { name: 'x', shape: ['batch', 2] };
const y = { name: 'y' };
const values = (value: unknown) => Array.from((value as Tensor).dataSync());

describe('what is made of a graph', () => {
  test('gates that the graph re-orders, and an initial state that it makes of zeros, leave a plain layer', async () => {
    const model = await readModel(onnxFolded, { name: 'm.onnx' });
    expect(model.network?.graph.nodes.map(({ op }) => op)).toEqual(['LSTMLayer']);
    expect(model.report.decisions.map(({ what }) => what)).toContain('initial-state');
    // Rows a d b c of the file's order i o f c are i f g o = a b c d of the weights again.
    const weights = model.module().stateDict();
    const [name] = Array.from(weights.keys()).filter((key) => key.endsWith('weight_ih_l0'));
    expect(Array.from((weights.get(name) as { data: ArrayLike<number> }).data)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const batch of [1, 3]) {
      const out = model.module().forward({ x: tensor(wave(4 * batch * 2, 1), [4, batch, 2]) });
      expect(out.y.shape).toEqual([4, batch, 1]);
    }
  });

  test('branches and loops run, and see what is around them', async () => {
    const module = (await readModel(onnxBranches)).module();
    const even = module.forward({ x: tensor([1, 2, 3, 4], [2, 2]) });
    expect(values(even.y)).toEqual([7 + 3, 10 + 6, 15 + 9, 22 + 12]); // x W + 3 x
    expect(even.all.shape).toEqual([3, 2, 2]);
    expect(values(module.forward({ x: tensor([1, 2], [1, 2]) }).y)).toEqual([2, 4]); // −x + 3 x
  });

  test('two loops over a written-out step, one backwards, are one bidirectional layer', async () => {
    const { network, report } = await readModel(onnxWrittenOut);
    const graph = network?.graph;
    expect(graph?.nodes.filter(({ op }) => op !== 'Slice' && op !== 'Squeeze').map(({ op }) => op)).toEqual([
      'GRULayer',
    ]);
    expect(graph?.nodes.find(({ op }) => op === 'GRULayer')?.outputs[0]).toBe('y');
    const made = ['written-out-cell', 'written-out-cell', 'whole-sequence', 'whole-sequence', 'directions'];
    expect(report.decisions.map(({ what }) => what).slice(-5)).toEqual(made);
  });

  test('a step of an LSTM that is written out becomes a layer with the same numbers', async () => {
    const step = (chosen: readonly string[]): OnnxGraph => ({
      nodes: [
        { op: 'Gemm', inputs: ['x', 'W', 'b'], outputs: ['gx'], attributes: { transB: 1 } },
        { op: 'Gemm', inputs: ['h', 'R'], outputs: ['gh'], attributes: { transB: 1 } },
        { op: 'Add', inputs: ['gx', 'gh'], outputs: ['gates'] },
        { op: 'Split', inputs: ['gates'], outputs: chosen, attributes: { axis: 1 } },
        ...(['i', 'f', 'o'] as const).map((g) => ({ op: 'Sigmoid', inputs: [`g${g}`], outputs: [g] })),
        { op: 'Tanh', inputs: ['gg'], outputs: ['g'] },
        { op: 'Mul', inputs: ['c', 'f'], outputs: ['kept'] },
        { op: 'Mul', inputs: ['i', 'g'], outputs: ['added'] },
        { op: 'Add', inputs: ['added', 'kept'], outputs: ['cn'] },
        { op: 'Tanh', inputs: ['cn'], outputs: ['t'] },
        { op: 'Mul', inputs: ['t', 'o'], outputs: ['hn'] },
      ],
      inputs: [x, { name: 'h', shape: ['batch', 3] }, { name: 'c', shape: ['batch', 3] }],
      outputs: [{ name: 'hn' }, { name: 'cn' }],
      initializers: {
        W: { shape: [12, 2], values: wave(24, 1) },
        R: { shape: [12, 3], values: wave(36, 2) },
        b: { shape: [12], values: wave(12, 3) },
      },
    });
    for (const order of [
      ['gi', 'gf', 'gg', 'go'],
      ['go', 'gg', 'gi', 'gf'],
    ]) {
      const raised = await read(step(order));
      expect(raised.network?.graph.nodes.some(({ op }) => op === 'LSTMLayer')).toBe(true);
      const graph = step(order);
      const softsign = graph.nodes.map((node) => (node.outputs[0] === 't' ? { ...node, op: 'Identity' } : node));
      const other = await read({ ...graph, nodes: [...softsign, { op: 'Tanh', inputs: ['cn'], outputs: ['t2'] }] });
      expect(other.network?.graph.nodes.some(({ op }) => op === 'LSTMLayer')).toBe(false); // tanh is missing: no LSTM
      const inputs = {
        x: tensor(wave(4, 4), [2, 2]),
        h: tensor(wave(6, 5), [2, 3]),
        c: tensor(wave(6, 6), [2, 3]),
      };
      const [a, b] = [raised.module().forward(inputs), other.module().forward(inputs)];
      expect(values(a.cn)).toEqual(values(b.cn).map((v) => expect.closeTo(v, 6) as number));
      const o = values(b.hn).map((v, k) => (v / values(b.cn)[k]) * Math.tanh(values(b.cn)[k]));
      expect(values(a.hn)).toEqual(o.map((v) => expect.closeTo(v, 5) as number));
    }
  });

  test('initializers are parameters, settings are not', async () => {
    const model = await read({
      nodes: [
        { op: 'BatchNormalization', inputs: ['x', 's', 'b', 'm', 'v'], outputs: ['n'] },
        { op: 'Clip', inputs: ['n', 'low'], outputs: ['y'] },
      ],
      inputs: [x],
      outputs: [y],
      initializers: Object.fromEntries(
        ['s', 'b', 'm', 'v']
          .map((name) => [name, { shape: [2], values: [1, 2] }])
          .concat([['low', { shape: [], values: [0] } as never]]),
      ),
    });
    expect(Array.from(model.module().namedParameters(), ([name]) => name)).toEqual(['s', 'b']);
  });

  test('the GRU that PyTorch wrote wrongly is named, and read as it was trained where asked for', async () => {
    const node = {
      op: 'GRU',
      name: 'gru',
      inputs: ['X', 'W', 'R', 'B'],
      outputs: ['', 'h'],
      attributes: { hidden_size: 1 },
    };
    const graph: OnnxGraph = {
      nodes: [node],
      inputs: [{ name: 'X', shape: ['time', 'batch', 1] }],
      outputs: [{ name: 'h' }],
      initializers: {
        W: { shape: [1, 3, 1], values: [1, 2, 3] },
        R: { shape: [1, 3, 1], values: [2, 1, 3] },
        B: { shape: [1, 6], values: [0, 0, 0, 0, 0, 0.7] }, // a bias behind the reset gate: what the two forms differ in
      },
    };
    const bytes = onnxModel(graph, { producer: 'pytorch' });
    const written = await readModel(bytes);
    expect(written.report.warnings[0].what).toMatch(/onnxscript 0.5.7 to 0.7.0 left out linear_before_reset/);
    const trained = await readModel(bytes, { gru: 'as-trained' });
    expect(trained.report.warnings).toEqual([]);
    const input = { X: tensor([1, -1, 0.5], [3, 1, 1]) };
    const right = await read({
      ...graph,
      nodes: [{ ...node, attributes: { ...node.attributes, linear_before_reset: 1 } }],
    });
    const [a, b, c] = [trained, right, written].map((model) => values(model.module().forward(input).h)[0]);
    expect(a).toBe(b);
    expect(Math.abs(c - b)).toBeGreaterThan(0.01);
    expect((await readModel(onnxModel(graph))).report.warnings).toEqual([]);
  });

  test('older opsets keep their meaning: Softmax over all axes behind the first', async () => {
    const graph: OnnxGraph = {
      nodes: [{ op: 'Softmax', inputs: ['x'], outputs: ['y'] }],
      inputs: [{ name: 'x', shape: ['batch', 2, 2] }],
      outputs: [y],
    };
    const input = { x: tensor([1, 2, 3, 4], [1, 2, 2]) };
    const sum = async (opset: number) =>
      values((await read(graph, { opset })).module().forward(input).y).reduce((a, b) => a + b, 0);
    expect(await sum(11)).toBeCloseTo(1, 6);
    expect(await sum(13)).toBeCloseTo(2, 6);
  });

  test('a token model reads ids and lengths as integers of the host', async () => {
    const model = await read({
      nodes: [{ op: 'Gather', inputs: ['table', 'ids'], outputs: ['y'] }],
      inputs: [{ name: 'ids', type: 'int64', shape: ['batch'] }],
      outputs: [y],
      initializers: { table: { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] } },
    });
    const out = noGrad(() => model.module().forward({ ids: new HostArray('int', [2], [2, -3]) }));
    expect(values(out.y)).toEqual([5, 6, 1, 2]);
  });
});

/** Fifty steps of an imported LSTM, and of our own with the same weights, on the current backend. */
async function trained(): Promise<{ readonly theirs: number[]; readonly ours: number[] }> {
  const one = made({ op: 'LSTM', direction: 'bidirectional' });
  const imported = (await readModel(one.bytes)).module().train();
  const own = new LSTM(4, 6, { bidirectional: true });
  const weights = Array.from(imported.stateDict(), ([name, saved]) => [name.replace('recurrent.', ''), saved] as const);
  own.loadStateDict(new Map(weights));
  const input = tensor(Float32Array.from(one.inputs.X.values), one.inputs.X.shape);
  const losses = (parameters: Iterable<Tensor>, run: () => Tensor) => {
    const optimizer = new Adam([...parameters] as never, { lr: 0.01 });
    return Array.from({ length: 50 }, () => {
      optimizer.zeroGrad();
      const loss = run().sub(0.3).square().mean();
      loss.backward();
      optimizer.step();
      return loss.itemSync();
    });
  };
  const theirs = losses(imported.parameters(), () => imported.forward({ X: input }).Y as Tensor);
  return { theirs, ours: losses(own.parameters(), () => own.forward(input)[0]) };
}

describe('an imported LSTM is trained for 50 steps', async () => {
  const backends = [{ title: 'reference', backend: null }, ...(await compiledBackends())];
  const losses = new Map<string, readonly number[]>();
  afterAll(() => useBackend('reference'));

  test.for(backends)('$title', async ({ title, backend }, { skip }) => {
    if (backend === null && title !== 'reference') return skip(title);
    await useBackend(backend ?? 'reference');
    const { theirs, ours } = await trained();
    expect(theirs[49]).toBeLessThan(theirs[0] / 2);
    for (const [k, loss] of theirs.entries()) expect(Math.abs(loss - ours[k])).toBeLessThan(1e-5);
    losses.set(title, theirs);
    const reference = losses.get('reference') ?? [];
    for (const [k, loss] of theirs.entries()) expect(Math.abs(loss - reference[k])).toBeLessThan(1e-5);
  });
});

describe('what is refused', () => {
  const refused = (graph: OnnxGraph, text: RegExp) => expect(read(graph)).rejects.toThrow(text);
  const identity = (from: string, to: string) => ({ op: 'Identity', name: `to_${to}`, inputs: [from], outputs: [to] });

  test('an unknown operator, by its name and place; all of them in the description', async () => {
    const graph: OnnxGraph = {
      nodes: [
        { op: 'NonMaxSuppression', name: 'nms', inputs: ['x'], outputs: ['a'] },
        { op: 'Fused', domain: 'com.microsoft', name: 'other', inputs: ['a'], outputs: ['b'] },
        { op: 'Scaler', domain: 'ai.onnx.ml', name: 'more', inputs: ['b'], outputs: ['y'] },
      ],
      inputs: [x],
      outputs: [y],
    };
    await refused(
      graph,
      /m.onnx: node nms \(NonMaxSuppression\): expected an operator that is read.*2 more parts do not/,
    );
    const { problems } = await describeModel(onnxModel(graph), { name: 'm.onnx' });
    expect(problems.map(({ got }) => got)).toEqual(['NonMaxSuppression', 'com.microsoft.Fused', 'ai.onnx.ml.Scaler']);
  });

  test("the library's own ops, which are no operators of ONNX", async () => {
    const node = { op: 'Linear', inputs: ['x'], outputs: ['y'], attributes: { inFeatures: 2, outFeatures: 2 } };
    await refused(
      { nodes: [node], inputs: [x], outputs: [y] },
      /node y \(Linear\): expected an operator that is read.* got Linear/,
    );
  });

  test('nodes in a circle, values that nothing gives, names that are given twice', async () => {
    const ports = { inputs: [x], outputs: [y] };
    await refused(
      { nodes: [identity('b', 'a'), identity('a', 'b'), identity('x', 'y')], ...ports },
      /a circle of 2 nodes/,
    );
    await refused(
      { nodes: [identity('nothing', 'y')], ...ports },
      /node "to_y" \(Identity\): .* "nothing", which nothing does/,
    );
    await refused({ nodes: [identity('x', 'y'), identity('x', 'y')], ...ports }, /"y" twice/);
    const turned = [identity('a', 'y'), identity('x', 'a')]; // in no order, but without a circle
    expect((await read({ nodes: turned, ...ports })).network).not.toBeNull();
  });

  test('an attribute that is not known', () =>
    refused(
      { nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'], attributes: { strange: 1 } }], inputs: [x], outputs: [y] },
      /attribute strange is not known/,
    ));

  test('graphs in graphs without end, tensors of impossible sizes, files that are cut off', async () => {
    let graph: OnnxGraph = { nodes: [], inputs: [], outputs: [] };
    for (let depth = 0; depth < 60; depth++)
      graph = {
        nodes: [{ op: 'If', inputs: [''], outputs: ['y'], attributes: { then_branch: { graph } } }],
        inputs: [],
        outputs: [],
      };
    await refused(graph, /messages at most 64 deep/);
    const huge = { shape: [2 ** 31, 2 ** 31], values: [] };
    await refused(
      { nodes: [identity('x', 'y')], inputs: [x], outputs: [y], initializers: { huge } },
      /a shape of at most/,
    );
    const bytes = made({ op: 'LSTM' }).bytes;
    await expect(readModel(bytes.subarray(0, 300), { name: 'm.onnx' })).rejects.toThrow(/m.onnx: expected/);
  });

  test('external data are read from next to the model, and from nowhere else', async () => {
    const model = (location: string, extra = {}) =>
      onnxModel({
        nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
        inputs: [x],
        outputs: [y],
        initializers: { w: { shape: [2], values: [], external: { location, ...extra } } },
      });
    const data = rawBytes([9, 1, 2]);
    const files = (location: string, extra = {}) =>
      new Map([
        ['m.onnx', model(location, extra)],
        ['w.bin', data as Uint8Array<ArrayBuffer>],
      ]);
    const good = (await readModel(files('w.bin', { offset: '4', length: '8' }))).module();
    expect(values(good.forward({ x: tensor([0, 0], [1, 2]) }).y)).toEqual([1, 2]);
    for (const path of ['../w.bin', '/etc/passwd', 'a/../../w.bin', 'C:\\w.bin'])
      await expect(readModel(files(path))).rejects.toThrow(/a path inside of the model's folder/);
    await expect(readModel(files('w.bin', { offset: '8', length: '8' }))).rejects.toThrow(/8 bytes from byte 8/);
    await expect(readModel(files('w.bin', { offset: '-1' }))).rejects.toThrow(/a whole number of bytes as offset/);
    const folder = mkdtempSync(join(tmpdir(), 'unrolled-onnx-'));
    mkdirSync(join(folder, 'out'));
    writeFileSync(join(folder, 'out', 'w.bin'), data);
    mkdirSync(join(folder, 'in'));
    symlinkSync(join(folder, 'out'), join(folder, 'in', 'linked'));
    writeFileSync(join(folder, 'in', 'm.onnx'), model('linked/w.bin', { offset: '4' }));
    await expect(readModel(join(folder, 'in', 'm.onnx'))).rejects.toThrow(/link|inside/);
  });
});
