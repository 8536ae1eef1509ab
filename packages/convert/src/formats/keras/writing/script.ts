// model.py next to a model of Keras: it loads the files and checks the test vectors of certificate.json when it is run.

export function kerasScript(files: readonly string[]): string {
  return `"""The models next to this file, for Keras 3. Written by unrolled.

\`python3 model.py\` checks the test vectors of certificate.json. Sequences have the batch first, [batch, time, ...];
a mask [batch, time] is True at the steps that count."""

import json
import os

import keras
import numpy as np

FOLDER = os.path.dirname(os.path.abspath(__file__))
FILES = ${JSON.stringify(files)}


def load(file=FILES[0]):
    """The model with its weights. It needs no code but Keras."""
    return keras.models.load_model(os.path.join(FOLDER, file), compile=False)


def mask_of(lengths, steps):
    """Lengths [batch] -> the mask [batch, steps]."""
    return np.arange(steps) < np.asarray(lengths)[:, None]


def run(model, inputs):
    """Arrays by the names of the inputs -> arrays by the names of the outputs, or one array."""
    names = [tensor.name for tensor in model.inputs]
    outputs = model(inputs[names[0]] if len(names) == 1 else {name: inputs[name] for name in names})
    convert = keras.ops.convert_to_numpy
    return {name: convert(y) for name, y in outputs.items()} if isinstance(outputs, dict) else convert(outputs)


def array(vector):
    kinds = {'float': 'float32', 'int': 'int32', 'bool': 'bool'}
    return np.array(vector['values'], kinds[vector['element']]).reshape(vector['shape'])


if __name__ == '__main__':
    with open(os.path.join(FOLDER, 'certificate.json')) as file:
        certificate = json.load(file)
    models = [load(file) for file in FILES]
    largest = 0.0
    for vector in certificate['vectors']:
        inputs = {name: array(value) for name, value in vector['inputs'].items()}
        model = next(m for m in models if {t.name for t in m.inputs} == set(inputs))
        outputs = run(model, inputs)
        for name, value in vector['outputs'].items():
            expected, got = array(value), outputs[name] if isinstance(outputs, dict) else outputs
            assert got.shape == expected.shape, (name, got.shape, expected.shape)
            error = np.abs(got - expected).max() / max(1.0, np.abs(expected).max())
            largest = max(largest, float(error)) if error == error else float('inf')
    assert largest <= certificate['error']['tolerance'], f'relative error {largest:.1e}'
    print(f"{len(certificate['vectors'])} test vectors, largest relative error {largest:.1e}")
`;
}
