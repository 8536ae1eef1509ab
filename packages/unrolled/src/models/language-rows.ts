// A language model as a RowStepper: every row continues its own prompt.

import { requireKinds } from '../checks.ts';
import { padSequences } from '../data/batches.ts';
import type { RowStepper } from '../decode/row-stepper.ts';
import { OptionError } from '../errors.ts';
import { CarriedState, mapState } from '../nn/recurrent/state.ts';
import { noGrad } from '../tensor/autograd.ts';
import { indices } from '../tensor/create.ts';
import { embedding } from '../tensor/ops/embedding.ts';
import { scope } from '../tensor/scope.ts';
import { type LanguageModel, type LanguageState, requireLanguageModel } from './language-model.ts';

/**
 * Makes a language model searchable by `beamSearch` and `sampleSequences`: many continuations of many prompts at once. The model must be in eval mode.
 *
 *     const rows = new LanguageRows(model.eval(), [vocabulary.encode('the '), vocabulary.encode('a ')]);
 *     const [[best]] = beamSearch(rows, { beams: 8, end: null, maxLength: 40 });
 */
export class LanguageRows implements RowStepper {
  readonly vocabularySize: number;
  readonly rows: number;
  readonly first: Int32Array;
  readonly attention = null;
  readonly #model: LanguageModel;
  readonly #prompts: readonly ArrayLike<number>[];
  readonly #state = new CarriedState<LanguageState>();

  /** Throws an OptionError for an empty prompt: there is nothing to continue. */
  constructor(model: LanguageModel, prompts: readonly ArrayLike<number>[]) {
    requireLanguageModel('LanguageRows', model);
    requireKinds('LanguageRows', { prompts }, { prompts: ['numbers'] });
    const empty = prompts.findIndex((prompt) => prompt.length === 0);
    if (empty >= 0)
      throw new OptionError('LanguageRows', 'prompts', `prompt ${empty} has no symbols; give it at least one`);
    this.#model = model;
    this.#prompts = prompts;
    this.vocabularySize = model.vocabularySize;
    this.rows = prompts.length;
    this.first = Int32Array.from(prompts, (prompt) => prompt[prompt.length - 1]);
    this.reset();
  }

  /** Reads all but the last symbol of each prompt. */
  reset(): void {
    const { ids, lengths, T, B } = padSequences(this.#prompts.map((prompt) => Array.from(prompt).slice(0, -1)));
    scope(() =>
      noGrad(() => {
        const { backend } = this.#model.parameters()[0];
        const input = indices(ids, [T, B], { backend });
        this.#state.replace(this.#model.forward(input, null, { lengths: Array.from(lengths) })[1]);
      }),
    );
  }

  step(symbols: Int32Array, from: Int32Array): Float32Array {
    requireKinds('LanguageRows.step', { symbols, from }, { symbols: 'numbers', from: 'numbers' });
    return scope(() =>
      noGrad(() => {
        const { backend } = this.#model.parameters()[0];
        const rows = indices(from, [from.length], { backend });
        // Row i of every tensor [L, B, H] continues row from[i] of the step before.
        const state = mapState(this.#state.value, (t) => {
          const [L, B, H] = t.shape;
          return embedding(rows, t.transpose(0, 1).reshape(B, L * H))
            .reshape(from.length, L, H)
            .transpose(0, 1);
        });
        const input = indices(symbols, [1, symbols.length], { backend });
        const [logits, next] = this.#model.forward(input, state);
        this.#state.replace(next);
        return logits.logSoftmax().dataSync() as Float32Array;
      }),
    );
  }
}
