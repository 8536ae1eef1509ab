// Layers in Python: those of torch.nn, and for cells that it does not have their step, written out.

import type { CellName } from 'unrolled';
import type { GraphNode } from 'unrolled/graph';
import { cellStates } from '../../export/cells.ts';
import type { ExportedNetwork } from '../../export/network.ts';

/** Cells that are a layer of torch.nn: its class and further options. */
const classes: Readonly<Partial<Record<CellName, readonly [name: string, options: string]>>> = {
  rnn: ['RNN', ''],
  'rnn-relu': ['RNN', ", nonlinearity='relu'"],
  irnn: ['RNN', ", nonlinearity='relu'"],
  gru: ['GRU', ''],
  lstm: ['LSTM', ''],
};

const cellOf = ({ attributes = {} }: GraphNode) => attributes.cell as CellName;

/** Whether a recurrent node is stepped through: its cell is not of torch.nn, or its layers are run one by one. */
export function needsSteps(node: GraphNode): boolean {
  return !classes[cellOf(node)] || node.attributes?.apart === true;
}

/** The constructor of a node's layer; `nodes` are those of all graphs, which share layers. */
export function madeLayer({ weights }: ExportedNetwork, nodes: readonly GraphNode[], node: GraphNode): string {
  const { attributes = {}, layer } = node;
  const {
    inFeatures,
    outFeatures,
    bias,
    numEmbeddings,
    embeddingDim,
    normalizedShape,
    eps,
    inputSize,
    hiddenSize,
    bidirectional,
  } = attributes as Readonly<Record<string, number | readonly number[]>>;
  switch (node.op) {
    case 'Linear':
      return `nn.Linear(${Number(inFeatures)}, ${Number(outFeatures)}${bias ? '' : ', bias=False'})`;
    case 'Embedding':
      return `nn.Embedding(${Number(numEmbeddings)}, ${Number(embeddingDim)})`;
    case 'LayerNorm':
      return `nn.LayerNorm(${(normalizedShape as readonly number[])[0]}, eps=${Number(eps)})`;
    case 'Conv2dLayer':
      return convolution(attributes as unknown as ConvolutionAttributes);
    case 'BatchNorm2d':
      return `nn.BatchNorm2d(${Number(attributes.numFeatures)}, eps=${Number(eps)})`;
    default: {
      const cell = cellOf(node);
      const layers = Math.max(
        ...nodes
          .filter((other) => other.layer === layer)
          .map(({ attributes: own = {} }) => Number(own.first) + Number(own.numLayers)),
      );
      if (!needsSteps(node)) {
        const [name, options] = classes[cell] as readonly [string, string];
        return `nn.${name}(${Number(inputSize)}, ${Number(hiddenSize)}, num_layers=${layers}${bidirectional ? ', bidirectional=True' : ''}${options})`;
      }
      const shapes = Array.from(weights)
        .filter(([name]) => name.startsWith(`${layer}.`) && /_l\d+(?:_reverse)?$/.test(name))
        .map(([name, { shape }]) => `'${name.slice((layer ?? '').length + 1)}': [${shape.join(', ')}]`);
      const widths = cellStates[cell].map(({ times }) => times * Number(hiddenSize));
      return `Layers(${stepName(cell)}, {${shapes.join(', ')}}, ${layers}, ${bidirectional ? 2 : 1}, [${widths.join(', ')}])`;
    }
  }
}

interface ConvolutionAttributes {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: number;
  readonly padding: number;
  readonly bias: boolean;
}

function convolution({ inChannels, outChannels, kernelSize, stride, padding, bias }: ConvolutionAttributes): string {
  const window = `(${kernelSize.join(', ')}), stride=${stride}, padding=${padding}`;
  return `nn.Conv2d(${inChannels}, ${outChannels}, ${window}${bias ? '' : ', bias=False'})`;
}

const stepName = (cell: CellName) => `${cell.replaceAll('-', '_')}_step`;

/** The steps of the cells in the graphs that need one, and the layers that run them. */
export function pythonSteps(nodes: readonly GraphNode[]): string[] {
  const cells = new Set(
    nodes
      .filter(({ op }) => op === 'Recurrent')
      .filter(needsSteps)
      .map(cellOf),
  );
  if (cells.size === 0) return [];
  return [...Array.from(cells, (cell) => steps[cell]).flatMap((lines) => ['', '', ...lines]), '', '', ...layersClass];
}

const lstmGates = [
  "    gates = F.linear(x, w['weight_ih'], w['bias_ih']) + F.linear(h, w['weight_hh'], w['bias_hh'])",
  '    i, f, g, o = gates.chunk(4, 1)',
];

