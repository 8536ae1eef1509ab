// What a network attends to while it writes or reads: a translator's source, a captioner's image, and the map of an image that a question moves through.
// A weight may be changed: the step is taken again with it, and the words that follow are written anew.

import { CaptionStepper, noGrad, openRun, type Pipeline, scope, Seq2SeqStepper, tensor } from 'unrolled';
import { beamTree, type BeamTreeNode, changeAttention } from 'unrolled/analysis';
import type { RawImage } from 'unrolled/data';
import type { ImageContract } from 'unrolled/pipelines';
import type { TreeNode } from 'unrolled/lessons';
import type { Snapshot } from '../training/snapshot.ts';
import { planes } from './planes.ts';
import type { Asked, Attended, AttentionExamples, BeamFound, WeightEdit } from './protocol.ts';

const [mostExamples, longestCaption] = [60, 50];

/** What a search needs: a model as rows that are stepped, and what may be written. */
interface Writer {
  readonly stepper: Seq2SeqStepper | CaptionStepper;
  readonly start: number;
  readonly end: number | null;
  readonly suppress: readonly number[];
  readonly maxLength: number;
  readonly lengthPenalty: number;
  readonly reversed: boolean;
  readonly token: (id: number) => string;
  readonly text: (ids: Iterable<number>) => string;
}

export class AttentionReading {
  readonly #pipeline: Pipeline;
  readonly #rows: readonly (readonly string[])[];
  readonly #images: readonly RawImage[];
  /** The captions of an image, by its number: each of them is correct. */
  readonly #captions = new Map<string, readonly string[]>();

