// Sequences with a tag for every token: trained, measured, asked and looked into.

import { type CellName, FormatError, noLabel, SequenceTagger, type SequenceTaggerConfig, tagTask } from 'unrolled';
import { type TokenCharacters, TokenVocabulary } from 'unrolled/data';
import { tokenClassification, type TokenClassificationInput, tokenClassificationOf } from 'unrolled/pipelines';
import type { Values } from '../command-line/options.ts';
import { quoted } from '../shell.ts';
import { balancedWeights } from '../examples/balanced.ts';
import { evenRows, sampledRows } from '../examples/encode.ts';
import { insidesOf, sourceToInspect } from '../examples/inspect.ts';
import { InputNotices, type Looked } from '../examples/notices.ts';
import { usualTokens } from '../examples/options.ts';
import type { Parts } from '../examples/parts.ts';
import { typeable } from '../examples/say.ts';
import { answerAll, type InputText, textsOf } from '../examples/text-input.ts';
import { pretrainedOf } from '../examples/vectors.ts';
import { isTable, readConllTokens } from '../readers/index.ts';
import { readSequences } from '../inspect/read-sequences.ts';
import type { InspectSource, InspectValues } from '../inspect/source.ts';
import { baselineRow, majorityBaseline } from '../runs/baseline.ts';
import type { Prediction, Prepared, PredictValues, SavedRun, TaskKind } from '../runs/kind.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import { shownTogether } from '../runs/shown.ts';
import { areNumbers } from '../series/detect.ts';
import { seriesKind } from '../series/kind.ts';
import { numberOptions } from '../series/options.ts';
import { grouped, table } from '../terminal/index.ts';
import { characterConfig, charactersOf, charactersRow, tokenCharacters, unknownWords } from './characters.ts';
import type { TagConfig, TagData, TagSettings } from './config.ts';
import { listOf, readTagged, type TaggedSource, tokenNames } from './data.ts';
import { encodeTagged, tagsOf } from './encode.ts';
import { evaluateTag } from './evaluate.ts';
import { tagOptions } from './options.ts';
import { taggedSequences } from './view.ts';
import { t } from '../language/index.ts';

type TagValues = Values<typeof tagOptions>;

/** Labels of the steps of number sequences: the same command, where its data are numbers. */
export const tagSeries = seriesKind('step', 'tag-series', tagOptions);

