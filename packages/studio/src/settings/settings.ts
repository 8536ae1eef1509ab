// What defines a run besides its data. One table: the form, the link and the worker read the same fields with the same limits.

import type { CellName } from 'unrolled';
import { parseDecimal } from 'unrolled/data';

export const cells: readonly CellName[] = [
  'lstm',
  'gru',
  'rnn',
  'rnn-relu',
  'irnn',
  'lstm-peephole',
  'gru-reset-before',
  'slstm',
  'mingru',
  'minlstm',
  'lru',
];
export const optimizers = ['adam', 'adamw', 'rmsprop', 'sgd', 'adagrad'] as const;
export type OptimizerName = (typeof optimizers)[number];

export interface Settings {
  readonly cell: CellName;
  readonly hiddenSize: number;
  readonly numLayers: number;
  /** 0 for one-hot input. */
  readonly embeddingDim: number;
  readonly dropout: number;
  readonly optimizer: OptimizerName;
  readonly lr: number;
  /** Largest global gradient norm; 0 for no clipping. */
  readonly clipNorm: number;
  readonly windowLength: number;
  readonly batch: number;
  readonly steps: number;
  readonly evaluateEvery: number;
  /** Validations without a new best after which it stops; 0 for never. */
  readonly patience: number;
  readonly validation: number;
  readonly seed: number;
  /** Of data that the studio makes: how much noise is on them. What it is on depends on the example. */
  readonly noise: number;
  /** Of data that the studio makes: characters, examples or time steps. 0 where it makes none, or makes them as they are needed. */
  readonly dataSize: number;
  /** The seed that data are made from, apart from that of the weights. */
  readonly dataSeed: number;
}

export type Field =
  | { readonly kind: 'choice'; readonly path: string; readonly of: readonly string[] }
  | {
      readonly kind: 'integer' | 'number';
      readonly path: string;
      readonly min: number;
      readonly max: number;
      /** The step of a slider; none for a number that is typed. */
      readonly slider?: number;
    };

export type Fields = { readonly [K in keyof Settings]: Field };

/** The fields by name: their paths in links, and their limits. An example narrows those of its data: `fieldsOf`. */
export const fields: Fields = {
  cell: { kind: 'choice', path: 'model.cell', of: cells },
  hiddenSize: { kind: 'integer', path: 'model.hiddenSize', min: 1, max: 2048 },
  numLayers: { kind: 'integer', path: 'model.numLayers', min: 1, max: 8 },
  embeddingDim: { kind: 'integer', path: 'model.embeddingDim', min: 0, max: 1024 },
  dropout: { kind: 'number', path: 'model.dropout', min: 0, max: 0.9 },
  optimizer: { kind: 'choice', path: 'training.optimizer', of: optimizers },
  lr: { kind: 'number', path: 'training.lr', min: 1e-6, max: 10 },
  clipNorm: { kind: 'number', path: 'training.clipNorm', min: 0, max: 1000 },
  windowLength: { kind: 'integer', path: 'training.windowLength', min: 1, max: 1024 },
  batch: { kind: 'integer', path: 'training.batch', min: 1, max: 512 },
  steps: { kind: 'integer', path: 'training.steps', min: 1, max: 1_000_000 },
  evaluateEvery: { kind: 'integer', path: 'training.evaluateEvery', min: 1, max: 100_000 },
  patience: { kind: 'integer', path: 'training.patience', min: 0, max: 1000 },
  validation: { kind: 'number', path: 'data.validation', min: 0, max: 0.5, slider: 0.01 },
  seed: { kind: 'integer', path: 'training.seed', min: 0, max: 2 ** 31 - 1 },
  noise: { kind: 'number', path: 'data.noise', min: 0, max: 1, slider: 0.01 },
  dataSize: { kind: 'integer', path: 'data.size', min: 0, max: 500_000 },
  dataSeed: { kind: 'integer', path: 'data.seed', min: 0, max: 2 ** 31 - 1 },
};

export const fieldNames = Object.keys(fields) as (keyof Settings)[];

export const defaults: Settings = {
  cell: 'lstm',
  hiddenSize: 128,
  numLayers: 2,
  embeddingDim: 64,
  dropout: 0,
  optimizer: 'adam',
  lr: 0.003,
  clipNorm: 5,
  windowLength: 64,
  batch: 16,
  steps: 2000,
  evaluateEvery: 50,
  patience: 0,
  validation: 0.1,
  seed: 1,
  noise: 0,
  dataSize: 0,
  dataSeed: 1,
};

/** A value as text, read and brought into the limits of `of`. `clamped` says that it was something else; undefined for no value at all. */
export function readField(
  name: keyof Settings,
  text: string,
  of: Fields = fields,
): { readonly value: string | number; readonly clamped: boolean } | undefined {
  const field = of[name];
  if (field.kind === 'choice') return field.of.includes(text) ? { value: text, clamped: false } : undefined;
  const number = parseDecimal(text);
  if (!Number.isFinite(number)) return undefined;
  const whole = field.kind === 'integer' ? Math.round(number) : number;
  const value = Math.min(field.max, Math.max(field.min, whole));
  return { value, clamped: value !== number };
}

/** Settings from texts by path, over `base`, within the limits of `of`. Returns what had to be changed. */
export function readSettings(
  texts: ReadonlyMap<string, string>,
  base: Settings,
  of: Fields = fields,
): { settings: Settings; clamped: { name: keyof Settings; value: string }[] } {
  const settings: Record<string, string | number> = { ...base };
  const clamped: { name: keyof Settings; value: string }[] = [];
  for (const name of fieldNames) {
    const text = texts.get(fields[name].path);
    if (text === undefined) continue;
    const read = readField(name, text, of);
    if (read) settings[name] = read.value;
    if (!read || read.clamped) clamped.push({ name, value: String(settings[name]) });
  }
  return { settings: settings as unknown as Settings, clamped };
}

/** The settings that differ from `base`, as texts by path: what a link has. */
export function differences(settings: Settings, base: Settings): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of fieldNames)
    if (settings[name] !== base[name]) found.set(fields[name].path, String(settings[name]));
  return found;
}
