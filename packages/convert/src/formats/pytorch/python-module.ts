// The module of PyTorch that belongs to exported weights: model.py, a page that builds the network of torch.nn, loads the weights, and checks the test
// vectors of certificate.json when it is run. It is written from the same graph as every other format.

import { encoded } from '../../bytes/text.ts';
import type { GraphNode, GraphSpec } from 'unrolled/graph';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';
import { madeLayer, needsSteps, pythonSteps } from './python-layers.ts';
import { pythonFunctions, pythonOps } from './python-ops.ts';

/** model.py, if the network has a graph. Ops that PyTorch lacks go into the report. */
export function pythonModule(network: ExportedNetwork, file: string, report: ConversionReport): [string, Uint8Array][] {
  const graph = network.graphs.get('model');
  if (!graph) {
    report.decide('script', null, 'no model.py', 'this model is exported as weights alone');
    return [];
  }
  const lines = [
    `"""The model of ${file}, as a module of PyTorch. Written by unrolled.`,
    '',
    'Sequences are time first: tokens [T, B] and vectors [T, B, I]. `python3 model.py` checks the test vectors of certificate.json."""',
    '',
    'import json',
    'import os',
    'import torch',
    'from torch import nn',
    'from torch.nn import functional as F',
    '',
    ...helpers,
    ...Object.entries(pythonFunctions).flatMap(([op, lines]) =>
      graph.nodes.some((node) => node.op === op) ? ['', '', ...lines] : [],
    ),
    ...pythonSteps(graph),
    '',
    '',
    'class Model(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...madeParts(network, graph).map((line) => `        ${line}`),
    '',
    ...forward(graph, report),
    '',
    '',
    ...(file.endsWith('.safetensors') ? readSafetensors : readCheckpoint),
    '',
    '',
    ...check(network, file),
    '',
  ];
  return [['model.py', encoded(lines.join('\n'))]];
}

const helpers = [
  '',
  'def place(root, name, part):',
  '    """Puts a module or parameter into the tree under its name in the weights."""',
  "    *path, last = name.split('.')",
  '    for step in path:',
  '        if not hasattr(root, step):',
  '            root.add_module(step, nn.Module())',
  '        root = getattr(root, step)',
  '    (root.register_parameter if isinstance(part, nn.Parameter) else root.add_module)(last, part)',
  '',
  '',
  'def run(layer, x, lengths=None, states=None):',
  '    """x [T, B, I] -> the output, 0 past the lengths, and the states at each row\'s length."""',
  '    given = None if states is None else states[0] if len(states) == 1 else tuple(states)',
  '    if lengths is None:',
  '        y, state = layer(x, given)',
  '    else:',
  '        packed = nn.utils.rnn.pack_padded_sequence(x, lengths.cpu(), enforce_sorted=False)',
  '        y, state = layer(packed, given)',
  '        y = nn.utils.rnn.pad_packed_sequence(y, total_length=x.shape[0])[0]',
  '    return y, list(state) if isinstance(state, tuple) else [state]',
];

/** Layers and parameters, each once: those around others first. */
function madeParts(network: ExportedNetwork, graph: GraphSpec): string[] {
  const layers = new Map<string, string>();
  for (const node of graph.nodes)
    if (node.layer && !layers.has(node.layer)) layers.set(node.layer, madeLayer(network, graph, node));
  const owned = (name: string) => Array.from(layers.keys()).some((layer) => name === `${layer}.weight`);
  const parameters = Object.entries(graph.parameters ?? {})
    .filter(([name]) => !owned(name))
    .map(([name, shape]) => [name, `nn.Parameter(torch.empty(${shape.join(', ')}))`] as const);
  return [...layers, ...parameters]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, made]) => `place(self, '${name}', ${made})`);
}

function forward(graph: GraphSpec, report: ConversionReport): string[] {
  const inputs = graph.inputs.map(({ name, optional }) => `${name}${optional ? '=None' : ''}`);
  const values = new Map(graph.inputs.map(({ name }) => [name, name]));
  for (const name of Object.keys(graph.parameters ?? {})) values.set(name, reference(name));
  const outputs: string[] = [];
  const lines: string[] = [];
  for (const node of graph.nodes) {
    const of = (k: number) => values.get(node.inputs[k] as string) ?? 'None';
    const out = node.outputs.map((name) => name ?? '_').join(', ');
    if (node.op === 'Recurrent') lines.push(...recurrent(node, of));
    else if (node.op === 'Identity') outputs.push(`'${node.outputs[0]}': ${of(0)}`);
    else if (Object.hasOwn(pythonOps, node.op)) lines.push(`${out} = ${pythonOps[node.op](node, of, layerOf(node))}`);
    else report.problem({ where: `node ${node.name}`, expected: 'an op that PyTorch can express', got: node.op });
    for (const name of node.outputs) if (name !== null && !values.has(name)) values.set(name, name);
  }
  return [
    `    def forward(self, ${inputs.join(', ')}):`,
    ...initialStates(graph),
    ...lines.map((line) => `        ${line}`),
    `        return {${outputs.join(', ')}}`,
  ];
}

