// What a run reads when it is looked into, a task each: the text or the examples that validate, and first of all what the user gives it. One that was opened
// from elsewhere has nothing that validates, and reads what it is given.

import { LanguageModel, openRun, type Pipeline, SequenceClassifier } from 'unrolled';
import { parseDecimal, type RawImage } from 'unrolled/data';
import type { TestVector } from 'unrolled/graph';
import type { GraphReading as GraphContract } from 'unrolled/pipelines';
import type { Snapshot } from '../training/snapshot.ts';
import { CaptionReading } from './caption-reading.ts';
import { ChangedReading } from './changed-reading.ts';
import { ForecastReading } from './forecast-reading.ts';
import { GraphTextReading, TextOfGraph } from './graph-text-reading.ts';
import { LabelsReading } from './labels-reading.ts';
import { LanguageReading, mostSymbols } from './language-reading.ts';
import type { OwnForm, OwnInput } from './protocol.ts';
import { QuestionReading } from './question-reading.ts';
import { framesOf, readClips, readNumbers } from './steps.ts';
import { TagsReading } from './tags-reading.ts';
import { StepsOfGraph, TensorsReading } from './tensors-reading.ts';
import type { TraceReading } from './trace-reading.ts';
import { validating } from './validating.ts';
import { TranslationReading } from './translation-reading.ts';

/** What there is to read. */
export interface Given {
  readonly own: OwnInput | null;
  /** Rows of the table that validates, and the images that stand in it by their numbers. */
  readonly rows: readonly (readonly string[])[];
  readonly images: readonly RawImage[];
  /** The part of a text that validates. */
  readonly text: string;
  /** Inputs that a graph of another system was certified with. */
  readonly vectors: readonly TestVector[];
}

/** How runs of a task are looked into. */
interface TaskReading<P extends Pipeline> {
  /** Null for one that has no steps. */
  readonly own: (pipeline: P, given: Given) => OwnForm | null;
  /** Null where there is nothing to read. */
  readonly read: (pipeline: P, given: Given) => TraceReading | null;
}

/** A text of more characters has more symbols than are read. */
const mostCharacters = 64 * mostSymbols;

const words: OwnForm = { text: 'text', images: null };
const squares = (image: { readonly height: number } | null, most: number): OwnForm['images'] =>
  image && { size: image.height, most };

/** Every task whose inside can be looked into. */
const readings: { readonly [T in Pipeline['task']]?: TaskReading<Extract<Pipeline, { readonly task: T }>> } = {
  'text-generation': {
    own: () => words,
    read({ model, vocabulary, input }, { own, text }) {
      const ids = Array.from(vocabulary.encode((own?.text ?? text).slice(0, mostCharacters)));
      if (ids.length === 0) return null;
      if (model instanceof LanguageModel) return new LanguageReading(model, vocabulary, Int32Array.from(ids));
      const symbolOf = (id: number) => vocabulary.decode([id]);
      const graph = new TextOfGraph(model, input.graph as GraphContract);
      const labels = Array.from({ length: graph.contract.symbols }, (_, id) => symbolOf(id));
      return new GraphTextReading(graph, { ids, symbols: ids.map(symbolOf) }, labels, 'text');
    },
  },
  'text-classification': {
    own: () => words,
    read(pipeline, { own, rows }) {
      const examples = [...mine(own), ...rows.map(([text, label]) => [text, label] as const)];
      if (examples.length === 0) return null;
      const { model, tokenizer, labels, input } = pipeline;
      if (model instanceof SequenceClassifier) return LabelsReading.of({ ...pipeline, model }, examples);
      const ids = Array.from(tokenizer.encode(examples[0][0]).slice(0, input.maxTokens));
      const symbols = ids.map((id) => `${tokenizer.decode([id]) || tokenizer.token(id)} `);
      return new GraphTextReading(
        new TextOfGraph(model, input.graph as GraphContract),
        { ids, symbols },
        labels,
        'labels',
      );
    },
  },
  'token-classification': {
    own: () => words,
    read(pipeline, { own, rows }) {
      const examples = rows.map(([tokens, tags]) => [JSON.parse(tokens), JSON.parse(tags)] as [string[], string[]]);
      const text = own?.text ?? '';
      const tokens = pipeline.input.split === 'characters' ? Array.from(text) : text.split(/\s+/).filter(Boolean);
      const all = tokens.length === 0 ? examples : [[tokens, null] as const, ...examples];
      return all.length > 0 ? TagsReading.of(pipeline, all) : null;
    },
  },
  translation: {
    own: () => words,
    read(pipeline, { own, rows }) {
      const examples = [...mine(own), ...rows.map(([source, target]) => [source, target] as const)];
      return examples.length > 0 ? new TranslationReading(pipeline, examples) : null;
    },
  },
  'image-to-text': {
    own: ({ input }) => ({ text: null, images: squares(input.image, 1) }),
    read(pipeline, { own, rows, images }) {
      const wanted = new Map<RawImage, string[]>();
      for (const [n, caption] of rows)
        wanted.set(images[Number(n)], [...(wanted.get(images[Number(n)]) ?? []), caption]);
      const examples = [...(own?.images ?? []).map((image) => [image, []] as const), ...wanted];
      return examples.length > 0 ? new CaptionReading(pipeline, examples) : null;
    },
  },
  'visual-question-answering': {
    own: ({ input }) => ({ text: 'question', images: squares(input.image, 1) }),
    read(pipeline, { own, rows, images }) {
      const examples = rows.map(([n, question, answer]) => [images[Number(n)], question, answer] as const);
      const image = own?.images.at(0) ?? examples.at(0)?.[0] ?? null;
      const asked =
        own && own.text !== '' && (image || !pipeline.input.image) ? [[image, own.text, null] as const] : [];
      const all = [...asked, ...examples];
      return all.length > 0 ? new QuestionReading(pipeline, all) : null;
    },
  },
  'video-classification': {
    own: ({ input }) => ({ text: null, images: squares(input.image, input.maxFrames) }),
    read(pipeline, { own, rows, images }) {
      const examples = rows.map(([n, label]) => [framesOf(images[Number(n)]), label] as const);
      const all = own && own.images.length > 0 ? [[own.images, null] as const, ...examples] : examples;
      return all.length > 0 ? readClips(pipeline, all) : null;
    },
  },
  'time-series-forecasting': {
    own: ({ input: { columns, known, horizon } }) => ({
      text: 'numbers',
      columns: [...columns, ...known],
      ...(known.length > 0 && { ahead: { rows: horizon, known } }),
      images: null,
    }),
    read(pipeline, { own, rows }) {
      const { columns, known, horizon } = pipeline.input;
      const open = known.length > 0 ? { rows: horizon, columns: columns.length } : undefined;
      const all = own ? numbersOf(own.text, columns.length + known.length, open) : rows.map((row) => row.map(Number));
      return all.length > 0 ? new ForecastReading(pipeline, all) : null;
    },
  },
  'time-series-classification': {
    own: ({ features }) => ({ text: 'numbers', columns: features.names, images: null }),
    read(pipeline, { own }) {
      return own ? readNumbers(pipeline, numbersOf(own.text, pipeline.features.names.length)) : null;
    },
  },
  tensors: {
    own({ model }, { vectors }) {
      const steps = StepsOfGraph.of(model, vectors);
      return steps && { text: 'numbers', columns: steps.columns, images: null };
    },
    read({ model }, { own, vectors }) {
      const steps = StepsOfGraph.of(model, vectors);
      if (!steps) return null;
      return new TensorsReading(
        steps,
        own ? [numbersOf(own.text, steps.width)] : vectors.map((vector) => steps.rowsOf(vector)),
      );
    },
  },
};

