// What engines write and refuse, as tests look at it.

import type { EngineError, GeneratePiece, GenerateRequest } from '@unrolled/server';
import type { TextGenerationPipeline } from 'unrolled/pipelines';

export interface Written {
  text: string;
  ids: number[];
  pieces: GeneratePiece[];
  finish?: GeneratePiece['finish'];
}

export async function written(pieces: AsyncIterable<GeneratePiece>): Promise<Written> {
  const all: Written = { text: '', ids: [], pieces: [] };
  for await (const piece of pieces) {
    all.text += piece.text;
    all.ids.push(...piece.ids);
    all.pieces.push(piece);
    if (piece.finish) all.finish = piece.finish;
  }
  return all;
}

/** The error of work that has to be refused. */
export async function problem(work: Promise<unknown>): Promise<EngineError> {
  const error = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof Error) return error as EngineError;
  throw new Error('nothing was refused');
}

/** The text of a request whose writer has no other. */
export async function writtenAlone(writer: TextGenerationPipeline, request: GenerateRequest): Promise<string> {
  const { prompt, seed, maxTokens, temperature, topK, topP, minP, stop } = request;
  const options = { seed, maxTokens, temperature, topK, topP, minP, stop };
  let text = '';
  for await (const piece of writer.generate(prompt as string, options)) text += piece.text;
  return text;
}
