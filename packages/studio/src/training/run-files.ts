// A run as a folder of files, which `openRun` and the command open: config.json as `unrolled train` writes it, the files of its task, and its weights.

import type { Settings } from '../settings/settings.ts';
import { changeAt, type RunSpec } from './spec.ts';
import type { RunParts } from './tasks/prepared.ts';

/** Files by their names: weights as bytes, the rest as what stands in them. */
export type RunFilesOf = Readonly<Record<string, Uint8Array | object>>;

export function filesOfRun(spec: RunSpec, parts: RunParts, weights: Uint8Array): RunFilesOf {
  const { config, input, contents } = parts;
  const contentFiles = Object.entries(contents).map(([name, content]) => [`${name}.json`, content as object] as const);
  return {
    'config.json': {
      format: 'unrolled run',
      version: 2,
      task: parts.task,
      model: input ? { ...config, input } : withoutType(config),
      training: { ...trainingOf(spec), ...settingsOf(parts, spec.settings) },
      data: dataOf(spec, parts),
    },
    ...Object.fromEntries(contentFiles),
    'model.safetensors': weights,
  };
}

/** What nothing can be asked has the options of its model alone. */
function withoutType(config: object): object {
  const { type: _, ...options } = config as { readonly type?: string };
  return options;
}

/** What every run has. */
function trainingOf(spec: RunSpec): object {
  const { steps, optimizer, evaluateEvery, patience, seed } = spec.settings;
  const { lr, clipNorm } = changeAt(spec, Infinity);
  return {
    steps,
    optimizer,
    lr,
    momentum: 0,
    weightDecay: optimizer === 'adamw' ? 0.01 : 0,
    schedule: 'constant',
    warmup: 0,
    decayEvery: 1000,
    decay: 0.5,
    clip: clipNorm,
    clipValue: 0,
    evalEvery: evaluateEvery,
    sampleEvery: null,
    patience,
    seed,
  };
}

const longest = 400; // tokens

/** What the runs of a task have besides. */
function settingsOf({ task, input }: RunParts, { batch, windowLength, validation }: Settings): object {
  const cut = { batch, maxLength: lengthIn(input), labelSmoothing: 0 };
  const images = {
    flip: false,
    crop: 0,
    color: 0,
    frozen: false,
    fineTuneAfter: 0,
    cnnRate: 1,
    captionsPerImage: null,
  };
  switch (task) {
    case 'text':
      return { batch, seqLength: windowLength, reduction: 'mean', valFrac: validation };
    case 'classify':
    case 'tag':
      return { ...cut, balanced: false };
    case 'translate':
      return { ...cut, batchTokens: null, teacherForcing: 1, forcingSchedule: 'constant', translate: 50 };
    case 'forecast':
      return { batch, period: null };
    case 'caption':
      return { batch, maxLength: longest, ...images };
    case 'vqa':
      return { batch, maxLength: lengthIn(input) };
    case 'video':
    case 'memory':
      return { batch };
    default:
      return task satisfies never;
  }
}

const lengthIn = (input: RunParts['input']): number => (input && 'maxTokens' in input ? input.maxTokens : longest);

/**
 * Where its data are: nowhere that another program could read them, as of a model that was imported. So `unrolled eval` asks for a file, such as
 * the part that validated.
 */
function dataOf({ name, settings, data: { preset, size } }: RunSpec, { task, input }: RunParts): object {
  const { validation: valFrac, seed, windowLength } = settings;
  const about = { source: name, sha256: '0'.repeat(64), imported: true };
  const table = { paths: [], demo: null, where: null, validation: null, valFrac };
  const listed = { ...table, header: true, badRows: 'few', seed };
  const rows = { ...listed, group: null };
  const { longestTrained = 0, split, image } = Object(input) as Readonly<Record<string, unknown>>;
  const pixels = { size: (Object(image) as { readonly height?: number }).height ?? 1, background: 'white' };
  const read = { rows: size, longest: longestTrained, example: '' };
  const columns = (...names: readonly string[]) => Object.fromEntries(names.map((column) => [column, null]));
  switch (task) {
    case 'text':
      return { ...about, characters: size, paths: [] };
    case 'classify':
      return { ...about, ...read, read: { ...rows, ...columns('text', 'label') } };
    case 'tag':
      return { ...about, ...read, characters: split === 'characters', read: { ...rows, ...columns('tokens', 'tags') } };
    case 'translate':
      return { ...about, ...read, read: { ...rows, ...columns('source', 'target') } };
    case 'forecast': {
      const series = { ...table, header: true, missing: 'fill' };
      return { ...about, rows: size, read: { ...series, ...columns('columns', 'known', 'time') } };
    }
    case 'caption': {
      const { header: _, ...captions } = listed;
      const none = columns('images', 'image', 'caption', 'features');
      return { ...about, images: size, read: { ...captions, ...pixels, ...none, fit: 'cover' } };
    }
    case 'vqa': {
      const named = { images: null, columns: columns('image', 'question', 'answer', 'type') };
      const example = { image: null, question: '' };
      return { ...about, rows: size, example, read: { ...listed, ...pixels, ...named } };
    }
    case 'video': {
      const frames = { perFrame: false, frames: null, rate: null, groupPattern: null, split: 'random' };
      const named = { clips: null, columns: columns('clip', 'label', 'frameLabels', 'group') };
      return { ...about, clips: size, example: null, read: { ...listed, ...pixels, ...frames, ...named } };
    }
    case 'memory':
      return { ...about, made: { problem: preset, length: windowLength, everyStep: false } };
    default:
      return task satisfies never;
  }
}
