// What is exported: the library's model as one graph or several, with weights under the library's own names. A writer knows formats and graphs, and not the
// library's models: those become graphs in one place, `export/graphs/`.

import type { StateDict } from 'unrolled';
import type { GraphSpec } from 'unrolled/graph';
import type { TestVector } from '../model/vectors.ts';

/** What a model is that has no graph, for a refusal. */
export function withoutGraph({ config }: Pick<ExportedNetwork, 'config'>): string {
  return config.characters ? 'a tagger with character features' : String(config.type);
}

/** A model on its way out. */
export interface ExportedNetwork {
  /** What the files are called, without an extension: `model`. */
  readonly name: string;
  /** The graphs by their part: `model` alone, or `encoder` and `decoder` (one step) of a translator or captioner. */
  readonly graphs: ReadonlyMap<string, GraphSpec>;
  /** The weights by the names in the graphs; a tied weight stands once and is named twice in `aliases`. */
  readonly weights: StateDict;
  /** Other names of weights: alias → the name in `weights`. */
  readonly aliases: ReadonlyMap<string, string>;
  /** The model's own part of config.json: type, sizes, and input contract where it comes from a run. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Vocabulary, labels and the like, written next to the model: file name → JSON. */
  readonly parts: ReadonlyMap<string, unknown>;
  /** Test vectors by part. */
  readonly vectors: ReadonlyMap<string, readonly TestVector[]>;
}
