// Silero VAD for 16 kHz as ONNX, from its published weights: a convolutional front end and an LSTM that is carried from chunk to chunk, as an operator or
// with its step written out, as the two kinds of its releases have it.

import { readSafetensors } from 'unrolled/io';
import { onnxModel, type OnnxArray, type OnnxNode } from './onnx-writer.ts';

/** Inputs samples [1, 576], h and c [1, 128]; outputs probability [1, 1], hn, cn. */
export function sileroModel(safetensors: Uint8Array, form: 'LSTM' | 'step'): Uint8Array<ArrayBuffer> {
  const { tensors } = readSafetensors(safetensors);
  const of = (end: string): OnnxArray => {
    const found = Array.from(tensors).find(([name]) => name === end || name.endsWith(`.${end}`));
    if (!found) throw new Error(`no ${end} in ${Array.from(tensors.keys()).join(', ')}`);
    return { shape: found[1].shape, values: found[1].data as Float32Array };
  };
  const ints = (...values: number[]): OnnxArray => ({ shape: [values.length], values, type: 'int64' });
  const initializers: Record<string, OnnxArray> = {
    basis: of('stft_conv.weight'),
    pads: ints(0, 0, 0, 64),
    channel: ints(1),
    two: { shape: [], values: [2] },
    none: ints(0),
    half: ints(129),
    all: ints(258),
  };
  const nodes: OnnxNode[] = [
    { op: 'Pad', inputs: ['samples', 'pads'], outputs: ['padded'], attributes: { mode: 'reflect' } },
    { op: 'Unsqueeze', inputs: ['padded', 'channel'], outputs: ['wave'] },
    { op: 'Conv', inputs: ['wave', 'basis'], outputs: ['spectrum'], attributes: { strides: [128] } },
    { op: 'Slice', inputs: ['spectrum', 'none', 'half', 'channel'], outputs: ['re'] },
    { op: 'Slice', inputs: ['spectrum', 'half', 'all', 'channel'], outputs: ['im'] },
    { op: 'Pow', inputs: ['re', 'two'], outputs: ['re2'] },
    { op: 'Pow', inputs: ['im', 'two'], outputs: ['im2'] },
    { op: 'Add', inputs: ['re2', 'im2'], outputs: ['power'] },
    { op: 'Sqrt', inputs: ['power'], outputs: ['x0'] },
  ];
  for (const [k, stride] of [1, 2, 2, 1].entries()) {
    initializers[`w${k}`] = of(`conv${k + 1}.weight`);
    initializers[`b${k}`] = of(`conv${k + 1}.bias`);
    const attributes = { strides: [stride], pads: [1, 1] };
    nodes.push({ op: 'Conv', inputs: [`x${k}`, `w${k}`, `b${k}`], outputs: [`y${k}`], attributes });
    nodes.push({ op: 'Relu', inputs: [`y${k}`], outputs: [`x${k + 1}`] });
  }
  const H = 128;
  const [W, R, bW, bR] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => of(`lstm_cell.${name}`));
  nodes.push({ op: 'Squeeze', inputs: ['x4', 'last'], outputs: ['features'] });
  initializers.last = ints(-1);
  if (form === 'step') {
    Object.assign(initializers, { W, R, bW, bR });
    const gemm = { transB: 1 };
    nodes.push(
      { op: 'Gemm', inputs: ['features', 'W', 'bW'], outputs: ['gx'], attributes: gemm },
      { op: 'Gemm', inputs: ['h', 'R', 'bR'], outputs: ['gh'], attributes: gemm },
      { op: 'Add', inputs: ['gx', 'gh'], outputs: ['gates'] },
      { op: 'Split', inputs: ['gates'], outputs: ['gi', 'gf', 'gg', 'go'], attributes: { axis: 1 } },
      { op: 'Sigmoid', inputs: ['gi'], outputs: ['i'] },
      { op: 'Sigmoid', inputs: ['gf'], outputs: ['f'] },
      { op: 'Tanh', inputs: ['gg'], outputs: ['g'] },
      { op: 'Sigmoid', inputs: ['go'], outputs: ['o'] },
      { op: 'Mul', inputs: ['f', 'c'], outputs: ['kept'] },
      { op: 'Mul', inputs: ['i', 'g'], outputs: ['added'] },
      { op: 'Add', inputs: ['kept', 'added'], outputs: ['cn'] },
      { op: 'Tanh', inputs: ['cn'], outputs: ['squashed'] },
      { op: 'Mul', inputs: ['o', 'squashed'], outputs: ['hn'] },
    );
  } else {
    const turned = ({ shape, values }: OnnxArray): OnnxArray => {
      const block = values.length / 4;
      const part = (gate: number) => Array.from(values).slice(gate * block, (gate + 1) * block);
      return { shape: [1, ...shape], values: [...part(0), ...part(3), ...part(1), ...part(2)] };
    };
    const [tW, tR] = [turned(bW), turned(bR)];
    initializers.W = turned(W);
    initializers.R = turned(R);
    initializers.B = { shape: [1, 8 * H], values: [...Array.from(tW.values), ...Array.from(tR.values)] };
    nodes.push(
      { op: 'Unsqueeze', inputs: ['features', 'none'], outputs: ['sequence'] },
      { op: 'Unsqueeze', inputs: ['h', 'none'], outputs: ['h0'] },
      { op: 'Unsqueeze', inputs: ['c', 'none'], outputs: ['c0'] },
      {
        op: 'LSTM',
        inputs: ['sequence', 'W', 'R', 'B', '', 'h0', 'c0'],
        outputs: ['', 'h1', 'c1'],
        attributes: { hidden_size: H },
      },
      { op: 'Squeeze', inputs: ['h1', 'none'], outputs: ['hn'] },
      { op: 'Squeeze', inputs: ['c1', 'none'], outputs: ['cn'] },
    );
  }
  initializers.wOut = of('final_conv.weight');
  initializers.bOut = of('final_conv.bias');
  nodes.push(
    { op: 'Unsqueeze', inputs: ['hn', 'last'], outputs: ['column'] },
    { op: 'Relu', inputs: ['column'], outputs: ['active'] },
    { op: 'Conv', inputs: ['active', 'wOut', 'bOut'], outputs: ['score'] },
    { op: 'Squeeze', inputs: ['score', 'last'], outputs: ['flat'] },
    { op: 'Sigmoid', inputs: ['flat'], outputs: ['probability'] },
  );
  return onnxModel({
    nodes,
    inputs: [
      { name: 'samples', shape: [1, 576] },
      { name: 'h', shape: [1, H] },
      { name: 'c', shape: [1, H] },
    ],
    outputs: [{ name: 'probability' }, { name: 'hn' }, { name: 'cn' }],
    initializers,
  });
}
