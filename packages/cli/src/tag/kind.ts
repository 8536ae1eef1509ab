// Sequences with a tag for every token, learnt: what the run machinery needs to know of it.

import {
  type CellName,
  FormatError,
  indices,
  noLabel,
  SequenceTagger,
  type SequenceTaggerConfig,
  tagTask,
} from 'unrolled';
import type { Values } from '../command-line/options.ts';
import type { Parts } from '../examples/parts.ts';
import { typeable, unknownWarning } from '../examples/say.ts';
import { quoted } from '../command-line/shell.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { asLines } from '../runs/shown.ts';
import { grouped } from '../terminal/index.ts';
import type { TagConfig, TagData, TagSettings } from './config.ts';
import { listOf, readTagged, type TaggedSource } from './data.ts';
import { type EncodedTags, encodeTagged, tagsOf } from './encode.ts';
import { evaluateTag } from './evaluate.ts';
import { inspectTag } from './inspect.ts';
import { tagOptions } from './options.ts';
import { predictTag } from './predict.ts';
import { taggedRows } from './show.ts';
import { TokenVocabulary } from './vocabulary.ts';

type TagValues = Values<typeof tagOptions>;

export const tag: TaskKind<TagConfig, typeof tagOptions, SequenceTagger> = {
  name: 'tag',
  summary: 'learn a tag for every token: parts of speech, names, where a word ends',
  args: [
    ['[files...]', 'CSV, TSV, JSON lines or Parquet with tokens and tags; or CoNLL, a token and its tag on a line'],
  ],
  options: tagOptions,
  examples: [
    'unrolled train tag names.jsonl --tokens words --tags ner',
    'unrolled train tag train.conll --validation dev.conll --cell lstm --best macroF1',
    'unrolled train tag "ud/*.conllu" --tokens 2 --tags 4',
    'unrolled train tag --demo brackets',
  ],
  counts: 'tags',
  async prepare(values, paths) {
    const { demo, tokens, tags, group, where, header, badRows, validation, valFrac, seed } = values;
    const read = { paths, demo, tokens, tags, group, where, header, badRows, validation, valFrac, seed };
    const data = await readTagged(read);
    return prepareTag(data, { ...read, ...data.columns }, values);
  },
  describeLoss: (loss) => loss.toFixed(4),
  next: (run, prepared) => [
    `predict ${run} ${quoted(prepared.data.example)}`,
    `eval ${run}`,
    `predict ${run} --file new.txt --json`,
  ],
  evaluates: ['file', 'text', 'where', 'badRows'],
  predicts: ['file', 'where'],
  evaluate: evaluateTag,
  inspect: inspectTag,
  predict: predictTag,
};

function prepareTag(
  data: Parts<'tokens' | 'tags' | 'group'>,
  read: TaggedSource,
  values: TagValues,
): Prepared<TagConfig, SequenceTagger> {
  const { vocabulary: size, minCount, lowercase, batch, maxLength, labelSmoothing, balanced, best } = values;
  const { tags, lonely, warnings } = tagsOf(data.train);
  if (tags.length < 2)
    throw new FormatError(
      data.source,
      `there are ${tags.length} tags that occur more than once; there is nothing to tell apart`,
    );
  const tokens = data.train.map(({ cells }) => listOf(cells.tokens));
  const vocabulary = TokenVocabulary.of(tokens, { size, minCount, lowercase });
  const train = encodeTagged(data.train, vocabulary, tags, { maxLength, lonely });
  const validation = encodeTagged(data.validation, vocabulary, tags, { maxLength, lonely });
  const settings: TagSettings = { batch, maxLength, labelSmoothing, balanced, best };
  const shown = validation.sequences.length > 0 ? validation : train;
  const characters = tokens.every((row) => row.every((token) => Array.from(token).length === 1));
  const runData: TagData = {
    source: data.source,
    sha256: data.sha256,
    rows: data.train.length + data.validation.length,
    read,
    longest: Math.min(train.longest, maxLength),
    characters,
    example: typeable(shown.tokens.map((row) => row.join(characters ? '' : ' '))),
  };
  const rowsOf = (model: SequenceTagger, numbers: readonly number[]) => {
    const predicted = numbers.map((n) => predictTags(model, shown.sequences[n]));
    return numbers.flatMap((n, k) => taggedRows(shown.tokens[n], predicted[k], shown.labels[n], tags));
  };
  return {
    name: data.name,
    model: modelConfig(values, vocabulary.size, tags.length),
    settings,
    data: runData,
    contents: { tokens: vocabulary.toJSON(), tags },
    warnings: [
      ...data.warnings,
      ...warnings,
      ...train.warnings,
      ...validation.warnings.map((text) => `validation: ${text}`),
      ...unknownWarning('the validation part', validation.unknown),
    ],
    mostEpochs: 40,
    samples: 4,
    best: validation.sequences.length > 0 ? best : 'loss',
    make(config) {
      const model = new SequenceTagger(config.model);
      const task = tagTask(model, {
        train,
        validation: validation.sequences.length > 0 ? validation : null,
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        classWeights: balanced ? balancedWeights(train, tags.length) : null,
        best: best as 'accuracy' | 'macroF1' | 'exact' | 'loss',
      });
      return { model, task };
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional } = model.config;
      const directions = bidirectional ? ', both directions' : '';
      return [
        ['data', `${grouped(data.train.length)} sequences to learn, ${grouped(data.validation.length)} to validate`],
        ['tags', tags.length > 12 ? `${tags.length}: ${tags.slice(0, 12).join(', ')}, …` : tags.join(', ')],
        ['tokens', `${grouped(vocabulary.size)} different; at most ${runData.longest} in a sequence`],
        [
          'model',
          `${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${grouped(model.parameterCount())} parameters`,
        ],
        ['steps', `${grouped(training.steps)} of ${batch} sequences`],
      ];
    },
    sample: async (model, seed) =>
      asLines(
        rowsOf(
          model,
          [0, 1].map((k) => (seed * 7919 + k * 104_729) % shown.sequences.length),
        ),
      ),
    showcase: async (model) => {
      const count = Math.min(5, shown.sequences.length);
      const what = validation.sequences.length > 0 ? 'sequences it has not seen' : 'sequences it has seen';
      const numbers = Array.from({ length: count }, (_, k) => Math.floor((k * shown.sequences.length) / count));
      return asLines([`${what}:`, '', ...rowsOf(model, numbers)]);
    },
  };
}

function predictTags(model: SequenceTagger, sequence: Int32Array): Int32Array {
  return model.predict(indices(sequence, [sequence.length, 1]))[0].labels;
}

/** N / (C · N_c): a tag half as frequent counts twice. */
function balancedWeights({ labels }: EncodedTags, C: number): number[] {
  const counts = new Array<number>(C).fill(0);
  for (const row of labels) for (const label of row) if (label !== noLabel) counts[label]++;
  const all = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) => (count === 0 ? 0 : all / (C * count)));
}

function modelConfig(values: TagValues, vocabularySize: number, classes: number): SequenceTaggerConfig {
  const { hidden, layers, embedding, dropout, bidirectional } = values;
  // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
  return new SequenceTagger({
    vocabularySize,
    classes,
    cell: values.cell as CellName,
    hiddenSize: hidden,
    numLayers: layers,
    embeddingDim: embedding ?? hidden,
    dropout,
    bidirectional,
  }).config;
}
