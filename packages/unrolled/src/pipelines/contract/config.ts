// The model's part of config.json: its type, its options and its input contract. Runs of version 0.1.0 have the options alone, and the rest is
// derived from their description of the data, so that all runs have one form.

import { requireKinds, shown } from '../../checks.ts';
import { FormatError } from '../../errors.ts';
import { RunError } from '../run-error.ts';
import type { ModelTypeName } from '../../models/model-type.ts';
import { checkInput } from './check.ts';
import type { ImageContract, ImageFit, InputContract } from './input.ts';

/** config.json, as far as a pipeline reads it. */
export interface RunConfigFile {
  readonly format: 'unrolled run';
  readonly version: number;
  readonly task: string;
  readonly model: Readonly<Record<string, unknown>>;
  readonly training?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The model's part of config.json: its type, its options and its input contract. */
export interface ModelPart {
  readonly type: ModelTypeName;
  /** The options of its class. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly input: InputContract;
}

/** The model's part as config.json has it now: the class's options with `type` and `input`. */
export function writeModelPart(part: ModelPart): Readonly<Record<string, unknown>> {
  requireKinds('writeModelPart', { part }, { part: { type: 'text', config: 'object', input: 'object' } });
  const { type, config, input } = part;
  return { type, ...config, input };
}

/** Reads the model's part of a configuration of this version or an older one. Throws a RunError for anything else. */
export function modelPart(file: RunConfigFile, source: string): ModelPart {
  requireKinds('modelPart', { file, source }, { file: { task: 'text', model: 'object' }, source: 'text' });
  const { type, input, ...config } = file.model;
  if (input === undefined) return derive({ ...file, model: config }, source);
  try {
    return { type: type as ModelTypeName, config, input: checkInput(input, `${source}/config.json`) };
  } catch (cause) {
    if (cause instanceof FormatError) throw new RunError('corrupt', source, cause.message, { cause });
    throw cause;
  }
}

const defaultMaxFrames = 500; // frames decoded of a longer clip, before it was an option
const usualFrames = 20; // frames of a clip with one label, where neither frames nor a rate were given

/** `white`, `black` or `#rrggbb` as bytes; black where a run says nothing, as it was before there was a choice. What is none of these is refused by `checkInput`. */
function backgroundOf(name: unknown): ImageContract['background'] {
  if (name === undefined || name === 'black') return [0, 0, 0];
  if (name === 'white') return [255, 255, 255];
  const [, r, g, b] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(typeof name === 'string' ? name : '') ?? [];
  return [r, g, b].map((part) => Number.parseInt(part, 16)) as unknown as ImageContract['background'];
}

/** Derives the input contract of a run of version 0.1.0. */
function derive({ task, model, ...described }: RunConfigFile, source: string): ModelPart {
  const [training, data] = [described.training, described.data].map((part) => Object(part) as Record<string, unknown>);
  const read = Object(data.read) as Record<string, unknown>;
  const number = (value: unknown, what: string): number => {
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw new RunError('corrupt', `${source}/config.json`, `${what}: expected a number, got ${shown(value)}`);
  };
  const optional = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  const image = (range: ImageContract['range'], fit: ImageFit = 'cover'): ImageContract => {
    const size = number(read.size, 'data.read.size');
    return { height: size, width: size, fit, background: backgroundOf(read.background), range };
  };
  const part = (type: ModelTypeName, input: InputContract): ModelPart => ({
    type,
    config: model,
    input: checkInput(input, `${source}/config.json`),
  });
  switch (task) {
    case 'text':
      return part('language-model', { kind: 'text-generation', tokens: 'vocabulary' });
    case 'classify':
      return part('sequence-classifier', {
        kind: 'text-classification',
        maxTokens: number(training.maxLength, 'training.maxLength'),
        longestTrained: optional(data.longest),
      });
    case 'tag':
      return part('sequence-tagger', {
        kind: 'token-classification',
        split: data.characters === true ? 'characters' : 'spaces',
        longestTrained: optional(data.longest),
      });
    case 'translate': {
      const longest = Object(data.longest) as Record<string, unknown>;
      const [from, to] = [number(longest.source, 'data.longest.source'), number(longest.target, 'data.longest.target')];
      return part('seq2seq', { kind: 'translation', longestTrained: { source: from, target: to } });
    }
    case 'caption':
      return part('captioner', {
        kind: 'image-to-text',
        image: model.encoder ? image('symmetric', read.fit as ImageFit) : null,
      });
    case 'vqa':
      return part('visual-qa', {
        kind: 'visual-question-answering',
        image: model.form === 'question-only' ? null : image('unit'),
        maxTokens: number(training.maxLength, 'training.maxLength'),
      });
    case 'video': {
      const perFrame = read.perFrame === true;
      const [frames, rate] = [optional(read.frames), optional(read.rate)];
      return part(perFrame ? 'video-tagger' : 'video-classifier', {
        kind: 'video-classification',
        per: perFrame ? 'frame' : 'clip',
        image: image('bytes'),
        frames: frames ?? (perFrame || rate !== null ? null : usualFrames),
        rate,
        maxFrames: defaultMaxFrames,
      });
    }
    case 'forecast':
      return part('forecaster', {
        kind: 'time-series-forecasting',
        columns: [], // they stand in columns.json
        known: [],
        length: number(model.length, 'model.length'),
        horizon: number(model.horizon, 'model.horizon'),
        quantiles: model.quantiles as readonly number[],
      });
    case 'memory':
      throw new RunError(
        'task',
        source,
        'is a run of the task memory, which tests a network and has nothing to be asked; measure it with unrolled eval',
      );
    default:
      throw new RunError('task', source, `is a run of the task ${task}, which is not known here; update unrolled`);
  }
}
