// SimpleRNN, LSTM and GRU, as layers, as cells in RNN, stacked, in both directions, and as their CuDNN forms.

import type { Value } from '../builder.ts';
import type { LayerConfig } from '../layer-config.ts';
import { type LayerCall, type LayerConverter, one, only } from './call.ts';
import { type RecurrentKind, recurrentWeights, takeRecurrent } from './recurrent-weights.ts';

const kinds: Readonly<Record<string, RecurrentKind>> = {
  SimpleRNN: 'SimpleRNN',
  SimpleRNNCell: 'SimpleRNN',
  LSTM: 'LSTM',
  LSTMCell: 'LSTM',
  CuDNNLSTM: 'LSTM',
  GRU: 'GRU',
  GRUCell: 'GRU',
  CuDNNGRU: 'GRU',
};

const cellActivations = ['linear', 'tanh', 'sigmoid', 'hard_sigmoid', 'hard_sigmoid_3', 'relu', 'softplus', 'softsign'];

/** What surrounds the cell: a layer's own settings, or those of RNN or Bidirectional around it. */
interface Around {
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly timeMajor: boolean;
  readonly zeroOutputForMask: boolean;
}

function around(config: LayerConfig): Around {
  return {
    returnSequences: config.flag('return_sequences', false),
    returnState: config.flag('return_state', false),
    goBackwards: config.flag('go_backwards', false),
    stateful: config.flag('stateful', false),
    timeMajor: config.flag('time_major', false),
    zeroOutputForMask: config.flag('zero_output_for_mask', false),
  };
}

export const recurrentLayer: LayerConverter = (call) => {
  const input = only(call);
  return run(call, call.config, around(call.config), input, call.states, { path: call.path });
};

/** RNN(cell) is the layer of that cell; of several cells, one layer on the other. */
export const rnnLayer: LayerConverter = (call) => {
  const { config, path } = call;
  const cell = config.layer('cell');
  const cells = cell.className === 'StackedRNNCells' ? cell.layers('cells') : [cell];
  const own = around(config);
  const perCell = cells.map((one) => (kindOf(one) === 'LSTM' ? 2 : 1));
  let value = only(call);
  const states: Value[] = [];
  for (const [k, one] of cells.entries()) {
    const last = k === cells.length - 1;
    const at = perCell.slice(0, k).reduce((a, b) => a + b, 0);
    const before = call.states.length > 0 ? call.states.slice(at, at + perCell[k]) : [];
    const settings = {
      ...own,
      returnSequences: last ? own.returnSequences : true,
      goBackwards: k === 0 && own.goBackwards,
    };
    const [y, ...after] = run(call, one, { ...settings, returnState: true }, value, before, {
      path: cells.length > 1 ? `${path}.${k}` : path,
    });
    one.requireAllRead();
    states.push(...after);
    if (!last && settings.goBackwards && value.mask !== null)
      config.fail(
        'stacked cells that read forward',
        'go_backwards with a mask',
        'put the cells into layers of their own',
      );
    value = last ? y : { name: y.name, mask: value.mask };
  }
  if (cell !== cells[0]) {
    cell.value('cells');
    if (cell.flag('reverse_state_order', false)) cell.fail('states in the order of the cells', 'reverse_state_order');
    cell.requireAllRead();
  }
  return own.returnState ? [value, ...states] : [value];
};

/** Two directions of one layer. */
export const bidirectionalLayer: LayerConverter = (call) => {
  const { config } = call;
  const inner = config.layer('layer');
  const merge =
    config.value('merge_mode') === undefined ? 'none' : config.oneOf('merge_mode', ['concat', 'sum', 'mul', 'ave']);
  const back = config.value('backward_layer') === undefined ? null : config.layer('backward_layer');
  for (const setting of ['return_sequences', 'return_state', 'stateful']) config.value(setting); // old files repeat them here
  const own = around(inner);
  if (own.goBackwards) config.fail('a forward layer', 'one with go_backwards');
  if (back) {
    const different = differences(inner, back);
    if (different) config.fail('a backward layer with the settings of the forward one', different);
  }
  const cell = inner.className === 'RNN' ? inner.layer('cell') : inner;
  const result = run(call, cell, own, only(call), call.states, { path: call.path, merge });
  if (cell !== inner) cell.requireAllRead();
  inner.requireAllRead();
  return result;
};

