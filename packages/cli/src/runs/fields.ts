// What may stand in a run's config.json, field by field. A run comes from anywhere, and what is read from it decides how much memory is
// taken and what a measurement means: so every field has a type and a range, a part that is missing is an error that says which, and one
// that is not known here is told. The model's own sizes are checked where the model is made.

import { dirname } from 'node:path';
import { RunError, suggest } from 'unrolled';
import { configVersion, modelPart, type RunConfigFile, upgradeConfig } from 'unrolled/pipelines';
import { RunFolderError } from '../run-folder.ts';
import { optionsOfModel, type RunConfig } from './config.ts';

/** What is wrong with a value, as `a whole number from 1`; null when it may stand there. */
type Check = (value: unknown) => string | null;
type Fields = Readonly<Record<string, Check>>;

const whole =
  (least: number, most = 2 ** 53): Check =>
  (v) =>
    Number.isInteger(v) && (v as number) >= least && (v as number) <= most
      ? null
      : most < 2 ** 53
        ? `a whole number from ${least} to ${most}`
        : `a whole number from ${least}`;
const number =
  (least: number, most = Infinity): Check =>
  (v) =>
    Number.isFinite(v) && (v as number) >= least && (v as number) <= most
      ? null
      : most < Infinity
        ? `a number from ${least} to ${most}`
        : `a number from ${least}`;
const text: Check = (v) => (typeof v === 'string' ? null : 'a text');
const flag: Check = (v) => (typeof v === 'boolean' ? null : 'true or false');
const hash: Check = (v) => (typeof v === 'string' && /^[0-9a-f]{64}$/.test(v) ? null : 'a SHA-256');
const oneOf =
  (...names: readonly string[]): Check =>
  (v) =>
    names.includes(v as string) ? null : `one of ${names.join(', ')}`;
const orNull =
  (check: Check): Check =>
  (v) =>
    v === null ? null : check(v) && `${check(v)}, or null`;
