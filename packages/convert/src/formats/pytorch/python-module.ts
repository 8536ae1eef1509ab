// The module of PyTorch that belongs to exported weights: model.py, a page that builds the network of torch.nn, loads the weights, and checks the test
// vectors of certificate.json when it is run. It is written from the same graphs as every other format: one is `forward`, several are a method each.

import { encoded } from '../../bytes/text.ts';
import type { GraphNode, GraphSpec } from 'unrolled/graph';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';
import { madeLayer, needsSteps, pythonSteps } from './python-layers.ts';
import { pythonFunctions } from './python-functions.ts';
import { pythonOps } from './python-ops.ts';

/** model.py, if the network has a graph. Ops that PyTorch lacks go into the report. */
export function pythonModule(network: ExportedNetwork, file: string, report: ConversionReport): [string, Uint8Array][] {
  if (network.graphs.size === 0) {
    report.decide('script', null, 'no model.py', 'this model is exported as weights alone');
    return [];
  }
  const nodes = [...network.graphs.values()].flatMap((graph) => graph.nodes);
  const lines = [
    `"""The model of ${file}, as a module of PyTorch. Written by unrolled.`,
    '',
    'Sequences are time first: tokens [T, B] and vectors [T, B, I]. `python3 model.py` checks the test vectors of certificate.json.',
    ...about(network),
    '"""',
    '',
    'import json',
    'import os',
    'import torch',
    'from torch import nn',
    'from torch.nn import functional as F',
    '',
    ...helpers,
    ...Object.entries(pythonFunctions).flatMap(([op, lines]) =>
      nodes.some((node) => node.op === op) ? ['', '', ...lines] : [],
    ),
    ...pythonSteps(nodes),
    '',
    '',
    'class Model(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...madeParts(network, nodes).map((line) => `        ${line}`),
    ...Array.from(network.graphs).flatMap(([part, graph]) => ['', ...forward(part, graph, report)]),
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

/** How the methods of several graphs go together. */
function about({ graphs }: ExportedNetwork): string[] {
  if (graphs.has('model')) return [];
  const methods = [...graphs.keys()].map(methodOf);
  return [
    '',
    `${methods.join(' and ')} return tensors by name. What the first returns, the second reads under the same names;`,
    'a state that a step returns as `hn` is `h0` of the next.',
  ];
}

const methodOf = (part: string) => (part === 'model' ? 'forward' : `forward_${part}`);

const helpers = [
  '',
  'def place(root, name, part):',
  '    """Puts a module, parameter or buffer into the tree under its name in the weights."""',
  "    *path, last = name.split('.')",
  '    for step in path:',
  '        if not hasattr(root, step):',
  '            root.add_module(step, nn.Module())',
  '        root = getattr(root, step)',
  '    if isinstance(part, nn.Module):',
  '        root.add_module(last, part)',
  '    elif isinstance(part, nn.Parameter):',
  '        root.register_parameter(last, part)',
  '    else:',
  '        root.register_buffer(last, part)',
  '',
  '',
  'def run(layer, x, lengths=None, states=None):',
  '    """x [T, B, I] -> the output, 0 past the lengths, and the states at each row\'s length."""',
  '    given = None if states is None else states[0] if len(states) == 1 else tuple(states)',
  '    if lengths is None:',
  '        y, state = layer(x, given)',
  '        return y, list(state) if isinstance(state, tuple) else [state]',
  '    # PyTorch packs no row of length 0: it is run over one step, and what that gives is left out',
  '    packed = nn.utils.rnn.pack_padded_sequence(x, lengths.clamp(min=1).cpu(), enforce_sorted=False)',
  '    y, state = layer(packed, given)',
  '    y = nn.utils.rnn.pad_packed_sequence(y, total_length=x.shape[0])[0]',
  '    after = list(state) if isinstance(state, tuple) else [state]',
  '    some = (lengths > 0)[None, :, None]',
  '    before = [torch.zeros_like(s) for s in after] if states is None else states',
  '    return y * some, [torch.where(some, s, b) for s, b in zip(after, before)]',
];

/** Layers and parameters, each once, those around others first; and what no graph reads, so that the weights are those of the file. */
function madeParts(network: ExportedNetwork, nodes: readonly GraphNode[]): string[] {
  const made = new Map<string, string>();
  for (const node of nodes)
    if (node.layer && !made.has(node.layer)) made.set(node.layer, madeLayer(network, nodes, node));
  const layers = [...made.keys()];
  const owned = (name: string) => layers.some((layer) => isOf(layer, name));
  const parameters = new Set([...network.graphs.values()].flatMap((graph) => Object.keys(graph.parameters ?? {})));
  for (const [name, { shape, dtype }] of network.weights) {
    if (owned(name)) continue;
    const empty = `torch.empty(${`[${shape.join(', ')}]`}${dtype === 'int32' ? ', dtype=torch.int32' : ''})`;
    made.set(name, parameters.has(name) ? `nn.Parameter(${empty})` : empty);
  }
  return Array.from(made)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, part]) => `place(self, '${name}', ${part})`);
}

