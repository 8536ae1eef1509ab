// The options of the commands that do not train; training options are in their task's kind.

import { languages } from '../language/index.ts';
import { badRowChoices } from '../readers/skipped.ts';
import type { OptionTable } from './options.ts';
import { beamOptions, searchOptions } from './search-options.ts';

/** Every command has these. */
export const commonOptions = {
  json: {
    kind: 'flag',
    default: false,
    group: 'Output',
    help: 'print one JSON object on standard output; progress goes to standard error',
  },
  quiet: { kind: 'flag', default: false, group: 'Output', short: 'q', help: 'print results only, without progress' },
  debug: { kind: 'flag', default: false, group: 'Output', help: 'print the stack trace of an error' },
  lang: {
    kind: 'choice',
    default: null,
    choices: languages,
    group: 'Output',
    help: "language of everything that is printed and of pages, English or Korean (default: the terminal's)",
  },
} as const satisfies OptionTable;

export const computeOptions = {
  backend: {
    kind: 'choice',
    default: null,
    choices: ['native', 'wasm', 'reference'],
    group: 'Computing',
    help: 'kernels to compute with (default: the fastest available)',
  },
  threads: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 256,
    group: 'Computing',
    help: 'number of threads; results do not depend on it (default: all cores)',
  },
} as const satisfies OptionTable;

/** Which of a run's checkpoints is opened. */
export const checkpointOption = {
  checkpoint: {
    kind: 'choice',
    default: 'best',
    choices: ['best', 'last'],
    help: 'the checkpoint with the best validation result, or the last one',
  },
} as const satisfies OptionTable;

export const sampleTextOptions = {
  prompt: {
    kind: 'string',
    default: '',
    short: 'p',
    also: ['primetext', 'start-text', 'start'],
    help: 'text to continue',
  },
  maxTokens: {
    kind: 'integer',
    default: 500,
    min: 0,
    short: 'n',
    also: ['max-new-tokens'],
    help: 'number of characters, or of tokens, to generate',
  },
  temperature: {
    kind: 'number',
    default: 0.8,
    min: 0,
    short: 't',
    needs: { greedy: [false] },
    help: 'sampling temperature; below 1 sharpens the distribution, above 1 flattens it, 0 is --greedy',
  },
  topK: {
    kind: 'integer',
    default: 0,
    min: 0,
    needs: { greedy: [false] },
    help: 'sample from the k most probable characters or tokens; 0 for all',
  },
  topP: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    above: true,
    needs: { greedy: [false] },
    help: 'nucleus sampling: sample from the most probable characters whose probabilities add up to this',
  },
  minP: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1,
    needs: { greedy: [false] },
    help: 'sample only from characters at least this fraction as probable as the most probable one; 0 for all',
  },
  greedy: { kind: 'flag', default: false, help: 'take the most probable character at every step' },
  seed: {
    kind: 'integer',
    default: null,
    min: 0,
    needs: { greedy: [false] },
    help: 'random seed (default: a different text each time)',
  },
  ...checkpointOption,
  weights: {
    kind: 'choice',
    default: 'float32',
    choices: ['float32', 'bfloat16', 'int8'],
    help: 'number format of the weights while sampling; narrower formats are faster',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** Commands that read the data files a run names have these. */
export const trustOptions = {
  trustPaths: {
    kind: 'flag',
    default: false,
    help: 'read the data files that the run names, wherever they are, even if it was not trained on this machine',
  },
} as const satisfies OptionTable;

/** Where the images and clips that a file names are: in its own folder, unless these options name another. Never where the run was trained. */
const mediaOptions = {
  images: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    help: 'for caption and vqa runs: the folder with the images of --file (default: the folder of --file)',
  },
  clips: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    help: 'for video runs: the folder with the clips of --file (default: the folder of --file)',
  },
} as const satisfies OptionTable;

/** A cache of what a language model has read. */
const cacheOptions = {
  cache: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    group: 'Cache',
    help: 'for text runs: also evaluate with a continuous cache of the last steps, which makes symbols that occurred lately more probable: 500 to 2000',
  },
  cacheTheta: {
    kind: 'number',
    default: 0.3,
    min: 0,
    group: 'Cache',
    needs: { cache: 'given' },
    help: 'how much more alike hidden states count in the cache (θ)',
  },
  cacheWeight: {
    kind: 'number',
    default: 0.1,
    min: 0,
    max: 0.99,
    group: 'Cache',
    needs: { cache: 'given' },
    help: 'share of the cache in the probability (λ)',
  },
} as const satisfies OptionTable;

