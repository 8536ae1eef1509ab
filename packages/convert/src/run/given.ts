// What a run of a task needs besides its network: what the format says of it, and what is asked for by name.

import { ConvertError } from '../errors.ts';
import type { OwnTask } from '../match/models.ts';
import type { WindowSettings } from '../match/text-graph.ts';
import type { ImportedModel, NamedText } from '../model/imported-model.ts';
import type { TextSettings } from './tokens.ts';
import { labelsOf } from './vocabulary.ts';

/** What a run of a task needs besides the network. */
export interface OwnRunOptions extends TextSettings, WindowSettings {
  readonly task: OwnTask;
  /** The vocabulary: JSON or lines, see docs/convert.md. Default: that of the file, of the formats that have one. */
  readonly vocabulary?: NamedText | null;
  /** The labels of a classifier or tagger in the order of its outputs: JSON or lines. */
  readonly labels?: NamedText | null;
  /** Tokens of a text that a classifier reads at most. Default 400. */
  readonly maxTokens?: number;
}

/** The names that tasks have in config.json. */
export const kinds = {
  'text-generation': 'text',
  'text-classification': 'classify',
  'token-classification': 'tag',
} as const satisfies Record<OwnTask, string>;

/** The vocabulary that was given, or the one that came with the model. Throws a ConvertError that asks for it. */
export function givenVocabulary({ source, vocabulary, network }: ImportedModel, options: OwnRunOptions): NamedText {
  const given = options.vocabulary ?? vocabulary;
  if (given) return given;
  const ofNumbers = network?.graph.inputs[0]?.element === 'float';
  throw new ConvertError(source, {
    expected: 'a vocabulary',
    got: 'none, for which the format has no place',
    advice: `name a file of tokens by their ids: --vocabulary vocab.json${ofNumbers ? '; a network of numbers is imported without --task' : ''}`,
  });
}

/** The labels of so many classes. Throws a ConvertError that asks for them. */
export function givenLabels(source: string, classes: number, { labels }: OwnRunOptions): readonly string[] {
  if (labels) return labelsOf(labels.text, labels.source, classes);
  throw new ConvertError(source, {
    expected: 'labels',
    got: 'none, for which the format has no place',
    advice: 'name a file with one for each output: --labels labels.txt',
  });
}

/** Refuses a window or padding of a model that needs none. */
export function requireNoWindow(source: string, { window, padding }: OwnRunOptions): void {
  const given = Object.entries({ window, padding }).find(([, value]) => typeof value === 'number');
  if (given)
    throw new ConvertError(source, {
      where: given[0],
      expected: 'none: the model reads texts of any length, symbol by symbol',
      got: String(given[1]),
    });
}
