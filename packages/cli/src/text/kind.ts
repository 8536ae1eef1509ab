// A text, learned character by character or token by token: what the run machinery needs to know of it.

import { type BlockName, type CellName, LanguageModel, languageTask, OptionError, VocabularyError } from 'unrolled';
import { Tokenizer } from 'unrolled/data';
import { type TextGenerationInput, textGenerationOf, type TextGenerationParts } from 'unrolled/pipelines';
import { invoked } from '../installed.ts';
import { quoted } from '../shell.ts';
import type { Values } from '../command-line/options.ts';
import { demoText, isDemoText } from '../demo-text.ts';
import type { Prepared, TaskKind } from '../runs/kind.ts';
import { outputName, outputOf } from '../runs/output-options.ts';
import { recurrentDropoutOf } from '../runs/recurrent-dropout.ts';
import type { Shown } from '../runs/shown.ts';
import { grouped, wrap } from '../terminal/index.ts';
import { languageModelOf, type TextConfig, type TextData, type TextSettings } from './config.ts';
import { makeStreams, nameOf, readText, sha256, type TextSource } from './data.ts';
import { evaluateText } from './evaluate.ts';
import { inspectText } from './inspect.ts';
import { textOptions } from './options.ts';
import { symbolName, type TextTokens, tokensOf } from './tokens.ts';
import { t } from '../language/index.ts';

type TextValues = Values<typeof textOptions>;

export const text: TaskKind<TextConfig, typeof textOptions, LanguageModel> = {
  name: 'text',
  summary: 'train a language model over characters, words or byte pairs, and generate text',
  args: [['[files...]', 'text to train on, UTF-8 or UTF-16, also as .gz; - is standard input']],
  options: textOptions,
  examples: [
    'unrolled train text my.txt',
    'unrolled train text my.txt --cell lstm --hidden 512 --layers 2 --dropout 0.3 --minutes 10 --out runs/mine',
    'unrolled train text book.txt.gz --unit word --vocabulary 10000 --tie-weights --dropout 0.4 --epochs 10',
    'unrolled train text *.txt --config settings.json --seed 7',
  ],
  counts: 'characters',
  async prepare(values, args) {
    const files = [...args, ...(values.text?.split(',') ?? [])];
    const source = files.length > 0 ? readText(files) : demoSource(values.demo);
    return prepareText(source, files.length > 0 ? nameOf(files) : 'start', values);
  },
  describeLoss: (loss) => t`${loss.toFixed(3)} nats, ${(loss / Math.LN2).toFixed(3)} bits per character`,
  progress: (loss) => [t`${(loss / Math.LN2).toFixed(2)} bits/char`],
  result: (best) => ({ bitsPerCharacter: best === null ? null : best / Math.LN2 }),
  next: (run, prepared, stopped) => [
    `sample ${run}${prepared.example ? ` --prompt ${quoted(prepared.example)}` : ''}`,
    `eval ${run}`,
    ...(stopped || !isDemoText(prepared.data.source) ? [] : [t('train text my.txt --minutes 5     your own text')]),
  ],
  evaluates: ['file', 'text', 'weights', 'cache', 'cacheTheta', 'cacheWeight'],
  evaluate: evaluateText,
  inspect: inspectText,
};

function demoSource(demo: boolean): TextSource {
  if (!demo)
    throw new OptionError(
      'train text',
      'files',
      `name a text: ${invoked()} train text my.txt (or --demo for one that is already here)`,
    );
  const { text, description } = demoText();
  return { text, source: description, paths: [] };
}

/** Description of a loss per token, in place of that per character. */
const inTokens = {
  counts: 'tokens',
  describeLoss: (loss: number) => t`${loss.toFixed(3)} nats per token, perplexity ${perplexity(loss)}`,
  progress: (loss: number) => [t`perplexity ${perplexity(loss)}`],
  result: (best: number | null) => ({ perplexity: best === null ? null : Math.exp(best) }),
};

const perplexity = (loss: number) => Math.exp(loss).toPrecision(4);