/** The test vectors of a certificate. */
const vectorsOf = (certificate: unknown): readonly TestVector[] =>
  (Object(certificate) as { readonly vectors?: readonly TestVector[] }).vectors ?? [];

/** A text of the user's own as an example whose answer is not known. */
const mine = (own: OwnInput | null): (readonly [string, null])[] => (own && own.text !== '' ? [[own.text, null]] : []);

/** Rows of numbers, a line each; rows of one number may share a line. In the last rows of `open` its first columns may be `?`, which is NaN: they are still to come. */
function numbersOf(text: string, count: number, open = { rows: 0, columns: 0 }): number[][] {
  const lines = text.split(count === 1 ? /[\s,;]+/ : '\n').filter((line) => line.trim() !== '');
  return lines.map((line, k) => {
    const fields = line.trim().split(/[\s,;]+/);
    const isOpen = (c: number) => k >= lines.length - open.rows && c < open.columns && fields[c] === '?';
    const numbers = fields.map(parseDecimal);
    if (numbers.length === count && numbers.every((value, c) => isOpen(c) || Number.isFinite(value))) return numbers;
    throw new Error(`row ${k + 1}: expected ${count} numbers, got ${line.trim().slice(0, 40)}`);
  });
}

/** Reads what validates, and first what is the user's own. Rejects with an error that says what cannot be looked into. */
export async function openReading(
  { files, heldOut, text, spec }: Snapshot,
  own: OwnInput | null,
): Promise<{ readonly own: OwnForm | null; readonly reading: ChangedReading | null }> {
  if (spec.data.kind === 'memory') return { own: null, reading: null }; // it reads what is made for it
  const { rows, images } = heldOut?.kind === 'table' ? heldOut : { rows: [], images: [] };
  const vectors = vectorsOf(files['certificate.json']);
  const given = { own, rows, images, vectors, text: validating(text, spec.settings.validation) };
  const pipeline = await openRun(files);
  const read = () => readingOf(pipeline, given);
  const { own: form, reading } = read();
  const again = () => read().reading as TraceReading; // what could be read once
  return { own: form, reading: reading && new ChangedReading(pipeline.model, reading, again) };
}

/** The reading of a run that is open; no form for one that has no steps. */
export function readingOf(
  pipeline: Pipeline,
  given: Given,
): { readonly own: OwnForm | null; readonly reading: TraceReading | null } {
  const task = readings[pipeline.task] as TaskReading<Pipeline> | undefined;
  return task ? { own: task.own(pipeline, given), reading: task.read(pipeline, given) } : { own: null, reading: null };
}
