// A network that is none of the library's own models, and reads symbols all the same: the graph itself generates or classifies text. What it reads at once,
// and what stands before a shorter text, the format may not say.

import type { GraphNode, GraphPort, GraphSpec } from 'unrolled/graph';
import type { GraphReading } from 'unrolled/pipelines';
import { ConvertError, quoted } from '../errors.ts';
import type { TestVector, VectorArray } from '../model/vectors.ts';
import type { ConversionReport } from '../model/report.ts';
import { Mismatch } from './path.ts';

/** The tasks that a graph can do as it is. */
export type GraphTask = 'text-generation' | 'text-classification';

/** What the format does not say. */
export interface WindowSettings {
  /** Symbols that the network reads at once, where its input has any length. */
  readonly window?: number | null;
  /** The id that stands before a text of fewer symbols. */
  readonly padding?: number | null;
  /** Symbols that are read at most where nothing says how many, without padding: for who cannot be asked. Default: they are asked for. */
  readonly usualWindow?: number | null;
}

/** How a graph reads a text, without what stands before a short one, and the number of its classes. */
export interface TextGraph {
  readonly reading: Omit<GraphReading, 'padding'>;
  readonly classes: number;
}

/** How a graph reads a text and answers, by its inputs and by one test vector of it. Throws a Mismatch that says why it is no text model. */
export function textGraph(graph: GraphSpec, { outputs }: TestVector, task: GraphTask): TextGraph {
  const [port, ...others] = graph.inputs.filter(({ optional }) => !optional);
  if (!port || others.length > 0)
    throw new Mismatch(`it reads ${graph.inputs.length} inputs, and a text model reads symbols`);
  const { shape } = port;
  const form = port.element === 'int' ? 'ids' : 'one-hot';
  if (shape?.length !== (form === 'ids' ? 2 : 3))
    throw new Mismatch(`its input ${quoted(port.name)} is neither ids [batch, time] nor one-hot rows`);
  const timeFirst = isBatch(shape[1]) && !isBatch(shape[0]);
  const [rows, steps] = timeFirst ? [shape[1], shape[0]] : shape;
  if (typeof rows === 'number' && (rows !== 1 || task !== 'text-generation'))
    throw new Mismatch(`it reads ${rows} rows at a time, and not any number`);
  const symbols = form === 'ids' ? rowsOf(graph, port) : shape[2];
  if (typeof symbols !== 'number')
    throw new Mismatch(`how many symbols its input ${quoted(port.name)} has is not known: no embedding reads it`);
  if (symbols < 2) throw new Mismatch('it reads one number a step, which is no one-hot row of a symbol');
  const states = new Set((graph.states ?? []).map(({ output }) => output));
  const output = graph.outputs.find(({ name }) => !states.has(name));
  const scores = output ? outputs[output.name]?.shape : undefined;
  if (!output || !scores || scores.length < 2 || scores.length > 3)
    throw new Mismatch('it gives no scores of symbols or classes');
  const classes = scores.at(-1) as number;
  const gives = requireScores(task, { scores, classes, symbols, last: givesOf(graph, output.name, classes), named: quoted(output.name) }); // biome-ignore format: a call
  requireSums(gives, outputs[output.name], quoted(output.name));
  const length = typeof steps === 'number' ? steps : null;
  return { reading: { input: port.name, output: output.name, form, symbols, timeFirst, length, gives }, classes: gives === 'probability' ? 2 : classes }; // biome-ignore format: a line
}

interface Scores {
  readonly scores: readonly number[];
  readonly classes: number;
  readonly symbols: number;
  readonly last: Last;
  readonly named: string;
}

/** What the graph gives, if that is an answer of the task. */
function requireScores(task: GraphTask, { scores, classes, symbols, last, named }: Scores): GraphReading['gives'] {
  if (last === 'probabilities apart')
    throw new Mismatch(`its output ${named} is ${classes} sigmoids, and a text model gives a softmax or one sigmoid`);
  if (task === 'text-generation' && classes !== symbols)
    throw new Mismatch(`it reads ${symbols} symbols and gives ${classes}, and a language model as many as it reads`);
  if (task === 'text-generation') return last;
  if (scores.length === 3) throw new Mismatch('it gives an answer for each step, and a classifier one for a text');
  if (classes === 1 && last !== 'probability')
    throw new Mismatch(`its output ${named} is one number, and no probability`);
  return last;
}

/** Refuses a softmax that is not over the last axis. */
function requireSums(gives: GraphReading['gives'], { shape, values }: VectorArray, named: string): void {
  if (gives !== 'probabilities' && gives !== 'log-probabilities') return;
  const classes = shape.at(-1) as number;
  for (let row = 0; row < values.length; row += classes) {
    const p = values.slice(row, row + classes).map((v) => (gives === 'probabilities' ? v : Math.exp(v)));
    const sum = p.reduce((a, b) => a + b, 0);
    if (!(Math.abs(sum - 1) < 1e-3))
      throw new Mismatch(`its output ${named} is a softmax whose rows do not sum to 1: it is not over the symbols`);
  }
}

