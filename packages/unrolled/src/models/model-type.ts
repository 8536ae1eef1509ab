// Every model by the name of its type, as config.json has it.

import { shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** The name of a type of model, as config.json has it. */
export type ModelTypeName =
  | 'language-model'
  | 'sequence-classifier'
  | 'sequence-tagger'
  | 'seq2seq'
  | 'captioner'
  | 'visual-qa'
  | 'video-classifier'
  | 'video-tagger'
  | 'forecaster'
  | 'memory-model'
  | 'graph';

/** For a model's constructor: options that name a type, as `model.config` does, must name the class's own. */
export function requireType(who: string, type: ModelTypeName, options: { readonly type?: string }): void {
  const given = options?.type;
  if (given !== undefined && given !== type)
    throw new OptionError(
      who,
      'type',
      `expected ${type}, got ${shown(given)}; modelOf(config) finds the class of a type`,
    );
}
