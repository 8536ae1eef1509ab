// Functions in Python for ops that are no expression of PyTorch, by the op.

export const pythonFunctions: Readonly<Record<string, readonly string[]>> = {
  MaxOverTime: [
    'def max_over_time(y, lengths):',
    '    """y [T, B, H] -> [B, H], over the steps that count; 0 for a row without one."""',
    '    outside = torch.arange(len(y), device=y.device)[:, None] >= lengths',
    "    largest = y.masked_fill(outside[:, :, None], -float('inf')).amax(0)",
    '    return largest.masked_fill((lengths == 0)[:, None], 0)',
  ],
  MaskedSoftmax: [
    'def masked_softmax(scores, lengths):',
    '    """Scores [B, S] -> weights, 0 past the lengths."""',
    '    outside = torch.arange(scores.shape[1], device=scores.device) >= lengths[:, None]',
    "    return scores.masked_fill(outside, -float('inf')).softmax(1).masked_fill(outside, 0)",
  ],
  HardWeights: [
    'def hard_weights(weights):',
    '    """Weights [B, R] -> 1 at the largest, the first of several, and 0 elsewhere."""',
    '    largest = weights == weights.amax(1, keepdim=True)',
    '    return (largest & (largest.cumsum(1) == 1)).to(weights.dtype)',
  ],
  ReverseSequence: [
    'def reverse_rows(ids, lengths):',
    '    """ids [T, B]: each row back to front, as far as it goes."""',
    '    steps = torch.arange(len(ids), device=ids.device)[:, None]',
    '    return ids.gather(0, torch.where(steps < lengths, lengths - 1 - steps, steps))',
  ],
  DepthwiseConv: [
    'def depthwise_conv(steps, weight, bias):',
    '    """steps [K - 1 + T, B, H], weight [K, H] -> [T, B, H]: each unit over its last K steps."""',
    '    kernel = weight.t()[:, None]',
    '    return F.conv1d(steps.permute(1, 2, 0), kernel, bias, groups=len(kernel)).permute(2, 0, 1)',
  ],
  ShiftMaps: [
    'def shift_maps(kernels, gates, lengths, backward):',
    '    """Kernels [T, B, H, 9], gates [T, B, H, h, w] -> maps [B, H, h, w]: each step shifts them by its 3 x 3 kernel, and multiplies by its gate."""',
    '    T, B, H, h, w = gates.shape',
    '    maps = gates.new_ones(B, H, h, w)',
    '    for t in reversed(range(T)) if backward else range(T):',
    '        windows = F.unfold(maps.reshape(B * H, 1, h, w), 3, padding=1)  # [B H, 9, h w]',
    '        moved = (kernels[t].reshape(B * H, 9, 1) * windows).sum(1).reshape(B, H, h, w)',
    '        maps = torch.where((t < lengths)[:, None, None, None], moved * gates[t], maps)',
    '    return maps',
  ],
};