const isBatch = (d: number | string) => typeof d === 'string' && /^(?:batch|n|b)/i.test(d);

/** The rows of the embedding that reads the ids. */
function rowsOf({ nodes, parameters = {} }: GraphSpec, { name }: GraphPort): number | null {
  const same = new Set([name]);
  for (const node of nodes) {
    if (['Cast', 'Identity', 'Transpose'].includes(node.op) && same.has(node.inputs[0] ?? '')) {
      if (node.outputs[0] != null) same.add(node.outputs[0]);
    } else if (node.op === 'Embedding' && same.has(node.inputs[0] ?? '')) {
      const rows = node.attributes?.numEmbeddings;
      if (typeof rows === 'number') return rows;
    } else if (node.op === 'Gather' && same.has(node.inputs[1] ?? '')) {
      const table = Object.hasOwn(parameters, node.inputs[0] ?? '') ? parameters[node.inputs[0] as string] : null;
      if (table?.length === 2 && (node.attributes?.axis ?? 0) === 0) return table[0];
    }
  }
  return null;
}

type Last = GraphReading['gives'] | 'probabilities apart';

const moving: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Transpose',
  'Select',
  'Flatten',
  'Gather',
  'Slice',
]);

/** What the last function of a graph makes of its scores. */
function givesOf({ nodes }: GraphSpec, output: string, classes: number): Last {
  const producers = new Map<string | null, GraphNode>();
  for (const node of nodes) for (const name of node.outputs) producers.set(name, node);
  let node = producers.get(output);
  for (let k = 0; node && moving.has(node.op) && k < nodes.length; k++) node = producers.get(node.inputs[0]);
  const activation = node?.op === 'KerasActivation' ? node.attributes?.activation : node?.op;
  switch (typeof activation === 'string' ? activation : '') {
    case 'softmax':
    case 'Softmax':
      return 'probabilities';
    case 'log_softmax':
    case 'LogSoftmax':
      return 'log-probabilities';
    case 'sigmoid':
    case 'Sigmoid':
      return classes === 1 ? 'probability' : 'probabilities apart';
    default:
      return 'logits';
  }
}

/** The reading with its window and padding: what was given, what the graph says, and what the vocabulary leaves free. Throws a ConvertError that asks for them. */
export function withWindow(
  { reading }: TextGraph,
  { task, window = null, padding = null, usualWindow = null }: WindowSettings & { readonly task: GraphTask },
  graph: GraphSpec,
  free: number | null,
  report: ConversionReport,
): GraphReading {
  const { source } = report;
  const carried = (graph.states ?? []).length > 0;
  if (window !== null && (carried || (reading.length !== null && reading.length !== window)))
    throw new ConvertError(source, {
      where: 'window',
      expected: carried
        ? 'none: the network carries its state from symbol to symbol'
        : `${reading.length}, which its input has`,
      got: String(window),
    });
  const length = reading.length ?? window;
  const isAsked = length === null && task === 'text-generation' && !carried;
  if (isAsked && usualWindow !== null) {
    report.decide('window', null, `the last ${usualWindow} symbols are read at once`, 'the input has any length');
    return { ...reading, length: usualWindow, padding: null };
  }
  if (isAsked)
    throw new ConvertError(source, {
      expected: 'how many symbols the network reads at once',
      got: 'nothing, for which the format has no place',
      advice: 'name what it was trained on: --window 40',
    });
  if (padding !== null && !(Number.isSafeInteger(padding) && padding >= 0 && padding < reading.symbols))
    throw new ConvertError(source, {
      where: 'padding',
      expected: `an id below ${reading.symbols}`,
      got: String(padding),
    });
  if (length === null || carried) {
    if (task === 'text-classification')
      report.decide(
        'padding',
        null,
        'texts are read without padding',
        'any length is read; --window 80 pads them to 80 tokens',
      );
    return { ...reading, length: null, padding: null };
  }
  report.decide(
    'window',
    null,
    `${length} symbols are read at once`,
    reading.length === null ? 'given' : 'the shape of the input',
  );
  const found = reading.form === 'one-hot' ? 0 : (padding ?? free);
  if (found === null && reading.length !== null)
    throw new ConvertError(source, {
      expected: `an id that stands before a text of fewer than ${length} symbols`,
      got: 'none, and the vocabulary leaves 0 to no padding',
      advice: 'name it: --padding 0',
    });
  if (found !== null)
    report.decide(
      'padding',
      null,
      `${reading.form === 'one-hot' ? 'rows of zeros' : `id ${found}`} before a shorter text`,
      padding !== null
        ? 'given'
        : reading.form === 'one-hot'
          ? 'the input has a fixed length'
          : 'the vocabulary has it for padding',
    );
  return { ...reading, length, padding: found };
}
