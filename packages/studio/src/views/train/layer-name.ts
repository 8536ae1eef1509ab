// Recurrent layers as they are shown.

/** `l1_reverse` → `2 ←`, `encoder.recurrent.l0` → `encoder 1`, `decoder.layers.1.l0` → `decoder 2`: where a model has several stacks, each has its name. */
export function layerName(layer: string): string {
  const [, path = '', stacked, own = '0', reverse = ''] = /^(?:(.+?)\.)??(?:layers\.(\d+)\.)?l(\d+)(_reverse)?$/.exec(
    layer,
  ) ?? [null, layer];
  const name = path.replace(/\.?(recurrent|layer)$/, '');
  return `${name} ${Number(stacked ?? own) + 1}${reverse && ' ←'}`.trim();
}
