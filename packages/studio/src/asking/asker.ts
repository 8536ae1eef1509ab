// An open run that answers, and says why: with probabilities, attention, and what a word's absence changes. It knows no page: the studio has it in a worker,
// a page that was taken away has it in itself.

import { openRun, type Pipeline } from 'unrolled';
import type { RawImage } from 'unrolled/data';
import { framesOf } from '../data/frames.ts';
import type { VideoClassificationInput } from 'unrolled/pipelines';
import type { RunFilesOf } from '../training/run-files.ts';
import type { Askable, Question, Answer } from './protocol.ts';

const [symbols, shownLabels, mostWords] = [240, 5, 60];
const [mostFrames, usualRate, mostRate] = [60, 12, 30];

export class Asker {
  readonly about: Askable;
  readonly #pipeline: Pipeline;

  private constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
    this.about = aboutOf(pipeline);
  }

  /** Rejects with a RunError that says what is missing or damaged. */
  static async open(files: RunFilesOf): Promise<Asker> {
    return new Asker(await openRun(files));
  }

  /** Rejects with an error of the library for a question that cannot be answered, such as a character that the model does not know. */
  async ask(question: Question): Promise<Answer> {
    const pipeline = this.#pipeline;
    const { text = '', picture, rows = [] } = question;
    switch (pipeline.task) {
      case 'text-generation':
        return written(pipeline, question);
      case 'text-classification': {
        const parts = text.match(/\S+\s*/g)?.slice(0, mostWords) ?? [];
        const without = parts.map((_, k) => parts.filter((_, n) => n !== k).join(''));
        const [whole, ...rest] = await pipeline.predict([text, ...without], { topK: pipeline.labels.length });
        const scoreOf = ({ scores }: typeof whole) => scores.find(({ label }) => label === whole.label)?.score ?? 0;
        const words = parts.map((part, k) => ({ text: part, effect: whole.score - scoreOf(rest[k]) }));
        return { kind: 'labels', scores: whole.scores.slice(0, shownLabels), words };
      }
      case 'token-classification': {
        const [{ tokens }] = await pipeline.predict([text]);
        return { kind: 'tags', tokens: tokens.map(({ token, label, score }) => ({ token, label, score })) };
      }
      case 'translation': {
        const [{ text: translated, tokens, sourceTokens, attention }] = await pipeline.translate([text]);
        return { kind: 'translation', text: translated, tokens, source: sourceTokens, attention };
      }
      case 'image-to-text': {
        const [{ tokens, map, attention }] = await pipeline.caption(needed(picture));
        return { kind: 'caption', tokens, map, attention };
      }
      case 'visual-question-answering': {
        const [{ scores }] = await pipeline.answer(needed(picture), text, { topK: shownLabels });
        return { kind: 'labels', scores: scores.map(({ answer, score }) => ({ label: answer, score })), words: [] };
      }
      case 'video-classification': {
        if (pipeline.per === 'frame') break;
        const topK = question.all ? pipeline.labels.length : shownLabels;
        const [{ scores }] = await pipeline.predict({ frames: framesOf(needed(picture)) }, { topK });
        return { kind: 'labels', scores, words: [] };
      }
      case 'time-series-forecasting': {
        const columns = Object.fromEntries(pipeline.input.columns.map((name, c) => [name, rows.map((row) => row[c])]));
        const [{ columns: found }] = await pipeline.forecast({ columns }, { missing: 'fill' });
        const [{ column, values, quantiles, history }] = found;
        const [low, high] = [quantiles.at(0)?.values ?? values, quantiles.at(-1)?.values ?? values];
        const shown = history.slice(-3 * values.length);
        const chart = { name: column, history: shown, actual: question.after ?? [], values, low, high };
        return { kind: 'forecast', chart };
      }
      case 'time-series-classification':
      case 'tensors':
        break;
      default:
        return pipeline satisfies never;
    }
    throw new Error(`a run of ${pipeline.task} is not asked here; unrolled predict runs it`);
  }
}

function aboutOf(pipeline: Pipeline): Askable {
  const { task } = pipeline;
  const about = { task, picture: null, clip: null, series: null };
  if (task === 'time-series-forecasting') {
    const { columns, length } = pipeline.input;
    return { ...about, series: { columns, length } };
  }
  if (task !== 'image-to-text' && task !== 'visual-question-answering' && task !== 'video-classification') return about;
  const { image } = pipeline.input;
  const clip = task === 'video-classification' && pipeline.per === 'clip' ? clipRead(pipeline.input) : null;
  return { ...about, clip: image && clip, picture: image && { height: image.height, width: image.width } };
}

/** As many frames as the longest clip had that was learned from, where that is not too long to wait for. */
function clipRead({ frames, rate, maxFrames }: VideoClassificationInput): NonNullable<Askable['clip']> {
  return { frames: Math.min(frames ?? maxFrames, mostFrames), rate: Math.min(rate ?? usualRate, mostRate) };
}

function needed(picture: RawImage | undefined): RawImage {
  if (picture) return picture;
  throw new Error('this network reads pictures; give it one');
}

/** A text, and the probability of each of its symbols at temperature 1. */
async function written(
  pipeline: Extract<Pipeline, { readonly task: 'text-generation' }>,
  { text = '', temperature = 0.8, seed = 1 }: Question,
): Promise<Answer> {
  const pieces: { text: string; probability: number }[] = [];
  const stepper = pipeline.stepper();
  try {
    const before = pipeline.vocabulary.encode(text);
    let logits = stepper.step(before[0] ?? 0);
    for (const id of before.subarray(1)) logits = stepper.step(id);
    for await (const piece of pipeline.generate(text, { maxTokens: symbols, temperature, seed })) {
      pieces.push({ text: piece.text, probability: before.length > 0 ? probabilityOf(logits, piece.id) : 1 });
      logits = stepper.step(piece.id);
    }
  } finally {
    stepper.dispose();
  }
  return { kind: 'text', pieces };
}

function probabilityOf(logits: Float32Array, id: number): number {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  return Math.exp(logits[id] - most) / logits.reduce((sum, y) => sum + Math.exp(y - most), 0);
}