export const tag: TaskKind<TagConfig, typeof tagOptions, SequenceTagger> = {
  name: 'tag',
  summary: 'train a tagger, with a label for every token (parts of speech, names) or every step of a number sequence',
  args: [
    [
      '[files...]',
      'CSV, TSV, JSON lines or Parquet with tokens and tags; or CoNLL files; of numbers also .npy and .npz',
    ],
  ],
  options: tagOptions,
  examples: [
    'unrolled train tag names.jsonl --tokens words --tags ner',
    'unrolled train tag train.conll --validation dev.conll --cell lstm --best macroF1',
    'unrolled train tag "ud/*.conllu" --tokens 2 --tags 4',
    'unrolled train tag sensors.csv --group recording_id --tags activity',
    'unrolled train tag --demo brackets',
  ],
  counts: 'tags',
  foreign: Object.keys(numberOptions),
  specialize: async (values, given, paths) => ((await areNumbers(values, given, paths)) ? tagSeries : null),
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

async function prepareTag(
  data: Parts<'tokens' | 'tags' | 'group'>,
  read: TaggedSource,
  values: TagValues,
): Promise<Prepared<TagConfig, SequenceTagger>> {
  const { vocabulary: size, minCount, lowercase, batch, labelSmoothing, balanced, best } = values;
  const maxLength = values.maxLength ?? usualTokens;
  const { tags, lonely, warnings } = tagsOf(data.train);
  if (tags.length < 2)
    throw new FormatError(
      data.source,
      `there are ${tags.length} tags that occur more than once; there is nothing to tell apart`,
    );
  const tokens = data.train.map(({ cells }) => listOf(cells.tokens));
  const vocabulary = TokenVocabulary.of(tokens, { size, minCount, lowercase });
  const characters = tokens.every((row) => row.every((token) => Array.from(token).length === 1));
  const spelled = tokenCharacters(values, tokens, characters);
  const train = encodeTagged(data.train, vocabulary, tags, { maxLength, lonely }, spelled);
  const validation = encodeTagged(data.validation, vocabulary, tags, { maxLength, lonely }, spelled);
  const words = [null, null, ...vocabulary.toJSON().tokens]; // padding and the unknown token have no vector
  const vectors = await pretrainedOf('tag', values.vectors, words, values.embedding);
  const settings: TagSettings = {
    batch,
    maxLength,
    labelSmoothing,
    balanced,
    best,
    ...(vectors ? { vectors: vectors.sha256 } : {}),
  };
  const shown = validation.sequences.length > 0 ? validation : train;
  const runData: TagData = {
    source: data.source,
    sha256: data.sha256,
    rows: data.train.length + data.validation.length,
    read,
    longest: Math.min(train.longest, maxLength),
    characters,
    example: typeable(shown.tokens.map((row) => row.join(characters ? '' : ' '))),
  };
  const input: TokenClassificationInput = {
    kind: 'token-classification',
    split: characters ? 'characters' : 'spaces',
    longestTrained: runData.longest,
  };
  const [trained, held] = [train, validation].map(({ labels }) =>
    labels.flatMap((row) =>
      Array.from(row)
        .filter((label) => label !== noLabel)
        .map((label) => tags[label]),
    ),
  );
  const baseline = majorityBaseline(trained, held, 'are --tokens and --tags the right columns?');
  const tagged = async (model: SequenceTagger, numbers: readonly number[]) => {
    const pipeline = tokenClassificationOf(model, { vocabulary, characters: spelled?.vocabulary, labels: tags, input });
    const answers = await pipeline.predict(numbers.map((n) => shown.tokens[n]));
    return taggedSequences(
      numbers.map((n, k) => ({
        tokens: shown.tokens[n],
        tags: answers[k].tokens.map(({ label }) => label),
        targets: Array.from(shown.labels[n], (label) => (label === noLabel ? null : tags[label])),
      })),
    );
  };
  return {
    name: data.name,
    model: modelConfig(
      { ...values, embedding: vectors?.size ?? values.embedding },
      vocabulary.size,
      tags.length,
      spelled,
    ),
    contract: { type: 'sequence-tagger', input },
    settings,
    data: runData,
    contents: { tokens: vocabulary.toJSON(), tags, ...(spelled && { characters: spelled.vocabulary.toJSON() }) },
    warnings: [
      ...data.warnings,
      ...warnings,
      ...train.warnings,
      ...validation.warnings.map((text) => t`validation: ${text}`),
      ...unknownWords(validation.unknown, characters || spelled !== null),
    ],
    mostEpochs: 40,
    samples: 4,
    best: validation.sequences.length > 0 ? best : 'loss',
    baseline,
    make(config) {
      const model = new SequenceTagger(config.model);
      if (vectors && model.embedding) vectors.fill(model.embedding.weight);
      const task = tagTask(model, {
        train,
        validation: validation.sequences.length > 0 ? validation : null,
        batchSize: batch,
        seed: config.training.seed,
        labelSmoothing,
        classWeights: balanced ? balancedWeights(train.labels, tags.length) : null,
        best: best as 'accuracy' | 'macroF1' | 'exact' | 'loss',
      });
      return { model, task };
    },
    introduce(model, { training }) {
      const { cell, numLayers, hiddenSize, bidirectional } = model.config;
      const directions = bidirectional ? t(', both directions') : '';
      return [
        [
          t('data'),
          t`${grouped(data.train.length)} sequences to learn, ${grouped(data.validation.length)} to validate`,
        ],
        ...baselineRow(baseline),
        [t('tags'), tags.length > 12 ? `${tags.length}: ${tags.slice(0, 12).join(', ')}, …` : tags.join(', ')],
        [t('tokens'), t`${grouped(vocabulary.size)} different; at most ${runData.longest} in a sequence`],
        ...(vectors ? [[t('vectors'), vectors.about] as const] : []),
        ...charactersRow(model.config.characters),
        [
          t('model'),
          t`${cell}, ${numLayers} × ${hiddenSize} units${directions}, ${grouped(model.parameterCount())} parameters`,
        ],
        [t('steps'), t`${grouped(training.steps)} of ${batch} sequences`],
      ];
    },
    sample: (model, seed) => tagged(model, sampledRows(2, shown.sequences.length, seed)),
    async showcase(model) {
      const what = validation.sequences.length > 0 ? t('sequences it has not seen') : t('sequences it has seen');
      const answers = await tagged(model, evenRows(5, shown.sequences.length));
      return shownTogether({ title: `${what}:`, space: '', answers });
    },
  };
}

function modelConfig(
  values: TagValues,
  vocabularySize: number,
  classes: number,
  spelled: TokenCharacters | null,
): SequenceTaggerConfig {
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
    ...recurrentDropoutOf(values),
    bidirectional,
    characters: characterConfig(values, spelled),
  }).config;
}