/** Zeros for the states that are not given. */
function initialStates({ inputs }: GraphSpec): string[] {
  const rows = inputs.find(({ optional, shape }) => !optional && shape?.includes('batch'));
  const batch = `${rows?.name}.shape[${rows?.shape?.indexOf('batch')}]`;
  return inputs
    .filter(({ optional }) => optional)
    .flatMap(({ name, shape }) => [
      `        if ${name} is None:`,
      `            ${name} = torch.zeros(${(shape ?? []).map((d) => (d === 'batch' ? batch : d)).join(', ')})`,
    ]);
}

const layerOf = ({ layer }: GraphNode) => (layer ? reference(layer) : '');

/** A part of the tree in Python: names of numbers are no attributes. */
function reference(name: string): string {
  const numbered = /(?:^|\.)\d/.test(name);
  return numbered ? `self.get_submodule('${name}')` : `self.${name}`;
}

function recurrent(node: GraphNode, of: (k: number) => string): string[] {
  const [output, ...states] = node.outputs as string[];
  const given = states.map((_, k) => of(k + 2));
  const before = given[0] === 'None' ? 'None' : `[${given.join(', ')}]`;
  const only = needsSteps(node) && node.attributes?.apart === true ? `, only=${Number(node.attributes.first)}` : '';
  const call = needsSteps(node)
    ? `${layerOf(node)}(${of(0)}, ${of(1)}, ${before}${only})`
    : `run(${layerOf(node)}, ${of(0)}, ${of(1)}, ${before})`;
  return [`${output}, [${states.join(', ')}] = ${call}`];
}

const readCheckpoint = ['def read(path):', '    return torch.load(path, weights_only=True)'];

const readSafetensors = [
  'def read(path):',
  '    """safetensors: the length of a JSON header, the header, and the values."""',
  "    with open(path, 'rb') as file:",
  "        header = json.loads(file.read(int.from_bytes(file.read(8), 'little')))",
  '        data = bytearray(file.read())',
  "    kinds = {'F32': torch.float32, 'F64': torch.float64, 'I32': torch.int32}",
  '    tensors = {}',
  '    for name, entry in header.items():',
  "        if name != '__metadata__':",
  "            begin, end = entry['data_offsets']",
  "            values = torch.frombuffer(data[begin:end], dtype=kinds[entry['dtype']])",
  "            tensors[name] = values.reshape(entry['shape'])",
  '    return tensors',
];

function check({ aliases }: ExportedNetwork, file: string): string[] {
  const drop = Array.from(
    aliases.keys(),
    (alias) => `    weights.pop('${alias}', None)  # another name of ${aliases.get(alias)}`,
  );
  return [
    `def load(path=os.path.join(os.path.dirname(os.path.abspath(__file__)), '${file}')):`,
    '    """The model with its weights, in eval mode."""',
    '    weights = read(path)',
    ...drop,
    '    model = Model()',
    '    model.load_state_dict(weights)',
    '    return model.eval()',
    '',
    '',
    'def tensor(array):',
    "    kind = torch.float32 if array['element'] == 'float' else torch.int64",
    "    return torch.tensor(array['values'], dtype=kind).reshape(array['shape'])",
    '',
    '',
    "if __name__ == '__main__':",
    '    model, largest = load(), 0.0',
    "    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'certificate.json')) as file:",
    '        certificate = json.load(file)',
    "    for vector in certificate['vectors']:",
    '        with torch.no_grad():',
    "            outputs = model(**{name: tensor(a) for name, a in vector['inputs'].items()})",
    "        for name, array in vector['outputs'].items():",
    '            expected = tensor(array)',
    '            assert outputs[name].shape == expected.shape, (name, outputs[name].shape, expected.shape)',
    '            error = (outputs[name] - expected).abs().max() / max(1.0, expected.abs().max())',
    '            largest = max(largest, float(error))',
    "    assert largest <= certificate['error']['tolerance'], f'relative error {largest:.1e}'",
    `    print(f"{len(certificate['vectors'])} test vectors, largest relative error {largest:.1e}")`,
  ];
}
