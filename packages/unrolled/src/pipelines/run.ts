// A run that was read: its configuration, its weights and its files, verified. Each task's file makes a pipeline of it.

import type { Backend } from '../backend/backend.ts';
import { readyBackend, withBackend } from '../backend/load.ts';
import { skippingInit } from '../nn/init.ts';
import type { Module } from '../nn/module.ts';
import { randomState, setRandomState } from '../tensor/random-state.ts';
import { readWeights, verify } from './checkpoint.ts';
import { modelPart, type ModelPart, type RunConfigFile } from './contract/config.ts';
import { configVersion, upgradeConfig } from './contract/upgrade.ts';
import type { ImageDecoder } from './images/image.ts';
import { RunError } from './run-error.ts';
import { type FileRecord, mostJson, parseJson, type RunFiles, type Weights } from './run-files.ts';

/** Options of `openRun`. */
export interface OpenRunOptions {
  /** Checkpoint to load: the best by validation, or the last. Default 'best'. */
  readonly checkpoint?: 'best' | 'last';
  /** Decodes and resizes the images of image and video models. Default: createImageBitmap in a page, sharp in Node where it is installed. */
  readonly decodeImage?: ImageDecoder | null;
}

/** Information about every open run. */
export interface RunInfo {
  /** Source of the run. */
  readonly name: string;
  /** Step of its weights; null where it is unknown. */
  readonly step: number | null;
  /** SHA-256 of its weights. */
  readonly hash: string;
  /** Set when the newest checkpoint was damaged and an older one was taken. */
  readonly notice: string | null;
  /** Content of config.json. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A model that is in memory and in no run, such as one in training. Its sessions have no state to hand out: nothing would say whose it is. */
export const unsaved: RunInfo = { name: 'a model in memory', step: null, hash: '', notice: null, config: {} };

export class OpenedRun {
  readonly info: RunInfo;
  readonly files: RunFiles;
  readonly part: ModelPart;
  readonly backend: Backend;
  readonly decodeImage: ImageDecoder | null;
  readonly #weights: Weights;

  constructor(
    files: RunFiles,
    config: RunConfigFile,
    part: ModelPart,
    weights: Weights,
    backend: Backend,
    decodeImage: ImageDecoder | null,
  ) {
    const { step, hash, notice } = weights;
    this.info = { name: files.name, step, hash, notice, config: config as unknown as Record<string, unknown> };
    this.files = files;
    this.part = part;
    this.backend = backend;
    this.decodeImage = decodeImage;
    this.#weights = weights;
  }

  /** Reads `<name>.json` of the run, with its name for errors; in runs of earlier versions, `<formerly>.json`. */
  async json(name: string, formerly: string | null = null): Promise<readonly [content: unknown, source: string]> {
    if (formerly !== null && this.#weights.records.has(`${formerly}.json`)) return this.json(formerly);
    try {
      return await this.#json(name);
    } catch (error) {
      if (formerly === null || !(error instanceof RunError && error.kind === 'missing')) throw error;
      return this.#json(formerly);
    }
  }

  async #json(name: string): Promise<readonly [content: unknown, source: string]> {
    const path = `${name}.json`;
    const source = `${this.files.name}/${path}`;
    const expected = this.#weights.records.get(path);
    if (!expected) return [await this.files.json(path), source];
    const bytes = await this.files.bytes(path, mostJson);
    await verifyInput(bytes, expected, source);
    return [parseJson(bytes, source), source];
  }

  /** Reads a list of `count` strings from `<name>.json`; of any number where `count` is null. */
  async texts(name: string, count: number | null): Promise<readonly string[]> {
    const [list, source] = await this.json(name);
    if (
      Array.isArray(list) &&
      list.length > 0 &&
      list.length === (count ?? list.length) &&
      list.every((text) => typeof text === 'string')
    )
      return list;
    throw new RunError(
      'corrupt',
      source,
      `expected a list of ${count ?? 'several'} texts, as many as the model has outputs`,
    );
  }

  /** Makes the model with the run's weights, in eval mode. The library's random state is unchanged. */
  restore<M extends Module>(make: (config: never) => M): M {
    const before = randomState();
    try {
      return withBackend(this.backend, () => {
        const model = skippingInit(() => make(this.part.config as never));
        return model.loadStateDict(this.#weights.state, this.files.name).eval();
      });
    } finally {
      setRandomState(before);
    }
  }
}

/** Reads config.json and the weights. Rejects with a RunError that says what is missing, damaged or newer than this library. */
export async function readRun(files: RunFiles, options: OpenRunOptions = {}): Promise<OpenedRun> {
  const path = 'config.json';
  const source = `${files.name}/${path}`;
  const [bytes, backend] = await Promise.all([files.bytes(path, mostJson), readyBackend()]);
  const config = runConfig(parseJson(bytes, source), files.name);
  const part = modelPart(config, files.name);
  const weights = await readWeights(files, options.checkpoint ?? 'best');
  const expected = weights.records.get(path);
  if (expected) await verifyInput(bytes, expected, source);
  return new OpenedRun(files, config, part, weights, backend, options.decodeImage ?? null);
}

/** Throws a RunError unless a JSON file of the run is the one that the weights were saved with. */
async function verifyInput(bytes: Uint8Array, expected: FileRecord, source: string): Promise<void> {
  await verify(bytes, expected, source).catch((cause: unknown) => {
    throw new RunError(
      'mismatch',
      source,
      'is not the file that the checkpoint was saved with: the weights do not belong to it',
      { cause },
    );
  });
}

/** The content of config.json, if this version knows it. */
function runConfig(content: unknown, name: string): RunConfigFile {
  const config = upgradeConfig(Object(content) as Partial<RunConfigFile>);
  const source = `${name}/config.json`;
  if (config.format !== 'unrolled run') throw new RunError('corrupt', source, 'is not the configuration of a run');
  if (config.version !== configVersion) {
    const known = `is a run of version ${String(config.version)}, known here is ${configVersion}; update unrolled`;
    throw new RunError('newer', name, known);
  }
  if (typeof config.task !== 'string' || typeof config.model !== 'object' || config.model === null)
    throw new RunError('corrupt', source, 'has no task or no model');
  return config as RunConfigFile;
}
