// Text that is continued, for OpenAI's routes and Ollama's: several continuations at a time, each with an index, as they grow.

import type { EngineModel, GeneratePiece, GenerateRequest } from '../engine/engine.ts';
import { badRequest } from '../http/api-error.ts';
import type { Call } from './route.ts';

/** A piece of the continuation with this index. */
export interface IndexedPiece {
  readonly index: number;
  readonly piece: GeneratePiece;
}

/** What requests call by other names. */
export interface Sampling {
  readonly maxTokens?: number | null;
  readonly temperature?: number | null;
  readonly topK?: number | null;
  readonly topP?: number | null;
  readonly minP?: number | null;
  readonly seed?: number | null;
  readonly stop?: string | readonly string[] | null;
  readonly logprobs?: number;
}

const seeds = 2 ** 31;

/** Requests for `n` continuations of each prompt, prompt by prompt. The k-th continuation of a prompt has the seed plus k: the first is that of n = 1. */
export function requestsFor(
  call: Call,
  model: EngineModel,
  prompts: readonly (string | readonly number[])[],
  n: number,
  { seed, stop, ...sampling }: Sampling,
  state: { readonly bytes?: Uint8Array; readonly wanted: boolean },
): GenerateRequest[] {
  const { limits } = call.server;
  if (prompts.length * n > limits.choices)
    throw badRequest(`${prompts.length} prompts with n = ${n} are more than ${limits.choices} continuations`, 'n');
  // A nucleus of probability 0 is the most probable symbol alone, as it is to OpenAI and Ollama.
  const { topP, ...others } = sampling;
  const chosen = topP === 0 ? { ...others, temperature: 0 } : sampling;
  const given = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== null && value !== undefined));
  const stops = typeof stop === 'string' ? [stop] : (stop ?? []);
  return prompts.flatMap((prompt) =>
    Array.from({ length: n }, (_, k) => ({
      model: model.id,
      prompt,
      ...given,
      stop: stops.filter((one) => one !== ''),
      ...(seed === null || seed === undefined ? {} : { seed: (((seed + k) % seeds) + seeds) % seeds }),
      ...(state.bytes ? { state: state.bytes } : {}),
      wantState: state.wanted,
    })),
  );
}

/** The pieces of all continuations in the order in which they come. Left early, it ends all of them. */
export async function* continued(call: Call, requests: readonly GenerateRequest[]): AsyncGenerator<IndexedPiece, void> {
  const { engine, limits } = call.server;
  const left = new AbortController();
  const leave = () => left.abort(call.signal.reason);
  if (call.signal.aborted) leave();
  call.signal.addEventListener('abort', leave);
  const deadline = Math.max(1, limits.deadlineMs - call.elapsed());
  const iterators = requests.map((request) => {
    return engine.generate(request, { signal: left.signal, deadline })[Symbol.asyncIterator]();
  });
  let hasText = false;
  try {
    const [only] = iterators;
    for await (const { index, value: piece } of iterators.length === 1 ? numbered(only) : merged(iterators)) {
      if (!hasText && (piece.text !== '' || piece.finish)) {
        hasText = true;
        call.firstText(requests[index].model);
      }
      if (piece.finish) call.note.tokens = (call.note.tokens ?? 0) + piece.finish.completionTokens;
      yield { index, piece };
    }
  } finally {
    call.signal.removeEventListener('abort', leave);
    left.abort('the answer is over');
  }
}

/** The values of one iterator. */
async function* numbered<T>(iterator: AsyncIterator<T>): AsyncGenerator<{ index: number; value: T }, void> {
  try {
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      yield { index: 0, value: next.value };
  } finally {
    iterator.return?.()?.catch(() => {});
  }
}

/** Values of several iterators as they come; one that fails ends all. Each is one value ahead of its reader at most. */
async function* merged<T>(iterators: readonly AsyncIterator<T>[]): AsyncGenerator<{ index: number; value: T }, void> {
  const ready: (() => { index: number; next: IteratorResult<T> })[] = [];
  let wake = () => {};
  const arrived = (one: (typeof ready)[number]) => {
    ready.push(one);
    wake();
  };
  const ask = (index: number) => {
    iterators[index].next().then(
      (next) => arrived(() => ({ index, next })),
      (error: unknown) =>
        arrived(() => {
          throw error;
        }),
    );
  };
  let running = iterators.length;
  try {
    for (const index of iterators.keys()) ask(index);
    while (running > 0) {
      if (ready.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const { index, next } = (ready.shift() as (typeof ready)[number])();
      if (next.done) {
        running--;
        continue;
      }
      ask(index);
      yield { index, value: next.value };
    }
  } finally {
    for (const iterator of iterators) iterator.return?.()?.catch(() => {});
  }
}

/** A continuation that is complete. */
export interface Continuation {
  readonly text: string;
  readonly finish: NonNullable<GeneratePiece['finish']>;
  readonly logprobs: NonNullable<GeneratePiece['logprobs']>;
}

/** All of them, complete, in the order of the requests. */
export async function allOf(call: Call, requests: readonly GenerateRequest[]): Promise<Continuation[]> {
  const texts = requests.map(() => [] as string[]);
  const logprobs = requests.map(() => [] as NonNullable<GeneratePiece['logprobs']>[number][]);
  const finish = requests.map(() => undefined as GeneratePiece['finish']);
  for await (const { index, piece } of continued(call, requests)) {
    texts[index].push(piece.text);
    if (piece.logprobs) logprobs[index].push(...piece.logprobs);
    if (piece.finish) finish[index] = piece.finish;
  }
  return requests.map((_, index) => {
    const end = finish[index];
    if (!end) throw new Error(`continuation ${index} has no end`);
    return { text: texts[index].join(''), finish: end, logprobs: logprobs[index] };
  });
}

/** Numbers of symbols, as OpenAI's clients read them. The prompt of n continuations counts once. */
export function usageOf(finishes: readonly NonNullable<GeneratePiece['finish']>[], n: number) {
  const prompt_tokens = finishes.reduce((sum, one, k) => (k % n === 0 ? sum + one.promptTokens : sum), 0);
  const completion_tokens = finishes.reduce((sum, one) => sum + one.completionTokens, 0);
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
