// Text generation and embeddings of the engine in this thread, on the pipeline's own sessions.

import { readSafetensors } from 'unrolled/io';
import type { TextGenerationPipeline, TextSession } from 'unrolled/pipelines';
import { VocabularyError } from 'unrolled';
import type { EmbedRequest, EmbedResult, GeneratePiece, GenerateRequest, SymbolLogprob } from './engine.ts';
import { EngineError } from './engine.ts';
import { StopTexts } from './stop-texts.ts';

/** Generates as `pipeline.generate` does, with several stop texts, log-probabilities and a state. */
export async function* generateText(
  pipeline: TextGenerationPipeline,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GeneratePiece, void> {
  const { prompt, maxTokens = 200, temperature = 1, topK, topP, seed, stop = [], state, logprobs } = request;
  const session = open(pipeline, state, seed);
  try {
    const { tokens: promptTokens, unknown } = read(pipeline, session, prompt);
    const stopping = new StopTexts(stop);
    const sampling = temperature === 0 ? { greedy: true } : { temperature, topK, topP };
    let count = 0;
    const steps = session.generate({ maxTokens, signal, ...sampling });
    let before = logprobs === undefined ? null : scoresOf(session);
    for await (const { text, id } of steps) {
      const isSymbol = count < maxTokens;
      const told = before && isSymbol ? [probable(pipeline, before, id, logprobs ?? 0)] : undefined;
      if (isSymbol) count++;
      const given = stopping.push(text);
      if (given !== '' || told) yield { text: given, ids: isSymbol ? [id] : [], logprobs: told };
      if (stopping.stopped) break;
      if (before) before = scoresOf(session);
    }
    yield {
      text: stopping.end(),
      ids: [],
      finish: {
        reason: stopping.stopped ? 'stop' : 'length',
        promptTokens,
        completionTokens: count,
        unknown,
        state: request.wantState ? session.state() : undefined,
      },
    };
  } finally {
    session.close();
  }
}

function open(pipeline: TextGenerationPipeline, state: Uint8Array | undefined, seed: number | undefined): TextSession {
  if (state === undefined) return pipeline.session({ seed });
  try {
    return pipeline.resume(state);
  } catch (cause) {
    throw new EngineError('state', (cause as Error).message, { param: 'state', cause });
  }
}

/** Reads the part of the prompt that the model knows. */
function read(pipeline: TextGenerationPipeline, session: TextSession, prompt: string | readonly number[]) {
  const before = session.position;
  const unknown = new Set<string>();
  let text = typeof prompt === 'string' ? prompt : pipeline.vocabulary.decode(prompt);
  for (;;) {
    try {
      pipeline.vocabulary.encode(text);
      break;
    } catch (error) {
      if (!(error instanceof VocabularyError)) throw error;
      unknown.add(error.symbol);
      text = text.normalize('NFC').replaceAll(error.symbol, '');
    }
  }
  session.push(text);
  return { tokens: session.position - before, unknown: [...unknown] };
}

/** The logits of the next symbol, which are the last tensor of a session's state. */
function scoresOf(session: TextSession): Float32Array {
  const { tensors } = readSafetensors(session.state(), 'session state');
  const last = [...tensors.keys()].sort().at(-1) as string;
  return tensors.get(last)?.data as Float32Array;
}

function probable({ vocabulary }: TextGenerationPipeline, scores: Float32Array, id: number, most: number) {
  const top = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = scores.reduce((total, y) => total + Math.exp(y - top), 0);
  const entry = (v: number): SymbolLogprob => ({
    id: v,
    text: vocabulary.decode([v]),
    logprob: scores[v] - top - Math.log(sum),
  });
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
  return { ...entry(id), top: order.slice(0, most).map(entry) };
}

/** The state of the last layer after each text, or its mean over the steps. */
export async function embedText(pipeline: TextGenerationPipeline, request: EmbedRequest): Promise<EmbedResult> {
  const H = pipeline.model.config.hiddenSize;
  const unknown = new Set<string>();
  const embeddings: Float32Array[] = [];
  let tokens = 0;
  for (const text of request.input) {
    const session = pipeline.session({ seed: 0 });
    try {
      const found = read(pipeline, session, text);
      for (const symbol of found.unknown) unknown.add(symbol);
      tokens += found.tokens;
      const { tensors } = readSafetensors(session.state(), 'session state');
      const states = [...tensors.keys()].sort().map((key) => tensors.get(key)?.data as Float32Array);
      embeddings.push(Float32Array.from(states.filter(({ length }) => length === H).at(-1) ?? new Float32Array(H)));
    } finally {
      session.close();
    }
  }
  return { embeddings, tokens, unknown: [...unknown] };
}
