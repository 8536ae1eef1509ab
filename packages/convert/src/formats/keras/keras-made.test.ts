// A model that Keras 3 made and saved gives Keras' numbers: masks of ids and as an input, states, both GRUs, frames, outputs by name.

import { readFileSync } from 'node:fs';
import { type TestVector, vectorError } from 'unrolled/graph';
import { expect, test } from 'vitest';
import { readModel } from '../../read-model.ts';

const golden = new URL('../../../../../test/golden/', import.meta.url);
const { made, keras } = JSON.parse(readFileSync(new URL('keras.json', golden), 'utf8')) as {
  readonly made: TestVector;
  readonly keras: string;
};

test('a model that Keras made', async () => {
  const model = await readModel(Uint8Array.from(readFileSync(new URL('keras-made.keras', golden))), {
    name: 'made.keras',
  });
  const network = model.module();
  expect(
    network.graph.inputs.map(({ name, element }) => [name, element]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ).toEqual([
    ['frames', 'float'],
    ['ids', 'int'],
    ['mask', 'bool'],
  ]);
  expect(network.graph.outputs.map(({ name }) => name).toSorted()).toEqual(['classes', 'unit']);
  expect(vectorError(network, [made], 'made.keras').relative).toBeLessThan(1e-6);
  expect(model.producer).toBe(`keras ${keras}`);
  expect(model.report.decisions).toContainEqual(
    expect.objectContaining({ what: 'padding', choice: 'mask: true at the steps that count' }),
  );
});

test('a mask that no input gives, and that no layer makes, is refused', async () => {
  const layer = (className: string, name: string, config: object, inbound: unknown) => ({
    class_name: className,
    name,
    config: { name, ...config },
    inbound_nodes: inbound,
  });
  const tensor = (name: string) => ({ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } });
  const config = {
    class_name: 'Functional',
    module: 'keras',
    config: {
      name: 'net',
      layers: [
        layer('InputLayer', 'x', { batch_shape: [null, null, 1], dtype: 'float32' }, []),
        layer('Dense', 'd', { units: 1 }, [{ args: [tensor('x')], kwargs: {} }]),
        layer('SimpleRNN', 'r', { units: 1 }, [{ args: [tensor('x')], kwargs: { mask: tensor('d') } }]),
      ],
      input_layers: [['x', 0, 0]],
      output_layers: [['r', 0, 0]],
    },
  };
  const bytes = readFileSync(new URL('keras-made.keras', golden));
  const { openZip } = await import('unrolled/io');
  const zip = await openZip(Uint8Array.from(bytes), 'made.keras');
  const weights = await zip.bytes('model.weights.h5');
  const files = new Map([
    ['net.weights.h5', weights],
    ['net.json', new TextEncoder().encode(JSON.stringify(config))],
  ]);
  await expect(readModel(files)).rejects.toThrow(
    /"r": expected masks that .* or that are an input of the model, got another mask as an argument/,
  );
});
