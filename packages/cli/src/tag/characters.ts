// The characters of a word, which a tagger may read next to its embedding.

import { OptionError } from 'unrolled';
import { type TokenCharacters, TokenVocabulary } from 'unrolled/data';
import type { CharacterConfig, CharacterFeatures, CharacterOptions } from 'unrolled/layers';
import type { TokenClassificationPipeline } from 'unrolled/pipelines';
import type { OptionTable, Values } from '../command-line/options.ts';
import { unknownWarning } from '../examples/say.ts';
import { grouped } from '../terminal/index.ts';
import { t } from '../language/index.ts';

const needs = { charFeatures: ['cnn', 'lstm'] };

export const characterOptions = {
  charFeatures: {
    kind: 'choice',
    default: 'none',
    choices: ['none', 'cnn', 'lstm'],
    group: 'Model',
    also: ['char-feature'],
    help: 'character features: a vector of each word’s characters next to its embedding, by a cnn or an lstm; for unknown words and endings',
  },
  charEmbedding: {
    kind: 'integer',
    default: 30,
    min: 1,
    max: 65_536,
    group: 'Model',
    needs,
    also: ['char-embedding-dim'],
    help: 'embedding size of a character',
  },
  charHidden: {
    kind: 'integer',
    default: null,
    min: 1,
    max: 65_536,
    group: 'Model',
    needs,
    also: ['char-hidden-size'],
    help: 'character features: filters of the cnn, or hidden size of each direction of the lstm (default: 30 of a cnn, 25 of an lstm)',
  },
} as const satisfies OptionTable;

/** Above this part of unknown tokens it is worth reading characters: at 16 % they halve the errors (docs/tagging.md). */
const manyUnknown = 0.05;
const most = 32; // characters; of a longer word the beginning and the end are read

/** The characters of the training data; null without character features. Throws an OptionError where every token is a character already. */
export function tokenCharacters(
  { charFeatures }: Values<typeof characterOptions>,
  rows: readonly (readonly string[])[],
  alreadyCharacters: boolean,
): TokenCharacters | null {
  if (charFeatures === 'none') return null;
  if (alreadyCharacters)
    throw new OptionError('train tag', '--char-features', 'every token is one character already; leave it out');
  const spelled = rows.flat().map((token) => Array.from(token));
  const longest = spelled.reduce((length, one) => Math.max(length, one.length), 0);
  return {
    // Rare characters are unknown ones, so that the model is trained on these too.
    vocabulary: TokenVocabulary.of(spelled, { size: null, minCount: 2, lowercase: false }),
    longest: Math.min(longest, most),
  };
}

/** The same of a saved run. */
export function charactersOf({
  model,
  characters,
}: Pick<TokenClassificationPipeline, 'model' | 'characters'>): TokenCharacters | null {
  const { characters: config } = model.config;
  return config && characters ? { vocabulary: characters, longest: config.longest } : null;
}

/** The model's options. */
export function characterConfig(
  { charFeatures, charEmbedding, charHidden }: Values<typeof characterOptions>,
  characters: TokenCharacters | null,
): CharacterOptions | null {
  if (characters === null) return null;
  return {
    features: charFeatures as CharacterFeatures,
    vocabularySize: characters.vocabulary.size,
    longest: characters.longest,
    embeddingDim: charEmbedding,
    ...(charHidden === null ? {} : { hiddenSize: charHidden }),
  };
}

/** For the first screen. */
export function charactersRow(config: CharacterConfig | undefined): (readonly [string, string])[] {
  if (!config) return [];
  const { features, vocabularySize, hiddenSize } = config;
  const by =
    features === 'cnn' ? t`a cnn of ${hiddenSize} filters` : t`an lstm of ${hiddenSize} units, both directions`;
  return [[t('chars'), t`${grouped(vocabularySize)} different, read by ${by}`]];
}

/** How many tokens of the validation part are unknown, and what helps where these are many words. */
export function unknownWords(share: number, readsCharacters: boolean): string[] {
  const warnings = unknownWarning('the validation part', share);
  if (readsCharacters || share < manyUnknown) return warnings;
  return warnings.map(
    (warning) => t`${warning}; --char-features lstm reads the characters of words, those of new ones too`,
  );
}