const together = 256; // texts

interface TaggedTokens extends Looked {
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** The probability of each of these tags. */
  readonly probabilities: readonly number[];
}

async function* predictTag(
  saved: SavedRun<TagConfig>,
  values: PredictValues,
  inputs: readonly string[],
  warn: (text: string) => void,
): AsyncGenerator<Prediction, void> {
  const pipeline = await saved.open(tokenClassification);
  const { split, longestTrained: longest } = pipeline.input;
  const { read } = saved.config.data;
  const conll = values.file === null ? null : conllToTag(values.file, saved.config.data);
  const texts =
    conll ?? (await textsOf(inputs, values, { column: read.tokens, guesses: tokenNames, header: read.header }));
  const notices = new InputNotices(warn);
  yield* answerAll(texts, together, notices, async (some) => {
    const answers = await pipeline.predict(some.map(({ text }) => tokensOf(text, split)));
    return answers.map(({ tokens, notes }, k) => {
      const { row } = some[k];
      const result: TaggedTokens = {
        ...(values.file === null ? {} : { row }),
        tokens: tokens.map(({ token }) => token),
        tags: tokens.map(({ label }) => label),
        probabilities: tokens.map(({ score }) => Number(score.toPrecision(4))),
        ...notices.add(row, notes, { longest }),
      };
      return { result, lines: () => (texts.length === 1 && !conll ? tableOf(result) : conllOf(result)) };
    });
  });
}

/** The sequences of a CoNLL file, for a run that was trained on such; null for any other file. Their tags, where it has some, are not read. */
function conllToTag(file: string, { read, imported = false }: TagData): InputText[] | null {
  const column = (name: string | null) => name === null || /^\d+$/.test(name);
  const trainedOnConll = read.demo === null && !imported && column(read.tokens) && column(read.tags);
  if (!trainedOnConll || file === '-' || (isTable(file) && !/\.(tsv|tab)(\.gz)?$/i.test(file))) return null;
  const sequences = readConllTokens(file, read.tokens);
  return sequences?.map((tokens, n) => ({ row: n + 1, text: JSON.stringify(tokens), problem: null })) ?? null;
}

/** A list, as JSON writes it, or a text taken apart as the model's contract says. */
function tokensOf(text: string, split: TokenClassificationInput['split']): string | readonly string[] {
  const list = listOf(text);
  return split === 'characters' && !(text.startsWith('["') && list.length > 0) ? text : list;
}

function tableOf({ tokens, tags, probabilities }: TaggedTokens): string[] {
  return table(tokens.map((token, t) => [token, tags[t], probabilities[t].toFixed(3)]));
}

/** As CoNLL files have it: a token and its tag on a line, an empty line after each text. */
function conllOf({ tokens, tags }: TaggedTokens): string[] {
  return [...tokens.map((token, t) => `${token}\t${tags[t]}`), ''];
}

/** Its units over rows that it was not trained on. */
async function inspectTag(saved: SavedRun<TagConfig>, { text, length }: InspectValues): Promise<InspectSource> {
  const pipeline = await saved.open(tokenClassification);
  const { model, vocabulary, labels } = pipeline;
  const spelled = charactersOf(pipeline);
  const { data, training } = saved.config;
  const parts = await readTagged(sourceToInspect(data, text));
  const train = encodeTagged(parts.train, vocabulary, labels, training, spelled);
  const held = parts.validation.length > 0;
  const rows = (held ? parts.validation : parts.train).slice(0, length);
  const shown = encodeTagged(rows, vocabulary, labels, training, spelled);
  const { cell, numLayers, hiddenSize, bidirectional } = model.config;
  return insidesOf(saved, {
    model,
    what: t`${cell}, ${numLayers} × ${hiddenSize} units${bidirectional ? t(', both directions') : ''}`,
    make: () => new SequenceTagger(model.config),
    task: (of) =>
      tagTask(of, { train, batchSize: training.batch, seed: training.seed, labelSmoothing: training.labelSmoothing }),
    lossUnit: t('nats per tag'),
    reading: readSequences(model, shown.sequences, (n) => shown.tokens[n], {
      length,
      source: `${data.source}${held ? t(', which it was not trained on') : ''}`,
      between: data.characters ? '' : ' ',
    }),
  });
}
