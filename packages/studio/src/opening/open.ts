// Opens a run from anywhere, or a model of another system: reads it whole, verifies it as `openRun` does, and keeps what `openRun` needs. It runs in a worker.

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { openRun, type Pipeline, RunError } from 'unrolled';
import { openZip, writeSafetensors } from 'unrolled/io';
import { filesOf, type RunFiles } from 'unrolled/pipelines';
import type { DataKind } from '../data/dataset.ts';
import { type NamedFile, presetOf } from '../own/given.ts';
import { cells, defaults, type Settings } from '../settings/settings.ts';
import type { RunFilesOf } from '../training/run-files.ts';
import type { OpenedRun, OpeningSource } from './opened.ts';

/** Symbols that a network of another system reads at most where its file does not say how many. */
const usualWindow = 400;
const mostBytes = 2 ** 29; // of all files together: a page holds no more

/** Rejects with a RunError or a ConvertError that says what is missing, damaged, newer or not known. */
export async function openGiven(source: OpeningSource): Promise<OpenedRun> {
  try {
    return await open(source);
  } catch (error) {
    // The page gets a name and a message: why a run cannot be opened goes with the name.
    if (error instanceof RunError) throw Object.assign(new Error(error.message), { name: `RunError ${error.kind}` });
    throw error;
  }
}

async function open(source: OpeningSource): Promise<OpenedRun> {
  if ('url' in source) {
    const { href, origin } = new URL(source.url, location.href);
    if (origin !== location.origin) throw Object.assign(new Error(href), { name: 'OtherOrigin' });
    return opened(await filesOf(href), href);
  }
  const { files } = source;
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  if (size > mostBytes) throw new RunError('large', files[0].path, `has ${size} bytes, expected at most ${mostBytes}`);
  const name = files[0].path.split('/')[0];
  if (/\.zip$/i.test(name)) {
    await openZip(files[0].file, name, { mostBytes }); // a few kilobytes can declare more than the memory
    return opened(await filesOf(files[0].file), name);
  }
  const isRun = files.some(({ path }) => /(^|\/)config\.json$/.test(path));
  return isRun ? opened(await filesOf(files.map(withPath)), name) : imported(files, name);
}

/** As a file of a chosen folder. */
const withPath = ({ path, file }: NamedFile) => ({
  name: path.split('/').at(-1) ?? path,
  size: file.size,
  webkitRelativePath: path,
  slice: file.slice.bind(file),
  arrayBuffer: file.arrayBuffer.bind(file),
});

/** Files that tasks have besides configuration and weights. */
const contentNames = [
  'vocabulary',
  'tokenizer',
  'labels',
  'tokens',
  'characters',
  'tags',
  'source',
  'target',
  'answers',
  'question-only',
  'blind',
  'columns',
  'features',
  'certificate',
] as const;

async function opened(files: RunFiles, source: string): Promise<OpenedRun> {
  const pipeline = await openRun(files);
  const contents: [string, object][] = [];
  for (const name of contentNames) {
    // A run has the few of them that its task needs.
    const content = await files.json(`${name}.json`).catch(() => null);
    if (typeof content === 'object' && content !== null) contents.push([`${name}.json`, content]);
  }
  const { info } = pipeline;
  const name =
    files.name
      .replace(/\.zip$/i, '')
      .split('/')
      .at(-1) || files.name;
  return described(pipeline, {
    name,
    files: {
      'config.json': info.config,
      ...Object.fromEntries(contents),
      'model.safetensors': writeSafetensors(pipeline.model.stateDict(), { format: 'pt' }),
    },
    about: { task: pipeline.task, source, step: info.step, hash: info.hash, format: null, notice: info.notice },
  });
}

/** A model of another system: as the task that it is a model of, where its vocabulary and labels are there, or as a network of tensors. */
async function imported(files: readonly NamedFile[], source: string): Promise<OpenedRun> {
  const { certify, ownRun, ownTasks, readModel, tensorsRun } = await import('@unrolled/convert');
  const texts = files.filter(({ path }) => /\.(txt|json)$/i.test(path) && !/model\.json$/i.test(path));
  const model = await readModel(files.filter((one) => !texts.includes(one)).map(withPath));
  const hash = bytesToHex(sha256(new Uint8Array(await files[0].file.arrayBuffer())));
  const certificate = certify(model, { sha256: hash });
  const textOf = async (like: RegExp) => {
    const found = texts.find(({ path }) => like.test(path));
    return found ? { text: await found.file.text(), source: found.path } : null;
  };
  const [vocabulary, labels] = [await textOf(/vocab|token|char|word/i), await textOf(/label|class|tag/i)];
  let run = tensorsRun(model, certificate);
  for (const task of ownTasks) {
    try {
      const own = ownRun(model, certificate, { task, vocabulary, labels, usualWindow });
      if (typeof own === 'string') continue;
      run = own;
      break;
    } catch {
      // it is no model of this task, or its vocabulary or labels are not there: a network of tensors is what it is
    }
  }
  const contents = Object.entries(run.contents).map(([name, content]) => [`${name}.json`, content as object] as const);
  const runFiles: RunFilesOf = {
    'config.json': run.config,
    ...Object.fromEntries(contents),
    'certificate.json': run.certificate,
    'model.safetensors': writeSafetensors(run.weights, { format: 'pt' }),
  };
  const pipeline = await openRun(runFiles);
  const about = { task: pipeline.task, source, step: null, hash, format: model.producer ?? model.format, notice: null };
  return described(pipeline, { name: source.replace(/\.[a-z0-9]+$/i, ''), files: runFiles, about });
}

const kinds: Readonly<Record<Pipeline['task'], DataKind>> = {
  'text-generation': 'text',
  'text-classification': 'labeled',
  'token-classification': 'tagged',
  translation: 'pairs',
  'image-to-text': 'captions',
  'visual-question-answering': 'questions',
  'video-classification': 'clips',
  'time-series-forecasting': 'series',
  'time-series-classification': 'series',
  tensors: 'series',
};

function described(
  pipeline: Pipeline,
  { name, files, about }: Pick<OpenedRun, 'files' | 'about'> & { readonly name: string },
): OpenedRun {
  const config = 'config' in pipeline.model ? (pipeline.model.config as Readonly<Record<string, unknown>>) : {};
  const kind = kinds[pipeline.task];
  const preset = kind === 'questions' ? 'questions' : presetOf[kind as keyof typeof presetOf];
  return {
    about,
    files,
    spec: {
      version: 1,
      name: name.slice(0, 60),
      data: { preset, kind, size: 0 },
      settings: settingsOf(config),
      changes: [],
      parameters: pipeline.model.parameterCount(),
    },
  };
}

/** The settings that a model has, as far as they are known; the rest are defaults that nothing reads. */
function settingsOf(config: Readonly<Record<string, unknown>>): Settings {
  const number = (name: string, usual: number) => (typeof config[name] === 'number' ? config[name] : usual);
  const cell = cells.find((one) => one === config.cell) ?? defaults.cell;
  return {
    ...defaults,
    cell,
    hiddenSize: number('hiddenSize', 0),
    numLayers: number('numLayers', 1),
    embeddingDim: number('embeddingDim', 0),
    windowLength: number('length', defaults.windowLength),
    validation: 0,
  };
}
