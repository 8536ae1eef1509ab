// config.json of an imported model's run. What every run has besides its model (how it is trained, what it was trained on) is what `unrolled train` does when
// no option was given, so that the run is measured and inspected by the same rules as others.

import type { RunParts } from '@unrolled/convert';
import { classifyOptions } from '../classify/options.ts';
import { defaultsOf } from '../command-line/options.ts';
import { usualTokens } from '../examples/options.ts';
import { trainingOf } from '../runs/options.ts';
import { tagOptions } from '../tag/options.ts';
import { textOptions } from '../text/options.ts';

const unplanned = { steps: 1, evalEvery: 0, sampleEvery: null, patience: 0, warmup: 0 };

/** The configuration with training and data as its task has them; that of tensors as it is. */
export function importedConfig(config: RunParts['config']): RunParts['config'] {
  const parts = partsOf(config.task);
  if (parts === null) return config;
  return { ...config, training: parts.training, data: { ...(config.data as object), imported: true, ...parts.data } };
}

function partsOf(task: unknown): { readonly training: object; readonly data: object } | null {
  const rows = { rows: 0, longest: 0, example: '' };
  switch (task) {
    case 'text': {
      const values = defaultsOf(textOptions);
      const { batch, seqLength, reduction, valFrac } = values;
      return {
        training: { batch, seqLength, reduction, valFrac, ...trainingOf(values), ...unplanned },
        data: { characters: 0, paths: [] },
      };
    }
    case 'classify': {
      const values = defaultsOf(classifyOptions);
      const { batch, labelSmoothing, balanced } = values;
      const maxLength = values.maxLength ?? usualTokens;
      const { demo, text, label, group, where, header, badRows, validation, valFrac, seed } = values;
      const read = { paths: [], demo, text, label, group, where, header, badRows, validation, valFrac, seed };
      return {
        training: { batch, maxLength, labelSmoothing, balanced, ...trainingOf(values), ...unplanned },
        data: { ...rows, read },
      };
    }
    case 'tag': {
      const values = defaultsOf(tagOptions);
      const { batch, labelSmoothing, balanced, best } = values;
      const maxLength = values.maxLength ?? usualTokens;
      const { demo, tokens, tags, group, where, header, badRows, validation, valFrac, seed } = values;
      const read = { paths: [], demo, tokens, tags, group, where, header, badRows, validation, valFrac, seed };
      return {
        training: { batch, maxLength, labelSmoothing, balanced, best, ...trainingOf(values), ...unplanned },
        data: { ...rows, characters: false, read },
      };
    }
    default:
      return null;
  }
}
