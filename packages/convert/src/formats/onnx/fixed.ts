// Inputs that are the same in every call, as the sampling rate of a detector that has a branch for each: as constants they decide the branches while the
// file is read, and the others are left out.

import { ConvertError, quoted } from '../../errors.ts';
import type { ConversionReport } from '../../model/report.ts';
import type { Draft } from './body.ts';

/** Makes constants of inputs of one element. Throws a ConvertError for a name that is no such input, or a value that it cannot have. */
export function fixInputs(draft: Draft, fixed: Readonly<Record<string, number>>, report: ConversionReport): void {
  const { inputs } = draft.main;
  for (const [name, value] of Object.entries(fixed)) {
    const place = inputs.findIndex((port) => port.name === name);
    const fail = (expected: string, got: string): never => {
      throw new ConvertError(draft.source, { where: `the fixed input ${quoted(name)}`, expected, got });
    };
    if (place < 0)
      fail(
        `an input of the model: ${inputs
          .map((port) => port.name)
          .join(', ')
          .slice(0, 200)}`,
        'another name',
      );
    const { element, shape } = inputs[place];
    if (!shape?.every((d) => d === 1)) fail('an input of one number', `the shape [${shape?.join(', ') ?? '…'}]`);
    const fits = { float: Number.isFinite(value), int: Number.isSafeInteger(value), bool: value === 0 || value === 1 };
    if (!fits[element]) fail({ float: 'a number', int: 'a whole number', bool: '0 or 1' }[element], String(value));
    inputs.splice(place, 1);
    draft.constants.set(name, { element, shape: shape as number[], values: () => [value], initializer: false });
    report.decide('fixed-input', name, String(value), 'asked for: it is no input any more');
  }
}