const positive = 'torch.where(n >= 0, n + 0.5, torch.sigmoid(n))';

const rnnStep = (name: string, activation: string) => [
  `def ${name}(w, x, states):`,
  '    (h,) = states',
  `    h = torch.${activation}(F.linear(x, w['weight_ih'], w['bias_ih']) + F.linear(h, w['weight_hh'], w['bias_hh']))`,
  '    return h, [h]',
];

const steps: Readonly<Record<CellName, readonly string[]>> = {
  rnn: rnnStep('rnn_step', 'tanh'),
  'rnn-relu': rnnStep('rnn_relu_step', 'relu'),
  irnn: rnnStep('irnn_step', 'relu'),
  lstm: [
    'def lstm_step(w, x, states):',
    '    h, c = states',
    ...lstmGates,
    '    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)',
    '    h = torch.sigmoid(o) * torch.tanh(c)',
    '    return h, [h, c]',
  ],
  'lstm-peephole': [
    'def lstm_peephole_step(w, x, states):',
    '    h, c = states',
    ...lstmGates,
    "    i, f = torch.sigmoid(i + w['weight_ci'] * c), torch.sigmoid(f + w['weight_cf'] * c)",
    '    c = f * c + i * torch.tanh(g)',
    "    h = torch.sigmoid(o + w['weight_co'] * c) * torch.tanh(c)",
    '    return h, [h, c]',
  ],
  'lstm-layer-norm': [
    'def lstm_layer_norm_step(w, x, states):',
    '    h, c = states',
    "    read, kept = F.linear(x, w['weight_ih']), F.linear(h, w['weight_hh'])",
    "    gates = F.layer_norm(read, read.shape[1:], w['gain_ih'], w['bias_ih'])",
    "    gates = gates + F.layer_norm(kept, kept.shape[1:], w['gain_hh'], w['bias_hh'])",
    '    i, f, g, o = gates.chunk(4, 1)',
    '    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)',
    "    h = torch.sigmoid(o) * torch.tanh(F.layer_norm(c, c.shape[1:], w['gain_c'], w['bias_c']))",
    '    return h, [h, c]',
  ],
  'lstm-coupled': [
    'def lstm_coupled_step(w, x, states):',
    '    h, c = states',
    "    gates = F.linear(x, w['weight_ih'], w['bias_ih']) + F.linear(h, w['weight_hh'], w['bias_hh'])",
    '    f, g, o = gates.chunk(3, 1)',
    '    c = torch.sigmoid(f) * c + torch.sigmoid(-f) * torch.tanh(g)',
    '    h = torch.sigmoid(o) * torch.tanh(c)',
    '    return h, [h, c]',
  ],
  'rnn-skip': [
    'def rnn_skip_step(w, x, states):',
    '    h, past = states',
    '    old = past[:, -h.shape[1] :]',
    "    new = F.linear(x, w['weight_ih'], w['bias_ih']) + F.linear(h, w['weight_hh'], w['bias_hh'])",
    "    new = torch.tanh(new + F.linear(old, w['weight_sh']))",
    '    return new, [new, torch.cat([h, past[:, : -h.shape[1]]], 1)]',
  ],
  'gru-layer-norm': [
    'def gru_layer_norm_step(w, x, states):',
    '    (h,) = states',
    '    n = 2 * h.shape[1]  # of both gates; the rest is the candidate',
    '    def normed(v, gain, bias):',
    '        return [F.layer_norm(p, p.shape[1:], g, b) for p, g, b in ((v[:, :n], gain[:n], bias[:n]), (v[:, n:], gain[n:], bias[n:]))]',
    "    xg, xn = normed(F.linear(x, w['weight_ih']), w['gain_ih'], w['bias_ih'])",
    "    hg, hn = normed(F.linear(h, w['weight_hh']), w['gain_hh'], w['bias_hh'])",
    '    r, z = torch.sigmoid(xg + hg).chunk(2, 1)',
    '    h = (1 - z) * torch.tanh(xn + r * hn) + z * h',
    '    return h, [h]',
  ],
  gru: [
    'def gru_step(w, x, states):',
    '    (h,) = states',
    "    xr, xz, xn = F.linear(x, w['weight_ih'], w['bias_ih']).chunk(3, 1)",
    "    hr, hz, hn = F.linear(h, w['weight_hh'], w['bias_hh']).chunk(3, 1)",
    '    z, n = torch.sigmoid(xz + hz), torch.tanh(xn + torch.sigmoid(xr + hr) * hn)',
    '    h = (1 - z) * n + z * h',
    '    return h, [h]',
  ],
  'gru-reset-before': [
    'def gru_reset_before_step(w, x, states):',
    '    """The reset gate acts before the product, which no layer of torch.nn does."""',
    '    (h,) = states',
    "    xr, xz, xn = F.linear(x, w['weight_ih'], w['bias_ih']).chunk(3, 1)",
    "    (wr, wz, wn), (br, bz, bn) = w['weight_hh'].chunk(3), w['bias_hh'].chunk(3)",
    '    r, z = torch.sigmoid(xr + F.linear(h, wr, br)), torch.sigmoid(xz + F.linear(h, wz, bz))',
    '    n = torch.tanh(xn + F.linear(r * h, wn, bn))',
    '    h = (1 - z) * n + z * h',
    '    return h, [h]',
  ],
  mingru: [
    'def mingru_step(w, x, states):',
    '    (h,) = states',
    "    z, n = F.linear(x, w['weight_ih'], w['bias_ih']).chunk(2, 1)",
    '    z = torch.sigmoid(z)',
    `    h = (1 - z) * h + z * ${positive}`,
    '    return h, [h]',
  ],
  minlstm: [
    'def minlstm_step(w, x, states):',
    '    (h,) = states',
    "    f, i, n = F.linear(x, w['weight_ih'], w['bias_ih']).chunk(3, 1)",
    '    keep = torch.sigmoid(F.logsigmoid(f) - F.logsigmoid(i))',
    `    h = keep * h + (1 - keep) * ${positive}`,
    '    return h, [h]',
  ],
  lru: [
    'def lru_step(w, x, states):',
    '    _, s = states',
    "    modulus, angle = torch.exp(-torch.exp(w['nu'])), torch.exp(w['theta'])",
    '    p, q = modulus * torch.cos(angle), modulus * torch.sin(angle)',
    '    re, im = s.chunk(2, 1)',
    "    b = F.linear(x, w['weight_ih']) * torch.exp(w['gamma']).repeat(2)",
    '    s = torch.cat([p * re - q * im, p * im + q * re], 1) + b',
    "    h = F.linear(s, w['weight_ho']) + F.linear(x, w['weight_io'])",
    '    return h, [h, s]',
  ],
  slstm: [
    'def slstm_step(w, x, states):',
    '    h, c, m = states',
    "    i, f, z, o = (F.linear(x, w['weight_ih'], w['bias_ih']) + F.linear(h, w['weight_hh'])).chunk(4, 1)",
    '    u = i - F.logsigmoid(f) - m',
    '    c = c + torch.sigmoid(u) * (torch.tanh(z) - c)',
    '    m = i - F.logsigmoid(u)',
    '    h = torch.sigmoid(o) * c',
    '    return h, [h, c, m]',
  ],
};

