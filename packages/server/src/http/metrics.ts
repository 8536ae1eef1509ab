// Metrics in the text form that Prometheus reads. Labels are few and ours: routes by their pattern, models by the ids that are served.

import type { EngineStats } from '../engine/engine.ts';

const requestBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]; // seconds
const firstTokenBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]; // seconds
const batchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]; // rows

/** Counts by upper bounds, as Prometheus has them. */
class Histogram {
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length).fill(0);
  }

  add(value: number, times = 1): void {
    this.#sum += value * times;
    this.#count += times;
    for (const [k, bound] of this.#bounds.entries()) if (value <= bound) this.#counts[k] += times;
  }

  lines(name: string, labels: string): string[] {
    const within = (le: string) => `${name}_bucket{${labels === '' ? '' : `${labels},`}le="${le}"}`;
    const at = labels === '' ? '' : `{${labels}}`;
    return [
      ...this.#bounds.map((bound, k) => `${within(String(bound))} ${this.#counts[k]}`),
      `${within('+Inf')} ${this.#count}`,
      `${name}_sum${at} ${this.#sum}`,
      `${name}_count${at} ${this.#count}`,
    ];
  }
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #seconds = new Map<string, Histogram>();
  readonly #firstToken = new Map<string, Histogram>();
  readonly #began = Date.now();
  inFlight = 0;

  request(route: string, method: string, status: number, seconds: number): void {
    const labels = `route="${escape(route)}",method="${escape(method)}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    histogramOf(this.#seconds, `route="${escape(route)}"`, requestBounds).add(seconds);
  }

  firstToken(model: string, seconds: number): void {
    histogramOf(this.#firstToken, `model="${escape(model)}"`, firstTokenBounds).add(seconds);
  }

  /** All of it as text. */
  render(stats: EngineStats): string {
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: readonly string[]) => {
      if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples);
    };
    const histograms = (name: string, help: string, all: ReadonlyMap<string, Histogram>) => {
      family(name, 'histogram', help, Array.from(all, ([labels, one]) => one.lines(name, labels)).flat());
    };
    const models = Object.entries(stats.models);
    const perModel = (name: string, type: string, help: string, value: (one: (typeof models)[number][1]) => number) => {
      family(
        name,
        type,
        help,
        models.map(([id, one]) => `${name}{model="${escape(id)}"} ${value(one)}`),
      );
    };
    const single = (name: string, type: string, help: string, value: number) => {
      family(name, type, help, [`${name} ${value}`]);
    };
    const requests = Array.from(this.#requests, ([labels, n]) => `unrolled_http_requests_total{${labels}} ${n}`);
    family('unrolled_http_requests_total', 'counter', 'Requests that were answered.', requests);
    histograms('unrolled_http_request_seconds', 'Seconds from a request to the end of its answer.', this.#seconds);
    histograms('unrolled_first_token_seconds', 'Seconds from a request to the first generated text.', this.#firstToken);
    single('unrolled_http_requests_in_flight', 'gauge', 'Requests that are being answered.', this.inFlight);
    perModel('unrolled_queue_depth', 'gauge', 'Requests that wait for the model.', ({ queued }) => queued);
    perModel('unrolled_rows', 'gauge', 'Sequences that are being computed.', ({ rows }) => rows);
    perModel('unrolled_requests_total', 'counter', 'Requests that the model was given.', ({ requests: n }) => n);
    perModel(
      'unrolled_refused_total',
      'counter',
      'Requests that were refused: the queue was full.',
      ({ refused }) => refused,
    );
    perModel('unrolled_failed_total', 'counter', 'Requests that failed or were left.', ({ failed }) => failed);
    perModel('unrolled_tokens_total', 'counter', 'Symbols that were generated.', ({ tokens }) => tokens);
    perModel(
      'unrolled_compute_seconds_total',
      'counter',
      'Seconds of computing.',
      ({ secondsComputed }) => secondsComputed,
    );
    histograms('unrolled_batch_rows', 'Rows of each step.', batchesOf(models));
    single('unrolled_workers', 'gauge', 'Worker threads.', stats.workers);
    single('unrolled_worker_restarts_total', 'counter', 'Workers that were started again.', stats.restarts);
    single('unrolled_memory_bytes', 'gauge', 'Memory of the process and its workers.', stats.memory);
    single('unrolled_uptime_seconds', 'gauge', 'Seconds since the server was made.', (Date.now() - this.#began) / 1000);
    return `${lines.join('\n')}\n`;
  }
}

function batchesOf(models: readonly (readonly [string, EngineStats['models'][string]])[]): Map<string, Histogram> {
  return new Map(
    models.map(([id, { batchSizes }]) => {
      const histogram = new Histogram(batchBounds);
      for (const [rows, steps] of batchSizes.entries()) if (steps > 0) histogram.add(rows, steps);
      return [`model="${escape(id)}"`, histogram];
    }),
  );
}

function histogramOf(all: Map<string, Histogram>, labels: string, bounds: readonly number[]): Histogram {
  let found = all.get(labels);
  if (!found) all.set(labels, (found = new Histogram(bounds)));
  return found;
}

/** A label's value. */
function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
