// A saved translator: its model, and the tokens of both sides.

import { Seq2Seq, type Seq2SeqConfig, Tokenizer } from 'unrolled';
import type { SavedRun } from '../runs/kind.ts';
import type { TranslateConfig } from './config.ts';
import type { PairTokenizers } from './tokens.ts';

export interface LoadedTranslator {
  readonly model: Seq2Seq;
  readonly tokenizers: PairTokenizers;
  readonly config: TranslateConfig;
}

export function restoreTranslator(saved: SavedRun<TranslateConfig>): LoadedTranslator {
  const { path } = saved;
  const { config } = saved;
  const model = new Seq2Seq(config.model as Seq2SeqConfig);
  model.loadStateDict(saved.weights, path);
  const read = (name: string) => Tokenizer.fromJSON(saved.readJSON(name), `${path}/${name}.json`);
  return { model: model.eval(), tokenizers: { source: read('source'), target: read('target') }, config };
}