const listOf =
  (check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.every((one) => check(one) === null) ? null : `a list of which each is ${check(undefined)}`;
const either =
  (...checks: readonly Check[]): Check =>
  (v) =>
    checks.some((check) => check(v) === null) ? null : checks.map((check) => check(undefined)).join(', or ');
const object: Check = (v) => (typeof v === 'object' && v !== null && !Array.isArray(v) ? null : 'an object');

/** Of a field that runs of earlier versions do not have. */
const optional = (check: Check): Check => Object.assign((v: unknown) => check(v), { optional: true });
const isOptional = (check: Check): boolean => 'optional' in check;

const fraction = number(0, 1);
const size = whole(1, 2 ** 31 - 1);

/** Fields of `training` that every run has. */
const training: Fields = {
  steps: whole(1),
  optimizer: oneOf('sgd', 'adagrad', 'rmsprop', 'adam', 'adamw'),
  lr: number(0),
  momentum: fraction,
  weightDecay: number(0),
  schedule: oneOf('constant', 'step', 'exponential', 'cosine', 'plateau'),
  warmup: whole(0),
  decayEvery: whole(1),
  decay: fraction,
  clip: number(0),
  clipValue: number(0),
  evalEvery: whole(0),
  sampleEvery: orNull(whole(0)),
  validationPart: optional(fraction),
  patience: whole(0),
  ema: optional(fraction),
  seed: whole(0),
  shards: optional(whole(1, 4096)),
  from: optional(whole(0)),
};

const embedded = { embeddingScale: optional(number(0)) };
const cut = { maxLength: size, labelSmoothing: fraction, ...embedded };
const labeled = { batch: size, ...cut, balanced: flag };
const smoothing: Fields = { labelSmoothing: optional(fraction) };
/** Augmentation of images. */
const changes: Fields = {
  flip: optional(flag),
  flipVertical: optional(flag),
  rotate90: optional(flag),
  shift: optional(size),
  crop: optional(fraction),
  color: optional(fraction),
  brightness: optional(fraction),
  mirror: optional(text),
  mirrorVertical: optional(text),
};
const table: Fields = {
  paths: listOf(text),
  demo: orNull(text),
  where: orNull(text),
  validation: orNull(text),
  valFrac: fraction,
};
const rows: Fields = { ...table, group: orNull(text), header: flag, badRows: text, seed: whole(0) };
const column = orNull(text);

const decimal = orNull(oneOf('point', 'comma'));
const numbers: Fields = {
  ...rows,
  label: column,
  features: either(column, listOf(text)),
  series: column,
  time: column,
  decimal,
  missing: text,
};

/** Fields of `data` that every run has. */
const runData: Fields = { source: text, sha256: hash, imported: optional(flag) };

interface TaskFields {
  readonly training: Fields;
  readonly data: Fields;
  /** Of `data.read`. */
  readonly read?: Fields;
}

/** What each task's runs have besides. */
const tasks: Readonly<Record<string, TaskFields>> = {
  text: {
    training: { batch: size, seqLength: size, reduction: oneOf('mean', 'sum'), valFrac: fraction },
    data: { characters: whole(0), paths: optional(listOf(text)) },
  },
  classify: {
    training: { ...labeled, vectors: optional(hash) },
    data: { rows: whole(0), longest: whole(0), example: text },
    read: { ...rows, text: column, label: column, multiLabel: optional(flag) },
  },
  tag: {
    training: { ...labeled, best: optional(text), vectors: optional(hash) },
    data: { rows: whole(0), longest: whole(0), characters: flag, example: text },
    read: { ...rows, tokens: column, tags: column },
  },
  'classify-series': { training: labeled, data: { rows: whole(0), longest: whole(0) }, read: numbers },
  'tag-series': { training: labeled, data: { rows: whole(0), longest: whole(0) }, read: numbers },
  translate: {
    training: {
      batch: size,
      batchTokens: orNull(size),
      ...cut,
      teacherForcing: fraction,
      forcingSchedule: text,
      translate: whole(0),
      best: optional(text),
    },
    data: { rows: whole(0), longest: object, example: text },
    read: { ...rows, source: column, target: column },
  },
  forecast: {
    training: { batch: size, period: orNull(size), spread: optional(number(0)) },
    data: { rows: whole(0) },
    read: {
      ...table,
      columns: either(column, listOf(text)),
      known: either(column, listOf(text)),
      time: column,
      missing: text,
      header: flag,
      series: optional(column),
      decimal: optional(decimal),
      calendar: optional(text),
    },
  },
  caption: {
    training: {
      batch: size,
      maxLength: size,
      captionsPerImage: orNull(size),
      ...smoothing,
      ...changes,
      flip: flag,
      crop: fraction,
      color: number(0),
      frozen: flag,
      fineTuneAfter: whole(0),
      cnnRate: number(0),
      ...embedded,
    },
    data: { images: whole(0) },
    read: {
      ...table,
      badRows: text,
      seed: whole(0),
      images: column,
      image: column,
      caption: column,
      features: column,
      validationFeatures: optional(column),
      size: whole(1, 4096),
      fit: text,
      background: optional(text),
    },
  },
  vqa: {
    training: { batch: size, maxLength: size, ...embedded, ...smoothing, ...changes, cnnRate: optional(number(0)) },
    data: { rows: whole(0), example: object },
    read: {
      ...table,
      header: flag,
      badRows: text,
      seed: whole(0),
      images: column,
      size: whole(1, 4096),
      fit: optional(text),
      background: optional(text),
      columns: object,
    },
  },
  video: {
    training: { batch: size, ...smoothing, ...changes, cnnRate: optional(number(0)) },
    data: { clips: whole(0), example: column },
    read: {
      ...table,
      header: flag,
      badRows: text,
      seed: whole(0),
      perFrame: flag,
      frames: orNull(size),
      rate: orNull(number(0)),
      size: whole(1, 4096),
      fit: optional(text),
      background: optional(text),
      clips: column,
      columns: object,
      groupPattern: column,
      split: text,
      features: optional(column),
      validationFeatures: optional(column),
    },
  },
  memory: { training: { batch: size }, data: { made: object } },
};

/** The fields that a task's runs may have, as `data.read.time`, and which of them runs of earlier versions do not. */
export function fieldsOf(task: string): readonly { readonly path: string; readonly optional: boolean }[] {
  const { training: own, data, read = {} } = tasks[task];
  const parts = { training: { ...training, ...own }, data: { ...runData, ...data }, 'data.read': read };
  return Object.entries(parts).flatMap(([part, fields]) =>
    Object.entries(fields).map(([name, check]) => ({ path: `${part}.${name}`, optional: isOptional(check) })),
  );
}

export interface CheckedConfig {
  readonly config: RunConfig;
  /** Fields that nothing here knows, as `training.momentun`; a newer unrolled may have written them. */
  readonly unknown: readonly string[];
}

/** The configuration, when every known field is what it has to be. Throws RunFolderError 'run-corrupt' that names the field. */
export function checkConfig(saved: Readonly<Record<string, unknown>>, file: string): CheckedConfig {
  const value = upgradeConfig(saved);
  const unknown: string[] = [];
  const fail = (path: string, problem: string): never => {
    throw new RunFolderError('run-corrupt', file, `${path}: ${problem}`);
  };
  /** Every one of `fields`, which have to be there; others are told. */
  const check = (path: string, part: unknown, fields: Fields): void => {
    if (object(part) !== null) fail(path, `expected an object, got ${shown(part)}`);
    const found = part as Readonly<Record<string, unknown>>;
    for (const [name, test] of Object.entries(fields)) {
      if (!Object.hasOwn(found, name) && isOptional(test)) continue;
      if (!Object.hasOwn(found, name)) fail(`${path}.${name}`, 'is missing');
      const expected = test(found[name]);
      if (expected !== null) fail(`${path}.${name}`, `expected ${expected}, got ${shown(found[name])}`);
    }
    for (const name of Object.keys(found)) if (!Object.hasOwn(fields, name)) unknown.push(`${path}.${name}`);
  };
  if (value.format !== 'unrolled run') fail('format', `expected "unrolled run", got ${shown(value.format)}`);
  if (value.version !== configVersion) fail('version', `expected ${configVersion}, got ${shown(value.version)}`);
  if (value.task === 'tensors')
    fail(
      'task',
      'is an imported network that reads and gives tensors; unrolled predict runs it, and openRun of the library',
    );
  const task = typeof value.task === 'string' && Object.hasOwn(tasks, value.task) ? tasks[value.task] : null;
  if (!task)
    return fail(
      'task',
      `there is no task ${shown(value.task)}; ${suggest(typeof value.task === 'string' ? value.task : '', Object.keys(tasks))}`,
    );
  if (object(value.model) !== null) fail('model', `expected an object, got ${shown(value.model)}`);
  check('training', value.training, { ...training, ...task.training });
  check('data', value.data, { ...runData, ...task.data, ...(task.read ? { read: object } : {}) });
  if (task.read) check('data.read', (value.data as Readonly<Record<string, unknown>>).read, task.read);
  const known = ['format', 'version', 'task', 'model', 'training', 'data'];
  unknown.push(...Object.keys(value).filter((name) => !known.includes(name)));
  // Every field was checked above against what a RunConfig has; TypeScript cannot follow tables of checks.
  const config = value as typeof value & RunConfig & RunConfigFile;
  return { config: { ...config, model: modelOf(config, file) }, unknown };
}

/** The model's options; its type and input, where they stand next to them, are checked. */
function modelOf(config: RunConfigFile, file: string): Readonly<Record<string, unknown>> {
  const { input } = config.model;
  try {
    if (input !== undefined) modelPart(config, dirname(file));
  } catch (cause) {
    if (cause instanceof RunError) throw new RunFolderError('run-corrupt', file, cause.message, { cause });
    throw cause;
  }
  return optionsOfModel(config.model);
}

const questionOnly: Fields = {
  byQuestion: (v) => object(v) ?? listOf(text)(Object.values(v as object)),
  otherwise: text,
};

/** Other files of a run that are plain lists and objects. Vocabularies are checked by what reads them. */
const parts: Readonly<Record<string, Check | Fields>> = {
  labels: listOf(text),
  tags: listOf(text),
  answers: listOf(text),
  columns: { names: listOf(text), known: listOf(text) },
  'question-only': questionOnly,
  blind: questionOnly, // its name in runs of earlier versions
};

/** The content of `<name>.json`, when it is what a file of that name holds. Throws RunFolderError 'run-corrupt'. */
export function checkPart(name: string, value: unknown, file: string): unknown {
  const expected = Object.hasOwn(parts, name) ? parts[name] : null;
  if (expected === null) return value;
  const problem =
    typeof expected === 'function'
      ? expected(value)
      : (object(value) ??
        Object.entries(expected)
          .map(
            ([field, check]) =>
              check((value as Readonly<Record<string, unknown>>)[field]) && `${check(undefined)} as ${field}`,
          )
          .find((one) => one !== null) ??
        null);
  if (problem !== null) throw new RunFolderError('run-corrupt', file, `expected ${problem}, got ${shown(value)}`);
  return value;
}

/** Fields that nothing here knows, for a person; null where there are none. */
export function unknownNotice(unknown: readonly string[]): string | null {
  if (unknown.length === 0) return null;
  const list = unknown.slice(0, 5).join(', ') + (unknown.length > 5 ? ', …' : '');
  return `config.json has fields that are not known here and were not used: ${list}; a newer unrolled may have written them`;
}

function shown(value: unknown): string {
  const json = value === undefined ? 'nothing' : JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}
