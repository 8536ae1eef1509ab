// Makes the certificate of a model that was read: its network computes seeded inputs in float64 on the reference backend, which is plain loops, and on the
// current backend, which is what the model will run on. Vectors that came with the file count as well, and come first.

import { noGrad, Random, scope } from 'unrolled';
import type { GraphPort, GraphSpec } from 'unrolled/graph';
import { ConvertError } from '../errors.ts';
import type { ImportedModel } from '../model/imported-model.ts';
import {
  inFloat64,
  type TestVector,
  type VectorArray,
  vectorArray,
  vectorValue,
  vectorError,
} from '../model/vectors.ts';
import type { Certificate } from './certificate.ts';

/** Options of `certify`. */
export interface CertifyOptions {
  /** The SHA-256 of the file. */
  readonly sha256: string;
  /** The relative error up to which a replay passes. Default 1e-4. */
  readonly tolerance?: number;
}

const [batch, steps] = [2, 5]; // sizes of the seeded inputs where the graph leaves them open
const mostValues = 100_000; // of an input: a certificate is read with every opening

/**
 * Certifies the network of a model: seeded inputs, their outputs, the largest error, and the decisions that were taken. Throws a ConvertError where the error
 * is above the tolerance, or where the graph's inputs have sizes that no vector of moderate length has.
 */
export function certify(model: ImportedModel, { sha256, tolerance = 1e-4 }: CertifyOptions): Certificate {
  const { source, format, producer, report } = model;
  const { graph } = model.requireNetwork();
  const vectors = [...model.vectors, seededVector(model, graph)];
  const module = model.module();
  const error = scope(() => noGrad(() => vectorError(module, vectors, source)));
  if (!(error.relative <= tolerance))
    throw new ConvertError(source, {
      where: 'test vectors',
      expected: `a relative error of at most ${tolerance}`,
      got: error.relative.toExponential(1),
      advice: 'the conversion is not right, or the network amplifies rounding without bound',
    });
  return {
    format: 'unrolled certificate',
    version: 1,
    source: { name: source.split(/[/\\]/).at(-1) as string, format, producer, sha256 },
    target: 'unrolled',
    decisions: report.decisions,
    warnings: report.warnings,
    skipped: report.skipped,
    vectors,
    error: { ...error, tolerance },
  };
}

/** Inputs drawn from a fixed seed, and what the network makes of them in float64. */
function seededVector(model: ImportedModel, graph: GraphSpec): TestVector {
  const random = new Random(1);
  const inputs = Object.fromEntries(
    graph.inputs
      .filter(({ optional }) => !optional)
      .map((port) => [port.name, seededInput(model, graph, port, random)]),
  );
  const outputs = inFloat64(() => {
    const values = Object.entries(inputs).map(([name, value]) => [name, vectorValue(value)] as const);
    const found = model.module().forward(Object.fromEntries(values));
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, vectorArray(value)] as const));
  });
  return { inputs, outputs, from: 'float64, reference backend' };
}

function seededInput(model: ImportedModel, graph: GraphSpec, port: GraphPort, random: Random): VectorArray {
  const { name, element } = port;
  if (port.shape === null)
    throw new ConvertError(model.source, {
      where: `input ${name}`,
      expected: 'a shape',
      got: 'none',
      advice: 'give test vectors with the file',
    });
  const shape = port.shape.map((d) => (typeof d === 'number' ? d : /^(?:batch|n|b)/i.test(d) ? batch : steps));
  const size = shape.reduce((n, d) => n * d, 1);
  if (size > mostValues)
    throw new ConvertError(model.source, {
      where: `input ${name}`,
      expected: `at most ${mostValues} values`,
      got: `[${shape.join(', ')}]`,
    });
  const ids = idsOf(graph, name);
  const next =
    element === 'float' ? () => Math.fround(random.normal()) : () => random.integer(element === 'bool' ? 2 : ids);
  return { element, shape, values: Array.from({ length: size }, next) };
}

/** How many ids an integer input has: the rows of the embedding that reads it; 2 where none does. */
function idsOf(graph: GraphSpec, name: string): number {
  const embedding = graph.nodes.find(({ op, inputs }) => op === 'Embedding' && inputs[0] === name);
  const rows = embedding?.attributes?.numEmbeddings;
  return typeof rows === 'number' && rows > 0 ? rows : 2;
}
