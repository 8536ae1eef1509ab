// Writes a checkpoint that `torch.load(…, weights_only=True)` reads: PyTorch's zip with a pickle of a dict of tensors, and a storage for each. The pickle names
// three things that are allowed there: torch._utils._rebuild_tensor_v2, the storages' classes and collections.OrderedDict.

import { encoded } from '../../bytes/text.ts';
import type { SavedTensor } from 'unrolled';
import { zipBytes } from '../../bytes/zip-writer.ts';
import type { ExportedNetwork } from '../../export/network.ts';
import type { ConversionReport } from '../../model/report.ts';
import { pythonModule } from './python-module.ts';

export async function write(network: ExportedNetwork, report: ConversionReport): Promise<Map<string, Uint8Array>> {
  const { name, weights, aliases } = network;
  const keys = new Map(Array.from(weights.keys(), (weight, k) => [weight, String(k)]));
  const named = [
    ...weights.keys(),
    ...aliases.keys(), // they share a storage, as in PyTorch
  ].map((own): [string, string, SavedTensor] => {
    const target = aliases.get(own) ?? own;
    return [own, keys.get(target) as string, weights.get(target) as SavedTensor];
  });
  for (const [alias, own] of aliases) report.decide('tied-weights', alias, `as ${own}`, 'both names share one storage');
  const entries = new Map<string, Uint8Array>([[`${name}/data.pkl`, pickleOf(named)]]);
  entries.set(`${name}/version`, encoded('3\n'));
  for (const [own, key] of keys) {
    const { data } = weights.get(own) as SavedTensor;
    entries.set(`${name}/data/${key}`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  const file = `${name}.pt`;
  return new Map([[file, zipBytes(name, entries)], ...pythonModule(network, file, report)]);
}

const storages = { float32: 'FloatStorage', float64: 'DoubleStorage', int32: 'IntStorage' } as const;

/** Protocol 2. Instructions: `}` an empty dict, `(` a mark, `u` puts pairs into the dict, `c` a global, `t` a tuple, `Q` a persistent id, `R` a call, `.` the end. */
function pickleOf(tensors: readonly (readonly [name: string, key: string, tensor: SavedTensor])[]): Uint8Array {
  const code: number[] = [0x80, 2];
  const ascii = (...texts: readonly string[]) => {
    for (const text of texts) code.push(...encoded(text));
  };
  const u32 = (n: number) => code.push(n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24);
  const text = (value: string) => {
    ascii('X');
    u32(encoded(value).length);
    ascii(value);
  };
  const int = (value: number) => {
    ascii('J');
    u32(value);
  };
  const global = (module: string, name: string) => ascii('c', module, '\n', name, '\n');
  const tuple = (values: readonly number[]) => {
    ascii('(');
    for (const value of values) int(value);
    ascii('t');
  };
  ascii('}', '(');
  for (const [name, key, { dtype = 'float32', shape, data }] of tensors) {
    text(name);
    global('torch._utils', '_rebuild_tensor_v2');
    ascii('(', '(');
    text('storage');
    global('torch', storages[dtype]);
    text(key);
    text('cpu');
    int(data.length);
    ascii('t', 'Q');
    int(0);
    tuple(shape);
    tuple(rowMajor(shape));
    code.push(0x89); // no gradient
    global('collections', 'OrderedDict'); // no hooks
    ascii(')', 'R', 't', 'R');
  }
  ascii('u', '.');
  return Uint8Array.from(code);
}

function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((n, d) => n * d, 1));
}
