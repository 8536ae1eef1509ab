// The GRU that PyTorch's exporter wrote wrongly. PyTorch has one form, the reset gate after the product, and the exporter (onnxscript 0.5.7 to 0.7.0, from
// December 2025 to June 2026) left out the attribute that says so: read as the operator's text says, outputs are off by about 0.1.

import type { GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../model/report.ts';
import type { ReadOptions } from '../format.ts';
import type { Draft } from './body.ts';
import type { ModelMessage } from './messages.ts';

/** Names GRUs of PyTorch that say they reset before the product, and reads them as they were trained where that is asked for. */
export function askGRU(draft: Draft, model: ModelMessage, report: ConversionReport, { gru }: ReadOptions): void {
  if (!model.producer.toLowerCase().includes('pytorch')) return;
  for (const body of draft.bodies())
    body.nodes = body.nodes.map((node): GraphNode => {
      if (node.op !== 'GRU' || node.attributes?.linear_before_reset === 1) return node;
      if (gru === 'as-trained') {
        report.decide(
          'gru-form',
          node.name,
          'as trained: reset after the product',
          'asked for; the file says before it',
        );
        return { ...node, attributes: { ...node.attributes, linear_before_reset: 1 } };
      }
      if (gru === undefined)
        report.warn(
          'a GRU of PyTorch with the reset gate before the product, which PyTorch does not have: onnxscript 0.5.7 to 0.7.0 left out linear_before_reset',
          node.name,
          "compare outputs with the source; if they are off by about 0.1, read the file with { gru: 'as-trained' }, and with { gru: 'as-written' } to silence this",
        );
      return node;
    });
}
