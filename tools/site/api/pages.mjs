// The pages of the API reference: what each is about, and which of them an export of the main door belongs to.

/** By the name of the page: where its names are imported from, its title, and what it has. The order is that of the navigation. */
export const pages = new Map(
  Object.entries({
    tensor: ['unrolled', 'Tensors and ops', 'Tensors, ops, gradients, scopes, the random state.'],
    nn: [
      'unrolled',
      'Layers',
      'Modules and parameters, linear and convolutional layers, embeddings, normalization, losses.',
    ],
    recurrent: [
      'unrolled',
      'Recurrent layers and cells',
      'RNN, LSTM, GRU; every cell; the layer that unrolls any cell; residual blocks.',
    ],
    init: ['unrolled', 'Initialization', 'The functions of `init`, which set parameters in place.'],
    optim: ['unrolled', 'Optimizers', 'SGD, Adagrad, RMSprop, Adam, AdamW; clipping; schedules; averages of weights.'],
    models: ['unrolled', 'Models', 'A model for each task, and what its batches are made of.'],
    train: ['unrolled', 'Training', 'Tasks, `fit`, `Trainer`, events, evaluations.'],
    decode: ['unrolled', 'Decoding', 'Sampling and beam search.'],
    backend: ['unrolled', 'Backends', 'Native, WebAssembly and reference: choosing one and reporting which one runs.'],
    errors: ['unrolled', 'Errors', 'The errors that the library throws.'],
    data: ['unrolled/data', 'Data', 'Texts, tokens, batches, windows, images, synthetic data sets.'],
    metrics: ['unrolled/metrics', 'Metrics', 'BLEU, chrF, F1, CIDEr, calibration and others.'],
    io: ['unrolled/io', 'Files', 'safetensors, NumPy arrays, zip archives, weights of Keras layers.'],
    pipelines: ['unrolled/pipelines', 'Pipelines', 'Trained runs by task, and predictions of models in memory.'],
    analysis: [
      'unrolled/analysis',
      'Analysis',
      'Gradients through time, spectra, units, gates, attention maps, plots.',
    ],
    layers: [
      'unrolled/layers',
      'More layers',
      'Cells and output layers besides the usual ones, losses of large vocabularies.',
    ],
    lessons: ['unrolled/lessons', 'Lessons', 'The experiments of the course: what they measure, say and draw.'],
    graph: ['unrolled/graph', 'Graphs', 'Networks as data: what imported models are.'],
    inline: ['unrolled/inline', 'Inline WebAssembly', 'The WebAssembly builds inside of the code.'],
    convert: ['@unrolled/convert', 'Conversion', 'Models from and to PyTorch, Keras, TensorFlow.js and ONNX.'],
    server: ['@unrolled/server', 'Server', 'A handler of Web-standard requests.'],
    'server-node': ['@unrolled/server/node', 'Server in Node', 'What listens.'],
  }).map(([name, [from, title, what]]) => [name, { from, title, what }]),
);

/** The page of an export of the main door: by its name, or by the folder that declares it. */
export function familyOf(name, file) {
  if (name === 'init') return 'init';
  const path = file.replace(/\\/g, '/').split('/packages/unrolled/src/').at(-1);
  if (path.startsWith('nn/recurrent/')) return 'recurrent';
  return { 'errors.ts': 'errors', 'random.ts': 'tensor' }[path] ?? path.split('/')[0];
}

/** The reference's first page: every page, with its names. `found` has the names of each page. */
export function apiIndex(found) {
  const rows = [...pages].filter(([page]) => found.has(page));
  const table = rows.map(
    ([page, { from, title, what }]) =>
      `| [${title}](${page}.md) | \`${from}\` | ${what} | ${found.get(page)?.length} |`,
  );
  return `# API reference

Every export of every package, from the doc comments in the sources. Shapes use one alphabet: \`B\` batch, \`T\` time steps, \`I\` input size, \`H\` hidden size, \`L\` layers,
\`D\` directions (1 or 2), \`V\` vocabulary, \`E\` embedding, \`C\` channels. [The library](../../docs/library.md) is the introduction.

| page | import from | what | names |
|---|---|---|---|
${table.join('\n')}
`;
}
