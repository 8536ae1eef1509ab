// B-trees of version 1: the names of a group, or the chunks of a dataset.

import { limits } from '../../limits.ts';
import type { Hdf5Bytes, Hdf5Reader } from './bytes.ts';

/** The children of the lowest nodes of a version 1 B-tree, each with the key before it. Type 0: groups; type 1: chunks of `rank` axes. */
export function* treeLeaves(
  file: Hdf5Bytes,
  root: number,
  type: 0 | 1,
  rank: number,
  where: string,
): Generator<{ readonly address: number; readonly key: Hdf5Reader }> {
  const keyBytes = type === 0 ? file.lengthBytes : 8 + 8 * (rank + 1);
  const open = [{ address: root, level: Number.POSITIVE_INFINITY }];
  for (let next = open.pop(); next; next = open.pop()) {
    const node = file.at(next.address, where);
    node.signature('TREE');
    const kind = node.u8('a B-tree');
    const level = node.u8('a B-tree');
    const count = node.u16('a B-tree');
    if (kind !== type || level >= next.level)
      node.fail('a B-tree whose levels go down', `type ${kind}, level ${level}`);
    node.address('a B-tree');
    node.address('a B-tree');
    const lower: { address: number; level: number }[] = [];
    for (let i = 0; i < count; i++) {
      const key = node.part(keyBytes, 'a key');
      const address = node.address('a child') ?? node.fail('the address of a child', 'none');
      if (level === 0) yield { address, key };
      else lower.push({ address, level });
    }
    for (const child of lower.reverse()) open.push(child);
    if (open.length > limits.nodes) node.fail(`at most ${limits.nodes} nodes`, 'more');
  }
}
