// A model that was read as a run of one of the library's tasks: it is sampled, asked, measured and inspected as a run that was trained here. What its file does
// not say (the vocabulary, the labels) is given, and what is missing is asked for by name.

import { configVersion, type InputContract, writeModelPart } from 'unrolled/pipelines';
import type { Certificate } from '../certificate/certificate.ts';
import { ConvertError } from '../errors.ts';
import { ownModel, type OwnModel, type OwnTask } from '../match/models.ts';
import type { WindowSettings } from '../match/text-graph.ts';
import type { ImportedModel, NamedText } from '../model/imported-model.ts';
import { ownVector } from './own-network.ts';
import { graphRun } from './graph-run.ts';
import type { RunParts } from './run-parts.ts';
import { runTokens, type RunTokens, type TextSettings, withRows } from './tokens.ts';
import { labelsOf } from './vocabulary.ts';

/** What a run of a task needs besides the network. */
export interface OwnRunOptions extends TextSettings, WindowSettings {
  readonly task: OwnTask;
  /** The vocabulary: JSON or lines, see docs/convert.md. */
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

/**
 * The run of a network that is the model of a task; or, as a text, why it is none, and a run of tensors is what it can be. Throws a ConvertError for a missing
 * vocabulary or missing labels, for those of another model, and where the model's numbers are not the graph's.
 */
export function ownRun(model: ImportedModel, certificate: Certificate, options: OwnRunOptions): RunParts | string {
  const { report, source } = model;
  const network = model.requireNetwork();
  const found = ownModel(network, options.task, report);
  if (typeof found === 'string') return graphRun(model, certificate, options, found);
  requireNoWindow(source, options);
  const { type, config } = found;
  const reader = { type, vocabularySize: config.vocabularySize as number };
  const tokens = runTokens(reader, vocabularyFor(model, options), options, report);
  const own = withRows(found, tokens.rows);
  const labels =
    own.type === 'language-model' ? null : labelsFor(own.config.classes, required(source, 'labels', options.labels));
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

/** The vocabulary that was given, or the one that came with the model. */
export function vocabularyFor({ source, vocabulary, network }: ImportedModel, options: OwnRunOptions): NamedText {
  const given = options.vocabulary ?? vocabulary;
  const isFloat = network?.graph.inputs[0]?.element === 'float';
  return required(source, 'vocabulary', given, isFloat ? '; a network of numbers is imported without --task' : '');
}

function requireNoWindow(source: string, { window, padding }: OwnRunOptions): void {
  const given = Object.entries({ window, padding }).find(([, value]) => typeof value === 'number');
  if (given)
    throw new ConvertError(source, {
      where: given[0],
      expected: 'none: the model reads texts of any length, symbol by symbol',
      got: String(given[1]),
    });
}

export function required(
  source: string,
  name: 'vocabulary' | 'labels',
  text: NamedText | null | undefined,
  more = '',
): NamedText {
  if (text) return text;
  const advice = {
    vocabulary: 'name a file of tokens by their ids: --vocabulary vocab.json',
    labels: 'name a file with one for each output: --labels labels.txt',
  };
  throw new ConvertError(source, {
    expected: name === 'vocabulary' ? 'a vocabulary' : 'labels',
    got: 'none, for which the format has no place',
    advice: advice[name] + more,
  });
}

function labelsFor(classes: number, { text, source }: NamedText): readonly string[] {
  return labelsOf(text, source, classes);
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
