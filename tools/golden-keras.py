"""Writes what Keras itself does, for the tests of @unrolled/convert:

test/golden/keras.json    the order in which Keras has the layers of models that were exported for it, and what keras-made.keras gives
test/golden/keras-made.keras    a model that Keras made and saved

    node --import ./tools/ts.mjs tools/golden-keras.ts FOLDER
    KERAS_BACKEND=numpy python3 tools/golden-keras.py FOLDER        # needs Keras 3

The order decides where in model.weights.h5 a layer's weights are looked for."""

import json
import os
import sys

import keras
import numpy as np
from keras import layers

folder = sys.argv[1]
golden = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'test', 'golden')


def orders():
    with open(os.path.join(folder, 'models.json')) as file:
        models = json.load(file)
    load = lambda path: keras.models.load_model(os.path.join(folder, path), compile=False)
    return {name: [layer.name for layer in load(path).layers] for name, path in models.items()}


def made():
    """Tokens whose padding is 0, and frames with a mask of their own; outputs by name."""
    keras.utils.set_random_seed(1)
    ids = keras.Input((None,), dtype='int32', name='ids')
    frames = keras.Input((None, 4, 4, 2), name='frames')
    mask = keras.Input((None,), dtype='bool', name='mask')
    x = layers.Embedding(7, 3, mask_zero=True)(ids)
    x = layers.Bidirectional(layers.LSTM(2, return_sequences=True))(x)
    x, state = layers.GRU(3, return_sequences=True, return_state=True)(x)
    pooled = layers.GlobalAveragePooling1D()(layers.LayerNormalization()(x))
    y = layers.TimeDistributed(layers.ZeroPadding2D(1))(frames)
    y = layers.TimeDistributed(layers.Conv2D(3, 3, strides=2, activation='relu'))(y)
    y = layers.TimeDistributed(layers.Flatten())(y)
    y = layers.SimpleRNN(3, return_sequences=True, zero_output_for_mask=True)(y, mask=mask)
    y = layers.GRU(3, reset_after=False)(y, mask=mask, initial_state=state)
    unit = layers.UnitNormalization()(layers.Subtract()([pooled, y]))
    outputs = {'unit': unit, 'classes': layers.Dense(2, activation='softmax')(layers.Concatenate()([pooled, y]))}
    model = keras.Model({'ids': ids, 'frames': frames, 'mask': mask}, outputs)
    random = np.random.default_rng(1)
    for weight in model.weights:  # zeros and ones tell nothing apart
        weight.assign(random.normal(size=weight.shape) * 0.5)
    model.save(os.path.join(golden, 'keras-made.keras'))
    inputs = {
        'ids': np.array([[1, 2, 3, 4, 5], [6, 1, 2, 0, 0]], 'int32'),
        'frames': random.normal(size=(2, 3, 4, 4, 2)).round(3).astype('float32'),
        'mask': np.array([[True, True, True], [True, False, True]]),
    }
    found = {name: keras.ops.convert_to_numpy(value) for name, value in model(inputs).items()}
    kinds = {'int32': 'int', 'float32': 'float', 'bool': 'bool'}
    array = lambda a: {'element': kinds[str(a.dtype)], 'shape': list(a.shape), 'values': [float(f'{v:.7g}') for v in a.ravel()]}
    return {'inputs': {n: array(a) for n, a in inputs.items()}, 'outputs': {n: array(a) for n, a in found.items()}}


with open(os.path.join(golden, 'keras.json'), 'w') as file:
    note = 'orders: the names of the layers, in the order of model.layers; made: what keras-made.keras gives'
    lines = [f'  {json.dumps(name)}: {json.dumps(order)}' for name, order in orders().items()]
    head = f'"script": "tools/golden-keras.py", "keras": "{keras.__version__}", "note": {json.dumps(note)}'
    file.write('{' + head + ', "orders": {\n' + ',\n'.join(lines) + '\n},\n"made": ' + json.dumps(made()) + '}\n')
