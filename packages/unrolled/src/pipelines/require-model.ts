// What a pipeline of a model in memory is made from, checked before it is made.

import { type Kind, requireKinds, shown } from '../checks.ts';
import { OptionError } from '../errors.ts';

/** Throws an OptionError unless `model` is of one of the classes and `parts` has what the pipeline needs besides. */
export function requireModel(
  who: string,
  model: unknown,
  classes: readonly (abstract new (...args: never[]) => unknown)[],
  parts: unknown,
  kinds: Kind,
): void {
  if (!classes.some((type) => model instanceof type))
    throw new OptionError(
      who,
      'model',
      `expected a ${classes.map(({ name }) => name).join(' or ')}, got ${shown(model)}`,
    );
  requireKinds(who, { parts }, { parts: kinds });
}
