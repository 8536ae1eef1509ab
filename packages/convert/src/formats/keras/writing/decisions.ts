// What a model of Keras or TensorFlow.js has otherwise than the library, for the certificate.

import { ConvertError } from '../../../errors.ts';
import { type ExportedNetwork, withoutGraph } from '../../../export/network.ts';
import type { ConversionReport } from '../../../model/report.ts';
import type { Dialect } from './dialect.ts';
import { isLengths, type Variant } from './translate.ts';

/** Refuses a model that is exported as weights alone. */
export function requireGraphs(network: ExportedNetwork, { title }: Dialect, { source }: ConversionReport): void {
  if (network.graphs.size > 0) return;
  throw new ConvertError(source, {
    expected: `a network that is layers of ${title}`,
    got: withoutGraph(network),
    advice: 'its weights alone can be written, as pytorch, safetensors or npz',
  });
}

export function decideLayout({ graph, suffix }: Variant, dialect: Dialect, report: ConversionReport): void {
  report.decide('layout', null, 'batch first, [batch, time, …]', `as ${dialect.title} has it`);
  if (graph.inputs.some(isLengths)) {
    if (dialect.masks)
      report.decide('padding', null, 'a mask [batch, time] as an input', 'true at the steps that count; outputs at the others are those of zeros'); // biome-ignore format: a line
    else
      report.decide(
        'padding',
        null,
        'none: the rows of a batch have one length',
        `a loaded model of ${dialect.title} takes no mask`,
      );
  }
  if (suffix !== '')
    report.decide('states', null, `a second file, …${suffix}, whose states are inputs and outputs`, 'zeros start a sequence; a state for each layer, h0_l0, h0_l1, …'); // biome-ignore format: a line
}
