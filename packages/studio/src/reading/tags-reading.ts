// A tagger of texts, of the frames of clips or of the steps of a sequence, and what it has read: the scores of the tags at every step.

import { indices, type SequenceTagger, type Tensor } from 'unrolled';
import type { Annotation } from 'unrolled/analysis';
import { withCharacters } from 'unrolled/data';
import type { TokenClassificationPipeline } from 'unrolled/pipelines';
import {
  alone,
  column,
  type Example,
  ExamplesReading,
  fitting,
  indexOfMost,
  type Reader,
  type Shown,
} from './examples-reading.ts';
import type { Edit, Held, Passage } from './protocol.ts';
import type { Described } from './trace-reading.ts';

export interface Tagged extends Example {
  /** Tags by their numbers; −1 where none is known. */
  readonly tags: readonly number[];
}

export class TagsReading extends ExamplesReading<Tagged, SequenceTagger> {
  protected readonly annotations: readonly Annotation[];

  /** `rows` are tokens and the tags that they have; null for none. */
  static of(
    { model, vocabulary, characters, labels, input }: TokenClassificationPipeline,
    rows: readonly (readonly [tokens: readonly string[], tags: readonly string[] | null])[],
  ): TagsReading {
    const between = input.split === 'spaces' ? ' ' : '';
    const examples = rows.map(([tokens, tags]): Tagged => {
      const own = tags ?? tokens.map(() => '');
      const ids = vocabulary.encode(tokens);
      const longest = model.config.characters?.longest;
      const spelled = characters && longest && withCharacters(ids, [...tokens], { vocabulary: characters, longest });
      return {
        tokens,
        between,
        source: () => (spelled ? indices(spelled, [ids.length, 1, model.tokenSize]) : column(ids)),
        tags: own.map((tag) => labels.indexOf(tag)),
      };
    });
    return new TagsReading(alone(model), fitting(examples), labels, { kind: 'tags' });
  }

  constructor(reader: Reader<SequenceTagger>, examples: readonly Tagged[], labels: readonly string[], shown: Shown) {
    super(reader, examples, labels, shown);
    this.annotations = labels
      .slice(0, 16)
      .map((label, k) => ({ label, k }))
      .filter(({ k }) => examples.some(({ tags }) => tags.includes(k)))
      .map(({ label, k }) => this.marked(label, ({ tags }, t) => tags[t] === k));
  }

  protected logits(source: Tensor): Tensor {
    return this.reader.sequence.forward(this.reader.read(source));
  }

  protected probabilities({ source }: Tagged, edits: readonly Edit[]): Float32Array {
    return this.infer(edits, () => Float32Array.from(this.logits(source()).softmax().dataSync()));
  }

  protected logitsAt(source: Tensor, t: number): Tensor {
    return this.logits(source)
      .slice(0, t, t + 1)
      .reshape(this.labels.length);
  }

  protected targetAt({ tags }: Tagged, t: number): number {
    return tags[t];
  }

  protected predictedAt({ tokens }: Tagged): readonly number[] {
    return Array.from(tokens.keys());
  }

  protected ablated(example: Tagged, edit: Edit): (t: number, label: number) => number {
    const p = this.probabilities(example, [edit]);
    return (t, label) => p[t * this.labels.length + label];
  }

  protected verdict({ tags, between }: Tagged, p: Float32Array): Pick<Passage, 'target' | 'output'> {
    const C = this.labels.length;
    const found = tags.map((_, t) => this.labels[indexOfMost(p.subarray(t * C, (t + 1) * C))]);
    const known = tags.every((tag) => tag >= 0);
    return { target: known ? tags.map((tag) => this.labels[tag]).join(between) : null, output: found.join(between) };
  }

  protected described(): Described {
    const losses = new Float32Array(this.symbols.length).fill(Number.NaN);
    let [sum, right, known] = [0, 0, 0];
    for (const n of losses.keys()) {
      const { p, k, t } = this.scoresAt(n);
      const target = this.targetAt(this.examples[k], t);
      losses[n] = -Math.log(Math.max(1e-30, p[target < 0 ? indexOfMost(p) : target]));
      if (target < 0) continue;
      known++;
      sum += losses[n];
      right += Number(indexOfMost(p) === target);
    }
    return {
      ...this.shown,
      scored: true,
      losses,
      loss: known > 0 ? sum / known : Number.NaN,
      accuracy: known > 0 ? right / known : Number.NaN,
    };
  }

  /** The tags of the passage as they are and with a unit held, and the scores at the place. */
  hold(edit: Edit): Held {
    const { free, held, t } = this.heldScores(edit);
    const C = this.labels.length;
    const { between } = this.examples[this.indexOf(edit.n)];
    const text = (p: Float32Array) =>
      Array.from({ length: p.length / C }, (_, at) => this.labels[indexOfMost(p.subarray(at * C, (at + 1) * C))]).join(
        between,
      );
    const order = this.labels.map((_, k) => k).sort((a, b) => free[t * C + b] - free[t * C + a]);
    return {
      texts: { free: text(free), held: text(held) },
      rows: order.slice(0, 8).map((k) => ({ label: this.labels[k], free: free[t * C + k], held: held[t * C + k] })),
    };
  }
}
