// What a pretrained encoder means to a task: whether it is run once or at every step, and the module of each model that is made.

import { OptionError } from 'unrolled';
import { GraphEncoder } from 'unrolled/graph';
import { augmentOf, type ImageChanges } from './augmentation.ts';
import type { Pretrained } from './pretrained.ts';

/** Whether the features of every image are the same at every step, so that they are computed once. */
export function isComputedOnce(pretrained: Pretrained | null, changes: ImageChanges): pretrained is Pretrained {
  return pretrained !== null && !pretrained.encoder.config.trained && augmentOf(changes) === null;
}

/** The encoder of a model that is made: the network itself, which does not change, or where it is fine-tuned a copy. */
export function encoderFor(pretrained: Pretrained): GraphEncoder {
  const { encoder } = pretrained;
  if (!encoder.config.trained) return encoder;
  return new GraphEncoder(encoder.config).loadStateDict(encoder.stateDict());
}

/** A row of the first screen: what was taken of the file, and how it is used. */
export function encoderRow(
  { encoder, about }: Pretrained,
  changes: ImageChanges,
): readonly (readonly [what: string, text: string])[] {
  const frozen = augmentOf(changes)
    ? 'frozen; it runs at every step, because images are changed at random'
    : 'frozen; its features are computed once';
  return [
    ['encoder', about],
    ['', encoder.config.trained ? 'fine-tuned: it runs at every step' : frozen],
  ];
}

/** Throws for images of another size than the network's input, where that was asked for. */
export function requireTuning(
  who: string,
  values: { readonly encoder: string | null; readonly fineTune: boolean; readonly fineTuneAfter: number },
): void {
  if (values.encoder !== null && values.fineTuneAfter > 0 && !values.fineTune)
    throw new OptionError(who, '--fine-tune-after', 'a pretrained CNN stays frozen; say --fine-tune too');
}
