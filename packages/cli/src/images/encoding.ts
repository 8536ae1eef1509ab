// What a pretrained encoder means to a task: whether it is run once or at every step, and the module of each model that is made.

import { type Module, OptionError, type Task } from 'unrolled';
import { GraphEncoder } from 'unrolled/graph';
import { augmentOf, type ImageChanges } from './augmentation.ts';
import type { Pretrained } from './pretrained.ts';
import { t } from '../language/index.ts';

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
    ? t('frozen; it runs at every step, because images are changed at random')
    : t('frozen; its features are computed once');
  return [
    [t('encoder'), about],
    ['', encoder.config.trained ? t('fine-tuned: it runs at every step') : frozen],
  ];
}

/** Throws for options of fine-tuning where nothing is fine-tuned. */
export function requireTuning(
  who: string,
  values: {
    readonly encoder: string | null;
    readonly fineTune: boolean;
    readonly fineTuneAfter: number;
    readonly cnnRate: number | null;
  },
): void {
  if (values.encoder === null || values.fineTune) return;
  for (const [option, given] of [
    ['--fine-tune-after', values.fineTuneAfter > 0],
    ['--cnn-rate', values.cnnRate !== null],
  ] as const)
    if (given) throw new OptionError(who, option, 'a pretrained CNN stays frozen; say --fine-tune too');
}

/** The task, with a learning rate of its own for a pretrained CNN that is fine-tuned. */
export function withEncoderRate<T extends Task>(
  task: T,
  encoder: Module | null,
  { fineTune, cnnRate }: { readonly fineTune: boolean; readonly cnnRate: number },
): T {
  if (!fineTune || !encoder) return task;
  return Object.assign(task, {
    parameters(lr: number) {
      const seeing = new Set(encoder.parameters());
      const others = task.model.parameters().filter((p) => !seeing.has(p));
      return cnnRate > 0 ? [...others, { params: seeing, lr: lr * cnnRate }] : others;
    },
  });
}