function prepareText(source: TextSource, name: string, values: TextValues): Prepared<TextConfig, LanguageModel> {
  const { hidden, layers, embedding, dropout, tieWeights, batch, seqLength, valFrac } = values;
  const vocabulary = tokensOf(source.text, values);
  const what = symbolName(vocabulary);
  const input: TextGenerationInput = {
    kind: 'text-generation',
    tokens: what === 'characters' ? 'vocabulary' : 'tokenizer',
  };
  const ids = vocabulary.encode(source.text);
  const settings: TextSettings = { batch, seqLength, valFrac, reduction: values.reduction as 'mean' | 'sum' };
  const data: TextData = {
    source: source.source,
    paths: source.paths,
    characters: ids.length,
    sha256: sha256(source.text),
  };
  const trained = Math.floor(ids.length * (1 - valFrac));
  makeStreams(ids, settings); // says at once when the text is too short for them
  return {
    name,
    // The model knows its defaults; config.json has all of them, so that a run means the same when defaults change.
    model: new LanguageModel({
      vocabularySize: vocabulary.size,
      cell: values.cell as CellName,
      hiddenSize: hidden,
      numLayers: layers,
      embeddingDim: embedding ?? hidden,
      dropout,
      ...recurrentDropoutOf(values),
      block: values.block as BlockName,
      convolution: values.conv,
      tieWeights,
      ...outputOf('train text', values),
    }).config,
    contract: { type: 'language-model', input },
    settings,
    data,
    contents: { [input.tokens]: vocabulary.toJSON() },
    ...(what === 'tokens' ? { says: inTokens } : {}),
    warnings: [],
    example: promptOf(source, vocabulary),
    make(config) {
      const model = languageModelOf(config.model);
      return { model, task: languageTask(model, { ...makeStreams(ids, settings), reduction: settings.reduction }) };
    },
    introduce(model, { training }) {
      const { cell, block, numLayers, hiddenSize } = model.config;
      return [
        [
          t('text'),
          t`${grouped(trained)} ${t(what)} to learn, ${grouped(ids.length - trained)} to validate, ${grouped(vocabulary.size)} different`,
        ],
        [
          t('model'),
          t`${cell}${block === 'none' ? '' : t(' in residual blocks')}, ${numLayers} × ${hiddenSize} units, ${grouped(model.parameterCount())} parameters${outputName(model.config)}`,
        ],
        [t('steps'), t`${grouped(training.steps)} of ${batch} × ${seqLength} ${t(what)}`],
      ];
    },
    sample: (model, seed) => sample(model, { vocabulary, input }, seed),
  };
}

/** How a text may begin: with a word that is in this one, so that the model knows all of its symbols. */
export function promptOf({ text, source }: TextSource, vocabulary: TextTokens): string | null {
  const word = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]{0,19}(?![\p{M}\u200c\u200d])/u.exec(text)?.[0];
  const usual = source.startsWith('the declaration files') ? ['interface '] : [];
  const tries = word === undefined ? usual : [...usual, `${word} `, word];
  return tries.find((prompt) => isKnown(vocabulary, prompt)) ?? null;
}

function isKnown(vocabulary: TextTokens, prompt: string): boolean {
  if (vocabulary instanceof Tokenizer) {
    const ids = vocabulary.encode(prompt);
    return ids.length > 0 && !ids.includes(vocabulary.unknown);
  }
  try {
    return vocabulary.encode(prompt).length > 0;
  } catch (error) {
    if (error instanceof VocabularyError) return false;
    throw error;
  }
}

const [sampleLength, sampleLines] = [160, 5];

/** A short text from the model as it is. */
async function sample(model: LanguageModel, parts: TextGenerationParts, seed: number): Promise<Shown> {
  let text = '';
  const pipeline = textGenerationOf(model, parts);
  for await (const piece of pipeline.generate('', { maxTokens: sampleLength, seed, temperature: 0.8 }))
    text += piece.text;
  return {
    data: { text },
    lines: ({ width }) =>
      text
        .split('\n')
        .flatMap((line) => wrap(line, Math.min(100, width - 4)))
        .filter((line) => line.trim() !== '')
        .slice(0, sampleLines),
  };
}