function differences(a: LayerConfig, b: LayerConfig): string | null {
  if (a.className !== b.className) return b.className;
  if (!b.flag('go_backwards', false)) return 'a second forward layer';
  for (const name of [
    'units',
    'activation',
    'recurrent_activation',
    'use_bias',
    'reset_after',
    'return_sequences',
    'zero_output_for_mask',
  ])
    if (JSON.stringify(a.value(name)) !== JSON.stringify(b.value(name))) return `another ${name}`;
  return null;
}

function kindOf(config: LayerConfig): RecurrentKind {
  if (Object.hasOwn(kinds, config.className)) return kinds[config.className];
  return config.fail(
    `a cell or layer that is known, one of ${Object.keys(kinds).join(', ')}`,
    config.className.slice(0, 60),
  );
}

/** Adds the node of a layer; its output and, if asked for, its states. */
function run(
  call: LayerCall,
  config: LayerConfig,
  settings: Around,
  input: Value,
  states: readonly Value[],
  { path, merge }: { readonly path: string; readonly merge?: string },
): readonly Value[] {
  const { builder, arrays } = call;
  const kind = kindOf(config);
  const directions = merge === undefined ? 1 : 2;
  const cuda = config.className.startsWith('CuDNN');
  const units = config.whole('units');
  const bias = config.flag('use_bias', true);
  const activation = config.activation('activation', builder.keras, 'tanh');
  const gates = config.activation(
    'recurrent_activation',
    builder.keras,
    cuda || builder.keras === 3 ? 'sigmoid' : 'hard_sigmoid',
  );
  for (const name of kind === 'SimpleRNN' ? [activation] : [activation, gates])
    if (!cellActivations.includes(name))
      config.fail(`an activation, one of ${cellActivations.join(', ')}`, JSON.stringify(name));
  if (units < 1) config.fail('one unit or more', String(units));
  const parts = Array.from({ length: directions }, () => takeRecurrent(arrays, kind, units, bias));
  const resetAfter = kind === 'GRU' ? resetAfterOf(call, config, parts[0].resetAfter, cuda) : null;
  for (const [d, part] of parts.entries())
    for (const [name, make] of recurrentWeights(part))
      builder.weight(path, `${name}_l0${d === 1 ? '_reverse' : ''}`, make);
  decisions(call, config, parts[0].form, gates, kind);
  const [first] = parts;
  if (parts.some(({ inputSize }) => inputSize !== first.inputSize))
    config.fail(`kernels for ${first.inputSize} features in both directions`, 'others');
  const transposed = (value: string) =>
    settings.timeMajor ? one(call, 'Transpose', [value], { perm: [1, 0, 2] }) : value;
  if (settings.timeMajor && input.mask) config.fail('no mask with time_major', 'one');
  const node = (before: readonly (string | null)[]) =>
    builder.node(
      kind === 'SimpleRNN' ? 'KerasSimpleRNN' : `Keras${kind}`,
      path,
      [transposed(input.name), input.mask, ...before],
      {
        inputSize: first.inputSize,
        hiddenSize: units,
        bias,
        activation,
        ...(kind !== 'SimpleRNN' && { recurrentActivation: gates }),
        ...(resetAfter !== null && { resetAfter }),
        ...(merge !== undefined && { bidirectional: true, merge }),
        ...(settings.goBackwards && { goBackwards: true }),
        ...(settings.returnSequences && { returnSequences: true }),
        ...(settings.zeroOutputForMask && { zeroOutputForMask: true }),
      },
      ['output', 'h', 'c', 'backward'],
    );
  const count = kind === 'LSTM' ? 2 : 1;
  const outputs = settings.stateful && states.length === 0 ? carried() : node(given());
  const [y, h, c, backward] = outputs;
  const mask = settings.returnSequences ? input.mask : null; // Keras does not turn it, whatever go_backwards says
  const ys = (merge === 'none' ? [y, backward] : [y]).map((name) => ({
    name: settings.returnSequences ? transposed(name) : name,
    mask,
  }));
  if (!settings.returnState) return ys;
  const each = Array.from({ length: directions }, (_, d) =>
    [h, c].slice(0, count).map((state) => ({ name: one(call, 'Select', [state], { axis: 0, index: d }), mask: null })),
  );
  return [...ys, ...each.flat()];

  function given(): readonly string[] {
    if (states.length === 0) return [];
    if (states.length !== count * directions)
      config.fail(`${count * directions} initial states`, String(states.length));
    const inDirections = states.map(({ name }) => one(call, 'Unsqueeze', [name], { axes: [0] }));
    return Array.from({ length: count }, (_, k) => {
      const own = Array.from({ length: directions }, (_none, d) => inDirections[d * count + k]);
      return own.length === 1 ? own[0] : one(call, 'Concat', own, { axis: 0 });
    });
  }

  /** stateful=True: the states before and after are inputs and outputs of the graph. */
  function carried(): string[] {
    const shape = [directions, 'batch', units];
    let made: string[] = [];
    const before: string[] = [];
    const names = kind === 'LSTM' ? ['h', 'c'] : ['h'];
    for (const name of names) before.push(builder.input(`${path}.${name}.before`, shape, true));
    made = node(before);
    for (const [k, name] of names.entries())
      builder.carry(before[k], builder.output(`${path}.${name}.after`, made[k + 1], shape));
    return made;
  }
}

