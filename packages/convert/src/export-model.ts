// A model of the library written in a format, with its certificate: the test vectors that the library computed in float64, how far its own float32 is from
// them, and every decision. The files can be asked again: `verifyWeights` for those that we read ourselves, `verifyOutputs` for what somebody else computed.

import { encoded } from './bytes/text.ts';
import { modelOf, Module, type StateDict } from 'unrolled';
import { ConvertError } from './errors.ts';
import { computeHere, exportedNetwork, type VectorArrays } from './export/export-model.ts';
import { type TestVector, type VectorError, vectorValue, compareOutputs } from './model/vectors.ts';
import { readModel } from './read-model.ts';
import { writeNetwork, type WrittenFormat } from './write-model.ts';
import { type Certificate, certificateName, certificateOf } from './certificate/certificate.ts';

/** Options of `exportModel`. */
export interface ExportOptions {
  /** What the files are called, without an extension. Default 'model'. */
  readonly name?: string;
  /** The SHA-256 of the model's file, where it has one. */
  readonly sha256?: string;
  /** The model's input contract, as config.json has it; it goes into the files' metadata. */
  readonly input?: unknown;
}

/** A model that was exported. */
export interface ExportedModel {
  /** The files by their names; certificate.json is one. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly certificate: Certificate;
}

/** A model of the library: its type is in its config. */
export type LibraryModel = Module & { readonly config: { readonly type?: string } };

const leastTolerance = 1e-5;

/** Writes a model in a format. Throws a ConvertError for what the format cannot express, with the way round where there is one. */
export async function exportModel(
  model: LibraryModel,
  format: WrittenFormat,
  { name = 'model', sha256 = '', input }: ExportOptions = {},
): Promise<ExportedModel> {
  requireLibraryModel(model);
  const exported = exportedNetwork(model, name);
  const network = input === undefined ? exported : { ...exported, config: { ...exported.config, input } };
  const { files, report, vectors } = await writeNetwork(network, format);
  const error = largest(
    Array.from(network.vectors).flatMap(([part, own]) =>
      own.map((vector) => errorOf(name, vector, computeHere(model, part, vector.inputs))),
    ),
  );
  const certificate: Certificate = {
    format: 'unrolled certificate',
    version: 1,
    source: { name, format: 'unrolled', producer: 'unrolled', sha256 },
    target: format,
    decisions: report.decisions,
    warnings: report.warnings,
    skipped: report.skipped,
    vectors: Array.from(vectors).flatMap(([part, all]) =>
      part === 'model' ? all : all.map((vector) => ({ part, ...vector })),
    ),
    error: { ...error, tolerance: Math.max(leastTolerance, 10 * error.relative) },
  };
  const json = encoded(`${JSON.stringify(certificate)}\n`);
  return { files: new Map([...files, [certificateName, json]]), certificate };
}

/** A module of one's own has no configuration, by which its network is known. */
function requireLibraryModel(model: LibraryModel): void {
  if (model instanceof Module && typeof Object(model.config).type === 'string') return;
  throw new ConvertError('exportModel', {
    where: 'model',
    expected: 'one of the models of the library, as LanguageModel or SequenceClassifier',
    got: model instanceof Module ? model.constructor.name : typeof model,
    advice: 'the weights of a module of your own are written by writeSafetensors(module.stateDict()) of unrolled/io',
  });
}

/**
 * Reads exported weights back, makes the model of `config` with them, and computes the certificate's vectors. Throws a ConvertError where the error is above
 * the certificate's tolerance, and an error of the library for weights that are not the model's.
 */
export async function verifyWeights(
  config: LibraryModel['config'],
  bytes: Uint8Array,
  certificate: unknown,
  name = 'weights',
): Promise<VectorError> {
  const read = await readModel(bytes, { name });
  const model = modelOf(config as never) as LibraryModel;
  const state: StateDict = new Map();
  for (const weight of model.stateDict().keys()) {
    const array = read.arrays.get(weight);
    const data = array?.values(); // as they were written: float64 moments are not rounded
    const isWeight = data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array;
    if (array && isWeight) state.set(weight, { shape: array.shape, data });
  }
  model.loadStateDict(state, name).eval();
  return verifyOutputs(certificate, async (inputs, _, part) => computeHere(model, part, inputs), name);
}

/**
 * Compares what somebody computes for the certificate's inputs, given the names of the outputs, and the graph that they are of: `model`, or one of several.
 * Throws a ConvertError where the error is above its tolerance.
 */
export async function verifyOutputs(
  certificate: unknown,
  run: (inputs: VectorArrays, outputs: readonly string[], part: string) => Promise<VectorArrays>,
  name = certificateName,
): Promise<VectorError> {
  const { vectors, error } = certificateOf(certificate, name);
  const errors: VectorError[] = [];
  for (const vector of vectors) {
    const { inputs, outputs, part = 'model' } = vector;
    errors.push(errorOf(name, vector, await run(inputs, Object.keys(outputs), part)));
  }
  const found = largest(errors);
  if (found.relative <= error.tolerance) return found;
  throw new ConvertError(name, {
    where: 'test vectors',
    expected: `a relative error of at most ${error.tolerance}`,
    got: found.relative.toExponential(1),
    advice: 'this is not the model that was certified, or it is computed otherwise here',
  });
}

function errorOf(name: string, { outputs }: TestVector, got: VectorArrays): VectorError {
  const values = Object.entries(got).map(([key, array]) => [key, vectorValue(array)] as const);
  return compareOutputs(name, outputs, Object.fromEntries(values));
}

/** NaN is larger than all. */
function largest(errors: readonly VectorError[]): VectorError {
  const most = (of: keyof VectorError) => errors.reduce((a, error) => (error[of] <= a ? a : error[of]), 0);
  return { absolute: most('absolute'), relative: most('relative') };
}
