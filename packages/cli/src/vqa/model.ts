// A saved answerer: its model, its tokens, its answers, and what can be guessed without looking.

import {
  type QuestionOnlyBaseline,
  type ImageQuestions,
  type Images,
  Tokenizer,
  VisualQA,
  type VisualQAConfig,
} from 'unrolled';
import { encodeTexts } from '../classify/data.ts';
import type { RunConfig, RunData } from '../runs/config.ts';
import type { SavedRun } from '../runs/kind.ts';
import type { Question, QuestionSource } from './data.ts';

export interface VqaSettings {
  readonly batch: number;
  readonly maxLength: number;
}

export type VqaConfig = RunConfig<
  VisualQAConfig,
  VqaSettings,
  RunData & { readonly rows: number; readonly read: QuestionSource; readonly example: Example }
>;

/** A question of the data, to try the model on. */
export interface Example {
  /** Its image's file; null for images that are in none. */
  readonly image: string | null;
  readonly question: string;
}

export interface LoadedAnswerer {
  readonly model: VisualQA;
  readonly tokenizer: Tokenizer;
  readonly answers: readonly string[];
  readonly blind: QuestionOnlyBaseline;
  readonly config: VqaConfig;
}

export function restoreAnswerer(saved: SavedRun<VqaConfig>): LoadedAnswerer {
  const { path } = saved;
  const { config } = saved;
  const model = new VisualQA(config.model);
  model.loadStateDict(saved.weights, path);
  return {
    model: model.eval(),
    tokenizer: Tokenizer.fromJSON(saved.readJSON('tokenizer'), `${path}/tokenizer.json`),
    answers: saved.readJSON('answers') as string[],
    blind: saved.readJSON('blind') as QuestionOnlyBaseline,
    config,
  };
}

/** Rows as the model learns from them. An answer that it does not have is −1. */
export function encodeQuestions(
  rows: readonly Question[],
  { tokenizer, answers, maxLength }: { tokenizer: Tokenizer; answers: readonly string[]; maxLength: number },
  images: Images,
): ImageQuestions {
  const number = new Map(answers.map((answer, k) => [answer, k]));
  return {
    images,
    questions: encodeTexts(
      rows.map(({ question }) => question),
      tokenizer,
      maxLength,
    ),
    which: rows.map(({ which }) => which),
    answers: rows.map(({ answer }) => number.get(answer) ?? -1),
    types: rows.map(({ type }) => type),
  };
}
