// The GRU that PyTorch's exporter wrote wrongly. PyTorch has one form, the reset gate after the product, and the exporter (onnxscript 0.5.7 to 0.7.0, from
// December 2025 to June 2026) left out the attribute that says so: read as the operator's text says, outputs are off by about 0.1.

import type { GraphNode } from 'unrolled/graph';
import type { ConversionReport } from '../../model/report.ts';
import type { ReadOptions } from '../format.ts';
import type { Draft } from './body.ts';
import type { ModelMessage } from './messages.ts';

/** Names GRUs of PyTorch that say they reset before the product, and reads them, of any producer, as they were trained where that is asked for. */
export function askGRU(draft: Draft, model: ModelMessage, report: ConversionReport, { gru }: ReadOptions): void {
  const isBefore = (node: GraphNode) => node.op === 'GRU' && node.attributes?.linear_before_reset !== 1;
  const found = Array.from(draft.bodies()).flatMap(({ nodes }) => nodes.filter(isBefore));
  if (gru === 'as-trained') {
    for (const { name } of found)
      report.decide('gru-form', name, 'as trained: reset after the product', 'asked for; the file says before it');
    if (found.length === 0)
      report.warn(
        'no GRU to be read as it was trained: none has the reset gate before the product',
        null,
        "leave out { gru: 'as-trained' } (--gru)",
      );
    const after = (node: GraphNode): GraphNode =>
      isBefore(node) ? { ...node, attributes: { ...node.attributes, linear_before_reset: 1 } } : node;
    for (const body of draft.bodies()) body.nodes = body.nodes.map(after);
  } else if (gru === undefined && model.producer.toLowerCase().includes('pytorch'))
    for (const { name } of found)
      report.warn(
        'a GRU of PyTorch with the reset gate before the product, which PyTorch does not have: onnxscript 0.5.7 to 0.7.0 left out linear_before_reset',
        name,
        "compare outputs with the source; if they are off by about 0.1, read the file with { gru: 'as-trained' } (--gru as-trained), and with 'as-written' to silence this",
      );
}
