// How much a file may ask for. Every reader asks here before it allocates or recurses; what a real model needs is far below.

export const limits = {
  /** Bytes of a file, and of everything that is unpacked from one. */
  fileBytes: 2 ** 32,
  /** Files in an archive or of a model in several files. */
  files: 100_000,
  /** Tensors of a model. */
  tensors: 1_000_000,
  /** Elements of a tensor. */
  elements: 2 ** 31,
  /** Axes of a tensor. */
  axes: 64,
  /** Bytes of a name or of any other short text. */
  nameBytes: 65_536,
  /** Bytes of JSON: a configuration, a manifest, an index. */
  jsonBytes: 256 * 2 ** 20,
  /** Lists in lists, messages in messages, graphs in graphs. */
  depth: 64,
  /** Nodes of a graph, or layers of a network. */
  nodes: 200_000,
  /** Steps of a pickle's program. A checkpoint has some ten per tensor. */
  pickleSteps: 20_000_000,
  /** Values on a pickle's stack, and in its memo. */
  pickleValues: 5_000_000,
} as const;
