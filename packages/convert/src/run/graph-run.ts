// A run of text whose model is the graph itself: for networks that are none of the library's own, with attention, convolutions or gates of other functions.

import { configVersion, type InputContract, writeModelPart } from 'unrolled/pipelines';
import type { Certificate } from '../certificate/certificate.ts';
import { Mismatch } from '../match/path.ts';
import { textGraph, withWindow, type TextGraph } from '../match/text-graph.ts';
import type { ImportedModel, ImportedNetwork } from '../model/imported-model.ts';
import { givenLabels, givenVocabulary, kinds, type OwnRunOptions } from './given.ts';
import type { RunParts } from './run-parts.ts';
import { runTokens } from './tokens.ts';

/** The run; or, as a text, why the graph is no model of the task either. `why` it is none of the library's own becomes a decision. */
export function graphRun(
  model: ImportedModel,
  certificate: Certificate,
  options: OwnRunOptions,
  why: string,
): RunParts | string {
  const { task } = options;
  const { graph } = model.network as ImportedNetwork;
  if (task === 'token-classification') return why;
  let found: TextGraph;
  try {
    found = textGraph(graph, certificate.vectors[certificate.vectors.length - 1], task);
  } catch (error) {
    if (error instanceof Mismatch) return `${why}; and as a graph, ${error.message}`;
    throw error;
  }
  const { report, source } = model;
  report.decide('model', null, 'the graph as it is', why);
  const type = task === 'text-generation' ? 'language-model' : 'sequence-classifier';
  const reader = { type, vocabularySize: found.reading.symbols, grows: false } as const;
  const tokens = runTokens(reader, givenVocabulary(model, options), options, report);
  const labels = task === 'text-generation' ? null : givenLabels(source, found.classes, options);
  const reading = withWindow(found, options as OwnRunOptions & { task: typeof task }, graph, tokens.padding, report);
  const input: InputContract =
    task === 'text-generation'
      ? { kind: task, tokens: tokens.name as 'vocabulary' | 'tokenizer', graph: reading }
      : { kind: task, maxTokens: options.maxTokens ?? 400, longestTrained: null, graph: reading };
  return {
    config: {
      format: 'unrolled run',
      version: configVersion,
      task: kinds[task],
      model: writeModelPart({ type: 'graph', config: { graph }, input }),
      data: { source: certificate.source.name, sha256: certificate.source.sha256, imported: true },
    },
    contents: {
      [tokens.name]: tokens.content,
      ...(labels && { labels }),
    },
    certificate: { ...certificate, decisions: report.decisions, warnings: report.warnings },
    weights: model.module().stateDict(),
  };
}