/** Whether a weight is of a layer itself, and not of one within it. */
function isOf(layer: string, weight: string): boolean {
  return weight.startsWith(`${layer}.`) && !weight.slice(layer.length + 1).includes('.');
}

function forward(part: string, graph: GraphSpec, report: ConversionReport): string[] {
  const inputs = graph.inputs
    .toSorted((a, b) => Number(a.optional ?? false) - Number(b.optional ?? false))
    .map(({ name, optional }) => `${name}${optional ? '=None' : ''}`);
  const values = new Map(graph.inputs.map(({ name }) => [name, name]));
  for (const name of Object.keys(graph.parameters ?? {})) values.set(name, reference(name, 'get_parameter'));
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
    `    def ${methodOf(part)}(self, ${inputs.join(', ')}):`,
    ...initialStates(graph),
    ...lines.map((line) => `        ${line}`),
    `        return {${outputs.join(', ')}}`,
  ];
}

/** Zeros for the states that are not given. */
function initialStates({ inputs }: GraphSpec): string[] {
  const rows = inputs.find(({ optional, shape }) => !optional && shape?.includes('batch'));
  const batch = `${rows?.name}.shape[${rows?.shape?.indexOf('batch')}]`;
  const sizes = (shape: readonly (number | string)[]) => shape.map((d) => (d === 'batch' ? batch : d)).join(', ');
  return inputs
    .filter(({ optional }) => optional)
    .flatMap(({ name, shape }) => [
      `        if ${name} is None:`,
      `            ${name} = torch.zeros(${sizes(shape ?? [])}, device=${rows?.name}.device)`,
    ]);
}

const layerOf = ({ layer }: GraphNode) => (layer ? reference(layer) : '');

/** A part of the tree in Python: names of numbers are no attributes. */
function reference(name: string, get = 'get_submodule'): string {
  const numbered = /(?:^|\.)\d/.test(name);
  return numbered ? `self.${get}('${name}')` : `self.${name}`;
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
    "        part = vector.get('part')",
    "        method = model.forward if part is None else getattr(model, f'forward_{part}')",
    '        with torch.no_grad():',
    "            outputs = method(**{name: tensor(a) for name, a in vector['inputs'].items()})",
    "        for name, array in vector['outputs'].items():",
    '            expected = tensor(array)',
    '            assert outputs[name].shape == expected.shape, (name, outputs[name].shape, expected.shape)',
    '            error = (outputs[name] - expected).abs().max() / max(1.0, expected.abs().max())',
    '            largest = max(largest, float(error))',
    "    assert largest <= certificate['error']['tolerance'], f'relative error {largest:.1e}'",
    "    n = len(certificate['vectors'])",
    `    print(f"{n} test vector{'s' if n > 1 else ''}, largest relative error {largest:.1e}")`,
  ];
}
