// What the bars of translation share: tokens as symbols, and a training run that says how far it is.

import {
  Adam,
  cosineSchedule,
  type EvaluationEvent,
  manualSeed,
  Seq2Seq,
  type Seq2SeqOptions,
  type SequencePairs,
  Trainer,
  translateTask,
  type TranslateTaskOptions,
  warmUp,
} from 'unrolled';
import { progress } from './bar.ts';

/** Tokens and their numbers: <pad> 0, <unk> 1, <s> 2, </s> 3, then the rest in the order in which they were first seen. */
export class Symbols {
  readonly #ids = new Map(['<pad>', '<unk>', '<s>', '</s>'].map((token, id) => [token, id]));
  readonly #tokens: readonly string[];

  /** The tokens of these rows that come at least `minCount` times. */
  constructor(rows: Iterable<readonly string[]>, minCount = 1) {
    const counts = new Map<string, number>();
    for (const row of rows) for (const token of row) counts.set(token, (counts.get(token) ?? 0) + 1);
    for (const [token, count] of counts) if (count >= minCount) this.#ids.set(token, this.#ids.size);
    this.#tokens = [...this.#ids.keys()];
  }

  get size(): number {
    return this.#tokens.length;
  }

  ids(row: readonly string[]): Int32Array {
    return Int32Array.from(row, (token) => this.#ids.get(token) ?? 1);
  }

  tokens(ids: Iterable<number>): string[] {
    return Array.from(ids, (id) => this.#tokens[id]);
  }
}

/** Texts as rows of tokens. */
export interface TokenPairs {
  readonly sources: readonly string[][];
  readonly targets: readonly string[][];
}

export function toPairs({ sources, targets }: TokenPairs, source: Symbols, target: Symbols): SequencePairs {
  return { sources: sources.map((row) => source.ids(row)), targets: targets.map((row) => target.ids(row)) };
}

export interface TranslationRun
  extends Pick<
    TranslateTaskOptions,
    'train' | 'validation' | 'batchSize' | 'tokens' | 'translate' | 'search' | 'measure'
  > {
  readonly name: string;
  readonly model: Seq2SeqOptions;
  readonly seed: number;
  readonly lr: number;
  readonly epochs: number;
  /** Lets the rate fall along a cosine after a short warm-up. Default true. */
  readonly cosine?: boolean;
  readonly clipNorm?: number;
  /** Other first weights. */
  readonly prepare?: (model: Seq2Seq) => void;
  /** Told of every validation, one an epoch; true ends the run. */
  readonly onEvaluation?: (event: EvaluationEvent, model: Seq2Seq, epoch: number) => boolean | void;
}

/** The trained model, and the seconds its steps took. */
export async function trainTranslator(run: TranslationRun): Promise<{ model: Seq2Seq; seconds: number }> {
  manualSeed(run.seed);
  const model = new Seq2Seq(run.model);
  run.prepare?.(model);
  const { train, validation, batchSize, tokens, translate, search, measure } = run;
  const task = translateTask(model, {
    train,
    validation,
    batchSize,
    tokens,
    translate,
    search,
    measure,
    seed: run.seed,
  });
  const steps = run.epochs * task.stepsPerEpoch;
  const warm = Math.min(100, Math.floor(steps / 10));
  const trainer = new Trainer(task, {
    optimizer: new Adam(model.parameters(), { lr: run.lr }),
    steps,
    clipNorm: run.clipNorm ?? 1,
    evaluateEvery: task.stepsPerEpoch,
    schedule:
      (run.cosine ?? true) ? warmUp(warm, cosineSchedule(run.lr, { steps: steps - warm, minimum: run.lr / 50 })) : null,
  });
  const start = performance.now();
  for await (const event of trainer.run()) {
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    if (event.type === 'step' && event.step % 50 === 0 && process.stderr.isTTY)
      progress(`${run.name}: step ${event.step} of ${steps}, loss ${event.smoothLoss.toFixed(3)}, ${seconds} s`);
    if (event.type !== 'evaluation') continue;
    const told = Object.entries(event.metrics ?? {}).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    const epoch = Math.round(event.step / task.stepsPerEpoch);
    progress(`${run.name}: epoch ${epoch}, ${told.join(', ')}, ${seconds} s`);
    if (run.onEvaluation?.(event, model, epoch)) break;
  }
  return { model: model.eval(), seconds: (performance.now() - start) / 1000 };
}
