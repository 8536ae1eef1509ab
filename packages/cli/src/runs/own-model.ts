// Runs of text may have the graph of a model of another system: it is sampled and asked as any other, and what looks into cells or trains knows the
// library's own models alone.

import { FormatError, type Module } from 'unrolled';
import { GraphModel } from 'unrolled/graph';

/** The model, if it is one of the library's own; throws a FormatError for a graph. */
export function requireOwnModel<M extends Module>(path: string, model: M | GraphModel, command: string): M {
  if (!(model instanceof GraphModel)) return model;
  throw new FormatError(
    path,
    `has the graph of a model of another system, which unrolled sample and predict run; unrolled ${command} knows the library's own models alone`,
  );
}
