// The options of the commands that do not train; training options are in their task's kind.

import { badRowChoices } from '../readers/skipped.ts';
import type { OptionTable } from './options.ts';
import { beamOptions, searchOptions } from './search-options.ts';

/** Options of every command. */
export const commonOptions = {
  json: {
    kind: 'flag',
    default: false,
    group: 'Output',
    help: 'print one JSON object on standard output; progress goes to standard error',
  },
  quiet: { kind: 'flag', default: false, group: 'Output', short: 'q', help: 'print results only, no progress' },
  debug: { kind: 'flag', default: false, group: 'Output', help: 'print where in the program an error came from' },
} as const satisfies OptionTable;

export const computeOptions = {
  backend: {
    kind: 'choice',
    default: null,
    choices: ['native', 'wasm', 'reference'],
    group: 'Computing',
    help: 'which kernels compute (default: the fastest there is)',
  },
  threads: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 256,
    group: 'Computing',
    help: 'threads of the kernels; results do not depend on it (default: all cores)',
  },
} as const satisfies OptionTable;

export const sampleTextOptions = {
  prompt: {
    kind: 'string',
    default: '',
    short: 'p',
    also: ['primetext', 'start-text', 'start'],
    help: 'what the text begins with',
  },
  length: { kind: 'integer', default: 500, min: 0, short: 'n', also: ['max-new-tokens'], help: 'characters to draw' },
  temperature: {
    kind: 'number',
    default: 0.8,
    min: 0,
    above: true,
    short: 't',
    needs: { greedy: [false] },
    help: 'below 1: the likely becomes likelier; above: everything more alike',
  },
  topK: {
    kind: 'integer',
    default: 0,
    min: 0,
    needs: { greedy: [false] },
    help: 'only the k most probable characters; 0 for all',
  },
  topP: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1,
    above: true,
    needs: { greedy: [false] },
    help: 'only the most probable that together reach this probability',
  },
  greedy: { kind: 'flag', default: false, help: 'always the most probable character' },
  seed: {
    kind: 'integer',
    default: null,
    min: 0,
    needs: { greedy: [false] },
    help: 'draw the same again (default: another text each time)',
  },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  weights: {
    kind: 'choice',
    default: 'float32',
    choices: ['float32', 'bfloat16', 'int8'],
    help: 'how weights are stored while drawing; the narrower, the faster',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** Of commands that read the data that a run names. */
export const trustOptions = {
  trustPaths: {
    kind: 'flag',
    default: false,
    help: 'read the data that the run names, wherever they are, though it was not trained here',
  },
} as const satisfies OptionTable;

/** Where is what a file names: beside it, unless this says so. Never where the run was trained. */
const besideOptions = {
  images: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    help: 'of captions and questions: where the images of --file are (default: beside it)',
  },
  clips: {
    kind: 'string',
    default: null,
    placeholder: 'folder',
    help: 'of video: where the clips of --file are (default: beside it)',
  },
} as const satisfies OptionTable;

export const evalOptions = {
  file: {
    kind: 'string',
    default: null,
    short: 'f',
    placeholder: 'file',
    help: 'the data to measure on (default: what the run kept for validation)',
  },
  text: { kind: 'string', default: null, placeholder: 'file', needs: { file: 'none' }, help: 'the same, for a text' },
  where: { kind: 'string', default: null, placeholder: 'sql', help: 'only rows of the file for which this is true' },
  ...besideOptions,
  features: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'of a captioner that learned from features: those of the images of --file',
  },
  badRows: {
    kind: 'choice',
    default: null,
    choices: badRowChoices,
    help: 'rows of the file that cannot be used: left out while they are few, always (skip), or never (stop) (default: as in training)',
  },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  weights: {
    kind: 'choice',
    default: 'float32',
    choices: ['float32', 'bfloat16', 'int8'],
    help: 'of a text run: also measure with weights stored like this, and print what it costs',
  },
  ...beamOptions,
  bleuTokens: {
    kind: 'choice',
    default: '13a',
    choices: ['13a', 'char', 'none'],
    group: 'Search',
    help: 'what BLEU counts: words as mteval-v13a has them, char for languages without spaces, none for what spaces part',
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
    help: 'write a report to look at: one file, no network (default: print in the terminal)',
  },
  section: {
    kind: 'string',
    default: null,
    placeholder: 'names',
    help: 'only these, separated by commas: training, cells, gates, memory, gradients, spectrum, truncation, clipping, checks',
  },
  text: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'a text to look at the units on (default: what the run kept for validation)',
  },
  length: { kind: 'integer', default: 4000, min: 64, short: 'n', help: 'symbols of it to read' },
  label: {
    kind: 'string',
    default: null,
    placeholder: 'name=pattern',
    help: 'also search for units that follow what a regular expression matches',
  },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
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
    help: 'lines of a text, or a table with the column that was trained on; - is standard input',
  },
  where: {
    kind: 'string',
    default: null,
    placeholder: 'sql',
    needs: { file: 'given' },
    help: 'only rows of the table for which this is true',
  },
  images: { ...besideOptions.images, needs: { file: 'given' } },
  clips: { ...besideOptions.clips, needs: { file: 'given' } },
  top: { kind: 'integer', default: 5, min: 1, help: 'how many labels to say, the sorted by probability' },
  beams: beamOptions.beams,
  draw: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'of captions, and questions to form map: draw where each word looked, into a page (.html), or a drawing each (.svg, .png); of video by frame: the timelines (.svg)',
  },
  checkpoint: { kind: 'choice', default: 'best', choices: ['best', 'last'], help: 'best by validation, or last' },
  ...computeOptions,
  ...commonOptions,
  json: { ...commonOptions.json, help: 'print a JSON object a line' },
} as const satisfies OptionTable;

export const lessonOptions = {
  lang: { kind: 'choice', default: null, choices: ['en', 'ko'], help: "English or Korean (default: the terminal's)" },
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'file',
    help: 'also write it as a page (.html), or its image alone (.svg)',
  },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

export const translateTextOptions = {
  file: { ...predictOptions.file, help: 'lines of a text, or a table with the source column; - is standard input' },
  where: predictOptions.where,
  ...searchOptions,
  attention: {
    kind: 'string',
    default: null,
    placeholder: 'where',
    help: 'draw where the model looked: terminal, or a file.svg or file.png (several texts: file-1.svg, file-2.svg, …)',
  },
  checkpoint: predictOptions.checkpoint,
  ...computeOptions,
  ...commonOptions,
  json: predictOptions.json,
} as const satisfies OptionTable;

export const doctorOptions = {
  test: { kind: 'flag', default: true, help: 'a self-test of about ten seconds (--no-test: only say what there is)' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
