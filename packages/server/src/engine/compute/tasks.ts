// The tasks that are no text generation: a call of the pipeline for many inputs at once, a session for one that comes in pieces, and answers that grow.

import { OptionError } from 'unrolled';
import type {
  FrameLabel,
  ImageInput,
  ImageQuestion,
  NumberSequence,
  Pipeline,
  SeriesInput,
  TensorValues,
  TokenText,
  VideoInput,
} from 'unrolled/pipelines';
import { EngineError, type TaskRequest, type TaskResult } from '../engine.ts';
import type { EngineLimits } from '../limits.ts';
import { resuming } from './text-lane.ts';

type Signal = { readonly aborted: boolean };
type Piece = { readonly piece: unknown } | { readonly done: TaskResult };

/** Inputs a batch of which is computed at once, by task; one call with more is still one call. Streams wait for its end: beside them it is smaller. */
export const batchOf = ({ task }: Pipeline, hasStreams: boolean): number =>
  task === 'video-classification' || task === 'image-to-text' || hasStreams ? 16 : 64;

/** Whether calls can be answered together: those that sample, or carry a state, stand alone, and tensors have shapes of their own. */
export function canMerge(pipeline: Pipeline, { options = {}, state, wantState }: TaskRequest): boolean {
  return pipeline.task !== 'tensors' && state === undefined && wantState !== true && (options.sample ?? null) === null;
}

/** One call: outputs as plain JSON, in the order of the inputs. */
export async function callTask(
  pipeline: Pipeline,
  request: TaskRequest,
  { outputNumbers }: EngineLimits,
  signal: Signal,
): Promise<TaskResult> {
  const { inputs, options = {}, state, wantState } = request;
  if (state !== undefined || wantState === true) return callSession(pipeline, request, signal);
  const all = { ...options, signal };
  switch (pipeline.task) {
    case 'text-generation':
      throw new EngineError('task', 'this model generates text; it is asked by generate');
    case 'text-classification':
      return { outputs: await pipeline.predict(inputs as string[], all) };
    case 'token-classification':
      return { outputs: await pipeline.predict(inputs as TokenText[], all) };
    case 'translation':
      return { outputs: await pipeline.translate(inputs as string[], all) };
    case 'image-to-text':
      return { outputs: await pipeline.caption(inputs.map(imageOf), all) };
    case 'visual-question-answering': {
      const { attention = false, ...rest } = all as Record<string, unknown>;
      const questions = inputs.map((input) => {
        const { image, question } = Object(input) as ImageQuestion;
        return { image: imageOf(image), question };
      });
      const outputs = await pipeline.predict(questions, rest);
      if (attention !== true) return { outputs };
      const found: unknown[] = [];
      for (const [n, { image, question }] of questions.entries()) {
        if (signal.aborted) throw new EngineError('aborted', 'the caller left');
        found.push({ ...outputs[n], attention: await pipeline.attention(image, question) });
      }
      return { outputs: found };
    }
    case 'video-classification':
      return { outputs: await pipeline.predict(inputs.map(clipOf), all) };
    case 'time-series-forecasting':
      return { outputs: await pipeline.forecast(inputs as SeriesInput[], all) };
    case 'time-series-classification':
      return { outputs: await pipeline.predict(inputs as NumberSequence[], all) };
    case 'tensors': {
      const outputs: unknown[] = [];
      let room = outputNumbers;
      for (const one of inputs as Record<string, TensorValues>[]) {
        const found = Object.entries(await pipeline.predict(one, all));
        for (const [, { data }] of found) room -= data.length;
        if (room < 0)
          throw new EngineError(
            'output',
            `the outputs have more than ${outputNumbers} numbers; send shorter inputs, or raise limits.outputNumbers of the server`,
            { param: 'inputs' },
          );
        const plain = found.map(([name, { shape, data }]) => [name, { shape, data: Array.from(data) }]);
        outputs.push(Object.fromEntries(plain));
      }
      return { outputs };
    }
    default:
      throw pipeline satisfies never;
  }
}

