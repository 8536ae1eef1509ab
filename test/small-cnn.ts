// A small classifier of images as a file of another system: the pretrained network of the tests, whose weights are drawn.

import { ConvNet, Linear, manualSeed, Module, randn, type SavedTensor, type Tensor } from 'unrolled';
import { convNetMap, pooledMap } from '../packages/convert/src/export/graphs/conv-net.ts';
import { GraphBuilder } from '../packages/convert/src/export/graph-builder.ts';
import type { ExportedNetwork } from '../packages/convert/src/export/network.ts';
import { writeNetwork, type WrittenFormat } from '../packages/convert/src/write-model.ts';

/** Images [B, 3, h, w] → features → softmax over classes. */
class SmallCnn extends Module {
  readonly net: ConvNet;
  readonly head: Linear;

  constructor(size: number, channels: readonly number[], classes: number) {
    super();
    this.net = new ConvNet({ inputSize: [size, size], channels });
    this.head = new Linear(this.net.outChannels, classes);
  }

  /** Batch norms that do something: their statistics are drawn, too. */
  drawn(): this {
    for (const [name, buffer] of this.namedBuffers()) {
      const draw = randn(buffer.shape);
      if (name.endsWith('running_mean')) buffer.set(draw.mul(0.1));
      if (name.endsWith('running_var')) buffer.set(draw.square().add(0.5));
    }
    return this.eval();
  }
}

/** The network and its file's bytes. `batch`: the size of the batch that the file declares. */
export async function smallCnn({
  size = 16,
  channels = [6, 10],
  classes = 5,
  seed = 3,
  batch = 'batch' as string | number,
  /** Whether the map is an output of the file, too. */
  shown = false,
  format = 'onnx' as WrittenFormat,
} = {}): Promise<{ readonly network: SmallCnn; readonly bytes: Uint8Array; map(images: Tensor): Tensor }> {
  manualSeed(seed);
  const network = new SmallCnn(size, channels, classes).drawn();
  const g = new GraphBuilder();
  const map = convNetMap(g, 'net', network.net, g.input('images', 'float', [batch, 3, size, size]));
  if (shown) g.output('features', map, [batch, channels.at(-1) as number, ...network.net.mapSize]);
  g.output('probabilities', g.op('Softmax', [g.linear('head', network.head, pooledMap(g, map))], { axis: -1 }), [
    batch,
    classes,
  ]);
  const exported: ExportedNetwork = {
    name: 'cnn',
    graphs: new Map([['model', g.finish()]]),
    weights: new Map<string, SavedTensor>(network.stateDict()),
    aliases: new Map(),
    config: {},
    parts: new Map(),
    vectors: new Map(),
  };
  const { files } = await writeNetwork(exported, format);
  const [bytes] = [...files].filter(([name]) => /\.(onnx|keras)$/.test(name)).map(([, content]) => content);
  return { network, bytes, map: (images) => network.net.forward(images).map };
}
