// The options of the commands that read and write model files of other systems: describe, import, export.

import type { OptionTable } from './options.ts';
import { commonOptions, computeOptions, sampleTextOptions } from './tables.ts';

/** The formats of model files. @unrolled/convert has the list; a test compares, so that --help need not load it. */
const modelFormats = [
  'safetensors',
  'npy',
  'npz',
  'pytorch',
  'onnx',
  'keras-h5',
  'keras',
  'tfjs',
  'ml5-charrnn',
  'rtneural',
  'char-rnn-json',
] as const;

/** Options of what reads model files of other systems: those of `readModel`. */
export const modelFileOptions = {
  format: {
    kind: 'choice',
    default: null,
    choices: modelFormats,
    help: 'the format of the file (default: by its content)',
  },
  chain: {
    kind: 'string',
    default: null,
    placeholder: 'layers',
    help: 'for a file with weights alone: its layers and the functions between them in their order, as "lstm last relu fc"',
  },
  architecture: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    help: 'for weights of Keras alone: the configuration that model.to_json() writes (default: model.json next to model.h5)',
  },
  state: {
    kind: 'string',
    default: null,
    placeholder: 'key',
    help: 'for a checkpoint with several state dicts: the key of the one to read',
  },
  gru: {
    kind: 'choice',
    default: null,
    choices: ['as-written', 'as-trained'],
    help: 'for ONNX: how a GRU is read that says it resets before the product; as-trained where the exporter of PyTorch left out linear_before_reset (a warning names such GRUs)',
  },
  fixed: {
    kind: 'string',
    default: null,
    placeholder: 'inputs',
    help: 'for ONNX: inputs of one number that are the same in every call, as "sr=16000"; they become constants',
  },
} as const satisfies OptionTable;

export const describeOptions = {
  ...modelFileOptions,
  arrays: { kind: 'flag', default: false, help: 'list every tensor with its type and shape' },
  ...commonOptions,
} as const satisfies OptionTable;

/** Tasks with a vocabulary. */
const textTasks = ['text-generation', 'text-classification', 'token-classification'] as const;

export const importOptions = {
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'folder',
    help: 'the run folder to write',
  },
  ...modelFileOptions,
  task: {
    kind: 'choice',
    default: 'tensors',
    choices: ['tensors', 'text-generation', 'text-classification', 'token-classification'],
    help: 'what the model does with text; tensors: anything else, such as a classifier or forecaster of numbers, by the names of its inputs and outputs',
  },
  vocabulary: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    needs: { task: textTasks },
    group: 'Tasks',
    help: 'the tokens by their ids: JSON (a list, or a map), a token a line, or the tokenizer.json of Hugging Face',
  },
  labels: {
    kind: 'string',
    default: null,
    placeholder: 'file',
    needs: { task: textTasks.slice(1) },
    group: 'Tasks',
    help: 'the labels in the order of the outputs: JSON, or a label a line',
  },
  unit: {
    kind: 'choice',
    default: null,
    choices: ['character', 'word', 'space'],
    needs: { task: textTasks },
    group: 'Tasks',
    help: 'how a text becomes tokens: characters, words and signs apart, or what stands between spaces (default: by the vocabulary)',
  },
  lowercase: {
    kind: 'flag',
    default: false,
    needs: { task: textTasks },
    group: 'Tasks',
    help: 'lowercase texts before they are taken apart',
  },
  maxLength: {
    kind: 'integer',
    default: 400,
    min: 1,
    needs: { task: ['text-classification'] },
    group: 'Tasks',
    help: 'tokens of a text that a classifier reads at most',
  },
  window: {
    kind: 'integer',
    default: null,
    min: 1,
    needs: { task: ['text-generation', 'text-classification'] },
    group: 'Tasks',
    help: 'tokens that the network reads at once, where the file does not say (what it was trained on)',
  },
  padding: {
    kind: 'integer',
    default: null,
    min: 0,
    needs: { task: ['text-generation', 'text-classification'] },
    group: 'Tasks',
    help: 'the id that stands before a text of fewer tokens (default: that of <pad>, or 0 where no token has it)',
  },
  verify: {
    kind: 'flag',
    default: false,
    help: 'instead of importing: compute the test vectors of an imported run again, and compare',
  },
  force: { kind: 'flag', default: false, help: 'replace a run that is there' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;

/** The formats that `export` writes; a test compares with @unrolled/convert. */
export const exportFormats = ['onnx', 'pytorch', 'safetensors', 'keras', 'tfjs', 'npz'] as const;

export const exportOptions = {
  to: {
    kind: 'choice',
    default: null,
    choices: exportFormats,
    aliases: { numpy: 'npz', torch: 'pytorch', tensorflowjs: 'tfjs' },
    help: 'the format to write',
  },
  out: {
    kind: 'string',
    default: null,
    short: 'o',
    placeholder: 'folder',
    help: 'the folder to write (default: next to the run, with the name of the format)',
  },
  checkpoint: sampleTextOptions.checkpoint,
  verify: {
    kind: 'flag',
    default: false,
    help: 'compute the test vectors again from the written files; for ONNX this needs onnxruntime-node',
  },
  force: { kind: 'flag', default: false, help: 'write into a folder that is not empty' },
  ...computeOptions,
  ...commonOptions,
} as const satisfies OptionTable;