function resetAfterOf({ builder }: LayerCall, config: LayerConfig, told: boolean | null, cuda: boolean): boolean {
  const written = config.value('reset_after');
  if (written !== undefined && typeof written !== 'boolean')
    config.fail('reset_after: true or false', JSON.stringify(written).slice(0, 60));
  const usual = cuda || builder.keras === 3;
  const resetAfter = told ?? written ?? usual;
  if (written !== undefined && told !== null && told !== written && !cuda)
    config.fail(`the bias of a GRU with reset_after=${String(written)}`, `that of reset_after=${String(told)}`);
  const why =
    told !== null
      ? 'the shape of the bias'
      : written !== undefined
        ? 'reset_after in the settings'
        : `the default of Keras ${builder.keras}`;
  builder.report.decide(
    'gru-form',
    config.where,
    resetAfter ? 'reset after the product' : 'reset before the product',
    why,
  );
  return resetAfter;
}

function decisions(
  { builder }: LayerCall,
  config: LayerConfig,
  form: 'keras' | 'cudnn',
  gates: string,
  kind: RecurrentKind,
): void {
  const { report } = builder;
  if (kind !== 'SimpleRNN')
    report.decide(
      'gate-order',
      config.where,
      kind === 'LSTM' ? 'i f c o to i f g o' : 'z r h to r z n',
      "Keras' order to the library's",
    );
  report.decide(
    'biases',
    config.where,
    form === 'cudnn' ? 'both kept' : 'the recurrent bias is 0 where there is one bias',
    form === 'cudnn' ? "cuDNN's layout, by the length of the bias" : "Keras' layout",
  );
  if (gates.startsWith('hard_sigmoid'))
    report.decide(
      'hard-sigmoid',
      config.where,
      gates === 'hard_sigmoid' ? 'clip(0.2 x + 0.5, 0, 1)' : 'clip(x / 6 + 0.5, 0, 1)',
      `the form of Keras ${builder.keras}`,
    );
  for (const name of ['dropout', 'recurrent_dropout'])
    if (config.number(name, 0) > 0)
      report.decide('dropout', config.where, `${name} ${config.number(name)} is left out`, 'it acts in training only');
}
