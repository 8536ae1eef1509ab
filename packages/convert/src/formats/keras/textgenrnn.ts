// textgenrnn saves weights alone, and its networks are all of one kind: embedding → n recurrent layers → all of them side by side → attention → softmax.
// Its layers' names are its own, so that a file of it is known by them.

import type { StoredArray } from '../../arrays/stored-array.ts';
import type { ConversionReport } from '../../model/report.ts';

/** The configuration of textgenrnn's network; null for weights of others. */
export function textgenrnnConfig(arrays: ReadonlyMap<string, StoredArray>, report: ConversionReport): unknown {
  const shape = (name: string) => arrays.get(name)?.shape ?? [];
  const table = shape('embedding/embedding/embeddings:0');
  const output = shape('output/output/kernel:0');
  if (!arrays.has('attention/attention/attention_W:0') || table.length !== 2 || output.length !== 2) return null;
  const layers: object[] = [
    layer('InputLayer', 'input', { batch_input_shape: [null, null] }, []),
    layer('Embedding', 'embedding', { input_dim: table[0], output_dim: table[1] }, ['input']),
  ];
  const read = ['embedding'];
  for (let k = 1; ; k++) {
    const forward = `rnn_${k}/rnn_${k}/recurrent_kernel:0`;
    const both = [...arrays.keys()].find(
      (name) => name.startsWith(`rnn_${k}/`) && name.includes('/forward_') && name.includes('recurrent_kernel'),
    );
    const [units] = shape(both ?? forward);
    if (units === undefined) break;
    const settings = { units, activation: 'tanh', recurrent_activation: 'sigmoid', return_sequences: true };
    layers.push(
      both === undefined
        ? layer('LSTM', `rnn_${k}`, settings, [read.at(-1) as string])
        : layer(
            'Bidirectional',
            `rnn_${k}`,
            { layer: { class_name: 'LSTM', config: { name: 'lstm', ...settings } }, merge_mode: 'concat' },
            [read.at(-1) as string],
          ),
    );
    read.push(`rnn_${k}`);
  }
  layers.push(
    layer('Concatenate', 'rnn_concat', { axis: -1 }, read),
    layer('AttentionWeightedAverage', 'attention', { return_attention: false }, ['rnn_concat']),
    layer('Dense', 'output', { units: output[1], activation: 'softmax' }, ['attention']),
  );
  report.decide(
    'network',
    null,
    "textgenrnn's: embedding, recurrent layers, attention, softmax",
    'the names of the layers; the file has weights alone',
  );
  return {
    class_name: 'Model',
    config: { layers, input_layers: [['input', 0, 0]], output_layers: [['output', 0, 0]] },
  };
}

function layer(className: string, name: string, config: object, reads: readonly string[]): object {
  const inbound = reads.length > 0 ? [reads.map((read) => [read, 0, 0, {}])] : [];
  return { class_name: className, name, config: { name, ...config }, inbound_nodes: inbound };
}