  private constructor(pipeline: Pipeline, rows: readonly (readonly string[])[], images: readonly RawImage[]) {
    [this.#pipeline, this.#images] = [pipeline, images];
    for (const [n, caption] of pipeline.task === 'image-to-text' ? rows : [])
      this.#captions.set(n, [...(this.#captions.get(n) ?? []), caption]);
    const first = ([n, caption]: readonly string[]) => (this.#captions.get(n)?.[0] ?? caption) === caption;
    this.#rows = rows.filter(first).slice(0, mostExamples);
  }

  /** Rejects with an error that says why nothing can be shown. */
  static async open({ files, heldOut }: Snapshot): Promise<AttentionReading> {
    const pipeline = await openRun(files);
    const table = heldOut?.kind === 'table' ? heldOut : { rows: [], images: [] };
    return new AttentionReading(pipeline, table.rows, table.images);
  }

  /** What there is to look at; null for a network that attends to nothing. */
  examples(): AttentionExamples | null {
    const pipeline = this.#pipeline;
    if (pipeline.task === 'translation') {
      if (['plain', 'context', 'repeat'].includes(pipeline.model.config.decoder)) return null;
      return { kind: 'translation', names: this.#rows.map(([source]) => source), readsOwn: true };
    }
    if (pipeline.task === 'image-to-text') {
      if (!['soft', 'hard'].includes(pipeline.model.config.form)) return null;
      return { kind: 'caption', names: this.#rows.map(([, caption]) => caption), readsOwn: false };
    }
    if (pipeline.task !== 'visual-question-answering' || pipeline.model.config.form !== 'map') return null;
    return { kind: 'question', names: this.#rows.map(([, question]) => question), readsOwn: true };
  }

  async attend(asked: Asked, edits: readonly WeightEdit[]): Promise<Attended> {
    const pipeline = this.#pipeline;
    if (pipeline.task === 'visual-question-answering') return this.#question(asked);
    const [row, image] = [this.#rows[asked.index] ?? [], this.#imageOf(asked.index)];
    const { steps, text } = scope(() => noGrad(() => this.#written(asked, edits)));
    if (pipeline.task === 'translation')
      return {
        kind: 'translation',
        image: null,
        map: null,
        source: this.#sourceTokens(asked),
        steps,
        text,
        target: asked.own === null ? (row[1] ?? null) : null,
        answers: [],
        changes: true,
      };
    if (pipeline.task !== 'image-to-text') throw new Error(`a run of ${pipeline.task} attends to nothing`);
    const [rows, columns] = pipeline.model.encoder?.mapSize ?? [1, steps[0]?.weights.length ?? 1];
    return {
      kind: 'caption',
      image,
      map: [rows, columns],
      source: Array.from({ length: rows * columns }, (_, k) => `${Math.floor(k / columns) + 1}, ${(k % columns) + 1}`),
      steps,
      text,
      target: this.#captions.get(row[0])?.find((caption) => caption === text) ?? row[1] ?? null,
      answers: [],
      changes: true,
    };
  }

  #imageOf(index: number): RawImage | null {
    return this.#images[Number(this.#rows[index]?.[0])] ?? null;
  }

  async #question({ index, own }: Asked): Promise<Attended> {
    const pipeline = this.#pipeline;
    const image = this.#imageOf(index);
    if (pipeline.task !== 'visual-question-answering' || !image) throw new Error('there is no image to ask about');
    const row = this.#rows[index];
    const question = own ?? row[1];
    const [{ words, weights, map }, [answer]] = await Promise.all([
      pipeline.attention(image, question),
      pipeline.answer(image, question, { topK: 6 }),
    ]);
    return {
      kind: 'question',
      image,
      map,
      source: Array.from({ length: map[0] * map[1] }, (_, k) => `${Math.floor(k / map[1]) + 1}, ${(k % map[1]) + 1}`),
      steps: words.map((token, k) => ({ token, probability: Number.NaN, weights: weights[k], edited: false })),
      text: answer.answer,
      target: own === null ? (row[2] ?? null) : null,
      answers: answer.scores.map(({ answer: label, score }) => ({ label, probability: score })),
      changes: false,
    };
  }

  #sourceTokens({ index, own }: Asked): readonly string[] {
    if (this.#pipeline.task !== 'translation') return [];
    const { source } = this.#pipeline.tokenizers;
    return Array.from(source.encode(own ?? this.#rows[index][0]), (id) => source.decode([id]) || source.token(id));
  }

  #writer({ index, own }: Asked): Writer {
    const pipeline = this.#pipeline;
    if (pipeline.task === 'translation') {
      const { model, tokenizers, input } = pipeline;
      const { source, target } = tokenizers;
      const ids = source.encode(own ?? this.#rows[index][0]);
      const { start, end, reverseSource } = model.eval().config;
      return {
        stepper: new Seq2SeqStepper(model, [ids.length > 0 ? ids : Int32Array.of(source.unknown)]),
        start,
        end,
        suppress: [start, target.pad, target.unknown],
        maxLength: 2 * input.longestTrained.target + 10,
        lengthPenalty: 0.6,
        reversed: reverseSource,
        token: (id) => (id === end ? endSign : target.decode([id]) || target.token(id)),
        text: (all) => target.decode(all),
      };
    }
    const image = this.#imageOf(index);
    if (pipeline.task !== 'image-to-text' || !image || !pipeline.input.image)
      throw new Error('there is no image to look at');
    const { model, tokenizer, input } = pipeline;
    const { start, end } = model.eval().config;
    return {
      stepper: new CaptionStepper(model, planes(image, input.image as ImageContract)),
      start,
      end,
      suppress: [start, tokenizer.pad, tokenizer.unknown],
      maxLength: longestCaption,
      lengthPenalty: 0.7,
      reversed: false,
      token: (id) => (id === end ? endSign : tokenizer.decode([id]) || tokenizer.token(id)),
      text: (all) => tokenizer.decode(all),
    };
  }

  /** The most probable token at every step, with the weights that were asked for. */
  #written(asked: Asked, edits: readonly WeightEdit[]): Pick<Attended, 'steps' | 'text'> {
    const writer = this.#writer(asked);
    const { stepper, end } = writer;
    const steps: Attended['steps'][number][] = [];
    const ids: number[] = [];
    let read = writer.start;
    for (let t = 0; t < writer.maxLength; t++) {
      const edit = edits.find(({ step }) => step === t);
      const step = () => stepper.step(Int32Array.of(read), Int32Array.of(0));
      const scores = edit ? changeAttention(() => weightsOf(edit.weights, writer.reversed), step) : step();
      for (const id of writer.suppress) scores[id] = -Infinity;
      const id = scores.indexOf(scores.reduce((best, v) => Math.max(best, v), -Infinity));
      const weights = Array.from(stepper.attention?.[0] ?? []);
      steps.push({ token: writer.token(id), probability: Math.exp(scores[id]), weights, edited: edit !== undefined });
      if (id === end) break;
      ids.push(id);
      read = id;
    }
    return { steps, text: writer.text(ids) };
  }

  /** The tree of a beam search, and what it found. */
  beam(asked: Asked, beams: number): BeamFound {
    return scope(() =>
      noGrad(() => {
        const writer = this.#writer(asked);
        const { stepper, end, suppress: suppressTokens, maxLength, lengthPenalty } = writer;
        const { root, best } = beamTree(stepper, { beams, end, suppressTokens, maxLength, lengthPenalty });
        const node = ({ id, logProbability, kept, children }: BeamTreeNode): TreeNode => ({
          label: writer.token(id),
          text: logProbability
            .toFixed(2)
            .replace(/^-(0\.00)$/, '$1')
            .replace('-', '−'),
          kept,
          children: children.map(node),
        });
        return {
          root: { ...node(root), label: startSign, text: '' },
          best: best.map(({ ids, score, logProbability }) => ({ text: writer.text(ids), score, logProbability })),
        };
      }),
    );
  }
}

const [startSign, endSign] = ['▸', '■'];

/** Weights [1, S] in the order in which the source is read, adding up to 1. */
function weightsOf(weights: readonly number[], reversed: boolean) {
  const sum = weights.reduce((a, b) => a + b, 0) || 1;
  const own = weights.map((w) => w / sum);
  return tensor(reversed ? own.reverse() : own, [1, own.length]);
}
