"""Writes test/golden/keras.json: the order in which Keras has the layers of models that were exported for it.

    node --import ./tools/ts.mjs tools/golden-keras.ts FOLDER
    KERAS_BACKEND=numpy python3 tools/golden-keras.py FOLDER        # needs Keras 3

The order is Keras' own: it decides where in model.weights.h5 a layer's weights are looked for."""

import json
import os
import sys

import keras

folder = sys.argv[1]
with open(os.path.join(folder, 'models.json')) as file:
    models = json.load(file)
orders = {}
for name, path in models.items():
    model = keras.models.load_model(os.path.join(folder, path), compile=False)
    orders[name] = [layer.name for layer in model.layers]
note = 'model: file -> the names of its layers, in the order of model.layers'
target = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'test', 'golden', 'keras.json')
with open(target, 'w') as file:
    lines = [f'  {json.dumps(name)}: {json.dumps(order)}' for name, order in orders.items()]
    script = f'"script": "tools/golden-keras.py", "keras": "{keras.__version__}", "note": {json.dumps(note)}'
    file.write('{' + script + ', "orders": {\n' + ',\n'.join(lines) + '\n}}\n')