const layersClass = [
  'class Layers(nn.Module):',
  '    """Recurrent layers of any cell, one step after the other."""',
  '',
  '    def __init__(self, step, shapes, layers, directions, widths):',
  '        super().__init__()',
  '        self.step, self.layers, self.directions, self.widths = step, layers, directions, widths',
  '        for name, shape in shapes.items():',
  '            self.register_parameter(name, nn.Parameter(torch.empty(shape)))',
  '',
  '    def forward(self, x, lengths=None, states=None, only=None):',
  '        """`only`: one layer by its number, with its own states [D, B, ..]."""',
  '        T, B, _ = x.shape',
  '        states = states or [x.new_zeros(self.layers * self.directions, B, n) for n in self.widths]',
  '        after = [[] for _ in self.widths]',
  '        for k in range(self.layers) if only is None else [only]:',
  '            outputs = []',
  '            for d in range(self.directions):',
  "                suffix = f'_l{k}' + ('_reverse' if d else '')",
  '                w = {n[: -len(suffix)]: p for n, p in self.named_parameters() if n.endswith(suffix)}',
  '                state = [s[(k if only is None else 0) * self.directions + d] for s in states]',
  '                ys = [None] * T',
  '                for t in reversed(range(T)) if d else range(T):',
  '                    y, new = self.step(w, x[t], state)',
  '                    if lengths is not None:  # a row past its length keeps its state and puts out zeros',
  '                        active = (t < lengths)[:, None]',
  '                        y = torch.where(active, y, torch.zeros_like(y))',
  '                        new = [torch.where(active, n, s) for n, s in zip(new, state)]',
  '                    ys[t], state = y, new',
  '                outputs.append(torch.stack(ys))',
  '                for parts, s in zip(after, state):',
  '                    parts.append(s)',
  '            x = torch.cat(outputs, 2)',
  '        return x, [torch.stack(parts) for parts in after]',
];