export const evalOptions = {
  file: {
    kind: 'string',
    default: null,
    short: 'f',
    placeholder: 'file',
    help: 'data to evaluate on (default: the validation part of the training data)',
  },
  text: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    needs: { file: 'none' },
    help: 'text to evaluate on, for text runs',
  },
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    help: 'evaluate only the rows for which this SQL condition is true',
  },
  ...mediaOptions,
  features: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'for a run trained on features: the features of the images or clips of --file',
  },
  badRows: {
    kind: 'choice',
    default: null,
    choices: badRowChoices,
    help: 'rows that cannot be read: few skips them while they are under a tenth, skip always skips them, stop fails (default: as in training)',
  },
  ...checkpointOption,
  weights: {
    kind: 'choice',
    default: 'float32',
    choices: ['float32', 'bfloat16', 'int8'],
    help: 'for text runs: also evaluate with the weights in this number format, and print the difference',
  },
  ...cacheOptions,
  ...beamOptions,
  bleuTokens: {
    kind: 'choice',
    default: '13a',
    choices: ['13a', 'char', 'none'],
    group: 'Search',
    help: 'tokenization for BLEU, as in sacreBLEU: 13a, char for languages without spaces, none to split at spaces',
  },
  forecasts: {
    kind: 'string',
    default: null,
    placeholder: 'file.csv',
    help: 'for forecast runs: write the rolling forecasts, from every moment that is measured, next to the actual values',
  },
  every: {
    kind: 'integer',
    default: 1,
    min: 1,
    needs: { forecasts: 'given' },
    help: 'for --forecasts: rows from one moment to the next',
  },
  atK: {
    kind: 'string',
    default: null,
    placeholder: 'numbers',
    help: 'for classify runs: also precision and recall of the k most probable labels, as 1,5 (default for several labels a text: 1,3,5)',
  },
  ignoreCase: {
    kind: 'flag',
    default: false,
    group: 'Search',
    also: ['lc'],
    help: 'for translate runs: BLEU, chrF and error rates without case',
  },
  references: {
    kind: 'string',
    default: null,
    placeholder: 'files',
    group: 'Search',
    needs: { file: 'given' },
    help: 'for translate runs: further references of --file, texts with a line for each of its rows, separated by commas',
  },
  ...trustOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const inspectOptions = {
  html: {
    kind: 'string',
    default: null,
    placeholder: 'file.html',
    help: 'write the report as one self-contained HTML file (default: print it in the terminal)',
  },
  section: {
    kind: 'string',
    default: null,
    placeholder: 'names',
    help: 'sections to show, separated by commas: training, cells, gates, memory, gradients, spectrum, truncation, clipping, checks',
  },
  text: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'text to record the hidden units on (default: the validation part of the training data)',
  },
  length: { kind: 'integer', default: 4000, min: 64, short: 'n', help: 'number of characters or tokens to read' },
  label: {
    kind: 'string',
    default: null,
    placeholder: 'name=pattern',
    help: 'also search for units that track matches of a regular expression',
  },
  ...checkpointOption,
  ...trustOptions,
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const predictOptions = {
  file: {
    kind: 'string',
    default: null,
    short: 'f',
    placeholder: 'file',
    help: 'lines of text, or a table with the input column of the training data; - is standard input',
  },
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    needs: { file: 'given' },
    help: 'predict only the rows for which this SQL condition is true',
  },
  images: { ...mediaOptions.images, needs: { file: 'given' } },
  clips: { ...mediaOptions.clips, needs: { file: 'given' } },
  features: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'for a run trained on features: the features of the images or clips, .npy or .safetensors',
  },
  badRows: {
    kind: 'choice',
    default: null,
    choices: badRowChoices.slice(1),
    help: 'images and clips that cannot be read: skip answers them with an error and goes on, stop fails (default: skip, but stop for a single one)',
  },
  topK: { kind: 'integer', default: 5, min: 1, help: 'number of labels to print, sorted by probability' },
  beams: beamOptions.beams,
  nBest: {
    kind: 'integer',
    default: 1,
    min: 1,
    also: ['num-return-sequences'],
    help: 'for caption runs: captions to print for each image, sorted by score; at most --beams',
  },
  draw: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'for caption runs and vqa runs of form map: write the attention maps to a page (.html) or to one image each (.svg, .png); for per-frame video runs: the timelines (.svg)',
  },
  ...checkpointOption,
  ...computeOptions,
  ...commonOptions,
  json: { ...commonOptions.json, help: 'print one JSON object per line' },
} as const satisfies OptionTable;

export const averageOptions = {
  out: { kind: 'string', default: null, short: 'o', placeholder: 'folder', help: 'the run folder to write' },
  last: {
    kind: 'integer',
    default: null,
    min: 1,
    help: 'number of the newest checkpoints of each run (default: all that one run keeps; of several runs the best of each)',
  },
  force: { kind: 'flag', default: false, help: 'replace a run that is there' },
  ...commonOptions,
} as const satisfies OptionTable;

export const lessonOptions = {
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'file',
    help: 'also write the lesson as a page (.html), or its first chart alone (.svg); with --all a folder',
  },
  all: { kind: 'flag', default: false, help: 'run every lesson and write them as pages into the folder --out' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const translateTextOptions = {
  file: { ...predictOptions.file, help: 'lines of text, or a table with the source column; - is standard input' },
  where: predictOptions.where,
  ...searchOptions,
  attention: {
    kind: 'string',
    default: null,
    placeholder: 'target',
    help: 'show the attention matrix: terminal, or a file.svg or file.png (several texts: file-1.svg, file-2.svg, …)',
  },
  checkpoint: predictOptions.checkpoint,
  ...computeOptions,
  ...commonOptions,
  json: predictOptions.json,
} as const satisfies OptionTable;

export const doctorOptions = {
  test: {
    kind: 'flag',
    default: true,
    help: 'skip the self-test of about ten seconds and only list what is available',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const nativeOptions = {
  compiler: {
    kind: 'string',
    default: null,
    placeholder: 'program',
    help: 'C++ compiler (default: CXX of the environment, or c++)',
  },
  force: { kind: 'flag', default: false, help: 'compile even if the sources, the flags and the compiler are the same' },
  ...commonOptions,
} as const satisfies OptionTable;
