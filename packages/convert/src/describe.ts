// What is in a model file, for people and programs: nothing of it is run and no module is made.

import type { ElementType } from './arrays/element.ts';
import type { ReadOptions } from './formats/format.ts';
import type { FormatName, LayerSummary } from './model/imported-model.ts';
import type { Decision, Problem, Skipped, Warning } from './model/report.ts';
import type { ModelSource } from './source/model-files.ts';
import { readAnyway } from './read-model.ts';

/** What a model file holds. */
export interface ModelDescription {
  readonly source: string;
  readonly format: FormatName;
  readonly producer: string | null;
  readonly layers: readonly LayerSummary[];
  readonly arrays: readonly {
    readonly name: string;
    readonly element: ElementType;
    readonly shape: readonly number[];
  }[];
  /** The number of elements of all float arrays. */
  readonly parameters: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whether the file has a network, or weights alone. */
  readonly network: boolean;
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Warning[];
  readonly skipped: readonly Skipped[];
  /** What does not convert, and what would have to be there. Empty for a file that `readModel` reads. */
  readonly problems: readonly Problem[];
}

/** Describes a model file: layers, arrays, what was decided, what was skipped, and what would not convert. Throws only for files that are damaged. */
export async function describeModel(source: ModelSource, options: ReadOptions = {}): Promise<ModelDescription> {
  const model = await readAnyway(source, options);
  const arrays = Array.from(model.arrays.values(), ({ name, element, shape }) => ({ name, element, shape }));
  const floats = Array.from(model.arrays.values()).filter(({ element }) => element.includes('float'));
  const ports = (list: readonly { name: string; shape: readonly (number | string)[] | null }[] = []) =>
    list.map(({ name, shape }) => `${name} [${shape ? shape.join(', ') : '…'}]`);
  const { decisions, warnings, skipped, problems } = model.report;
  return {
    source: model.source,
    format: model.format,
    producer: model.producer,
    layers: model.layers,
    arrays,
    parameters: floats.reduce((sum, { size }) => sum + size, 0),
    inputs: ports(model.network?.graph.inputs),
    outputs: ports(model.network?.graph.outputs),
    network: model.network !== null,
    decisions,
    warnings,
    skipped,
    problems,
  };
}
