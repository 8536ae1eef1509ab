// A model that was read as a run of one of the library's tasks: it is sampled, asked, measured and inspected as a run that was trained here. What its file does
// not say (the vocabulary, the labels) is given, and what is missing is asked for by name.

import { configVersion, type InputContract, writeModelPart } from 'unrolled/pipelines';
import type { Certificate } from '../certificate/certificate.ts';
import { ConvertError } from '../errors.ts';
import { ownModel, type OwnModel } from '../match/models.ts';
import type { ImportedModel } from '../model/imported-model.ts';
import { ConversionReport } from '../model/report.ts';
import { ownVector } from './own-network.ts';
import { givenLabels, givenVocabulary, kinds, type OwnRunOptions, requireNoWindow } from './given.ts';
import { graphRun } from './graph-run.ts';
import type { RunParts } from './run-parts.ts';
import { runTokens, type RunTokens, withRows } from './tokens.ts';

/**
 * The run of a network that is the model of a task; or, as a text, why it is none, and a run of tensors is what it can be. Throws a ConvertError for a missing
 * vocabulary or missing labels, for those of another model, and where the model's numbers are not the graph's.
 */
export function ownRun(model: ImportedModel, certificate: Certificate, options: OwnRunOptions): RunParts | string {
  const { report, source } = model;
  const network = model.requireNetwork();
  const tried = new ConversionReport(source);
  const found = ownModel(network, options.task, tried);
  if (typeof found === 'string') return graphRun(model, certificate, options, found);
  const padded = readsPadding(found, options);
  if (padded !== null) {
    const run = graphRun(model, certificate, options, padded);
    if (typeof run !== 'string') return run;
  }
  requireNoWindow(source, options);
  for (const { what, where, choice, why } of tried.decisions) report.decide(what, where, choice, why);
  if (found.type === 'sequence-classifier' && !found.path.masked)
    report.decide(
      'padding',
      null,
      'texts are read without padding',
      'there is no mask; --window 80 pads them to 80 tokens',
    );
  const { type, config } = found;
  const reader = { type, vocabularySize: config.vocabularySize as number };
  const tokens = runTokens(reader, givenVocabulary(model, options), options, report);
  const own = withRows(found, tokens.rows);
  const labels = own.type === 'language-model' ? null : givenLabels(source, own.config.classes, options);
  const { vector, error, same } = ownVector(model, own, tokens.rows);
  const { tolerance } = certificate.error;
  if (!(error.relative <= tolerance))
    throw new ConvertError(source, {
      where: `as a ${own.type}`,
      expected: `the probabilities of the network, up to ${tolerance}`,
      got: `a difference of ${error.relative.toExponential(1)}`,
      advice: 'import it without --task',
    });
  report.decide(
    'difference',
    null,
    same.absolute.toExponential(1),
    'the largest, of probabilities of a test vector through the graph and through the model',
  );
  const worse = error.relative > certificate.error.relative ? error : certificate.error;
  return {
    config: {
      format: 'unrolled run',
      version: configVersion,
      task: kinds[options.task],
      model: writeModelPart({ type: own.type, config: { ...own.config }, input: contractOf(options, tokens, own) }),
      data: { source: certificate.source.name, sha256: certificate.source.sha256, imported: true },
    },
    contents: {
      [tokens.name]: tokens.content,
      ...(labels && { [own.type === 'sequence-tagger' ? 'tags' : 'labels']: labels }),
    },
    certificate: {
      ...certificate,
      decisions: report.decisions,
      warnings: report.warnings,
      vectors: [vector],
      error: { ...worse, tolerance },
    },
    weights: own.weights,
  };
}

/** Why the graph has to read texts as it was trained, and not the model of the library: padding that it read, or a window that was asked for. */
function readsPadding({ type, path }: OwnModel, { window, padding }: OwnRunOptions): string | null {
  if (typeof window === 'number' || typeof padding === 'number') return 'it reads a window that was given';
  const length = path.input.shape?.[path.timeFirst ? 0 : 1];
  if (type !== 'sequence-classifier' || path.masked || typeof length !== 'number') return null;
  return `its input has ${length} steps, and it reads those that are padding, too`;
}

function contractOf({ task, maxTokens = 400 }: OwnRunOptions, { name, unit }: RunTokens, own: OwnModel): InputContract {
  switch (own.type) {
    case 'language-model':
      return { kind: task as 'text-generation', tokens: name as 'vocabulary' | 'tokenizer' };
    case 'sequence-classifier':
      return { kind: 'text-classification', maxTokens, longestTrained: null };
    case 'sequence-tagger':
      return {
        kind: 'token-classification',
        split: unit === 'character' ? 'characters' : 'spaces',
        longestTrained: null,
      };
    default:
      throw own satisfies never;
  }
}