/** One piece of a sequence that comes in pieces. */
async function callSession(pipeline: Pipeline, request: TaskRequest, signal: Signal): Promise<TaskResult> {
  if (pipeline.task === 'video-classification') {
    for await (const piece of streamFrames(pipeline, request, signal)) if ('done' in piece) return piece.done;
    throw new EngineError('aborted', 'the caller left');
  }
  if (pipeline.task !== 'token-classification')
    throw new EngineError('state', `a model of ${pipeline.task} has no states`, { param: 'state' });
  const { inputs, options = {}, state } = request;
  const session = state ? resuming(state, () => pipeline.resume(state)) : pipeline.session();
  try {
    const [given] = inputs as TokenText[];
    const tokens =
      typeof given !== 'string'
        ? given
        : pipeline.input.split === 'characters'
          ? Array.from(given)
          : (given.match(/\S+/gu) ?? []);
    const found = session.push(tokens, options);
    return { outputs: [{ tokens: found, position: session.position }], state: session.state() };
  } finally {
    session.close();
  }
}

/** A pipeline whose streams grow token by token, many of them in one batch. */
type TokenPipeline = Extract<Pipeline, { streamAll: unknown }>;

export const streamsTokens = (pipeline: Pipeline): pipeline is TokenPipeline => 'streamAll' in pipeline;

/** What a step gives to one of several calls whose answers grow together: an error is the call's last. */
export type BatchedPiece = { readonly index: number } & (Piece | { readonly error: unknown });

/** Calls whose answers grow together, token by token. */
export async function* streamTokens(
  pipeline: TokenPipeline,
  requests: readonly TaskRequest[],
  signals: readonly Signal[],
): AsyncGenerator<readonly BatchedPiece[], void> {
  for (const { state, wantState } of requests)
    if (state !== undefined || wantState === true)
      throw new EngineError('state', `a model of ${pipeline.task} has no states`, { param: 'state' });
  const inputs = requests.map(oneInput);
  const options = requests.map((request, n) => ({ ...request.options, signal: signals[n] }));
  const steps =
    pipeline.task === 'translation'
      ? pipeline.streamAll(inputs as string[], options)
      : pipeline.streamAll(inputs.map(imageOf), options);
  const texts = requests.map(() => '');
  for await (const step of steps)
    yield step.map(({ index, piece, error }) => {
      if (error) return { index, error };
      if (!piece) return { index, done: { outputs: [{ text: texts[index] }] } };
      texts[index] += piece.text;
      return { index, piece };
    });
}

/** A call whose answer grows frame by frame. */
export async function* streamFrames(
  pipeline: Pipeline,
  request: TaskRequest,
  signal: Signal,
): AsyncGenerator<Piece, void> {
  const { options = {}, state, wantState } = request;
  const input = oneInput(request);
  if (pipeline.task !== 'video-classification' || pipeline.per !== 'frame')
    throw new OptionError(pipeline.task, 'stream', 'this model answers at once');
  const { frames = [], rate } = clipOf(input);
  const session = state
    ? resuming(state, () => pipeline.resume(state))
    : pipeline.session(rate === undefined ? {} : { rate });
  try {
    const labels: FrameLabel[] = [];
    for (const frame of frames) {
      if (signal.aborted) return;
      for (const label of await session.push(frame, options)) {
        labels.push(label);
        yield { piece: label };
      }
    }
    const outputs = [{ frames: labels, position: session.position }];
    yield { done: { outputs, ...(wantState || state ? { state: session.state() } : {}) } };
  } finally {
    session.close();
  }
}

function oneInput({ inputs }: TaskRequest): unknown {
  if (inputs.length === 1) return inputs[0];
  throw new EngineError('request', `inputs: expected one input to stream, got ${inputs.length}`, { param: 'inputs' });
}

/** `{ bytes }` is an encoded file. */
function imageOf(image: unknown): ImageInput {
  const { bytes } = Object(image) as { bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes : (image as ImageInput);
}

function clipOf(clip: unknown): VideoInput {
  const { frames, rate } = Object(clip) as VideoInput;
  if (!Array.isArray(frames)) throw new OptionError('video-classification', 'inputs', 'expected clips { frames: […] }');
  return { frames: frames.map(imageOf), ...(rate === undefined ? {} : { rate }) };
}
