// A batch in shards. A sum of floats depends on its order, so the order is part of what a run is: a batch is cut into a fixed number of shards, each
// has a gradient of its own, and these are added in a fixed tree,
//
//   ((g0 + g1) + (g2 + g3)) + ((g4 + g5) + (g6 + g7))        of n shards: the largest power of two below n on the left, the others on the right
//
// whoever computes which of them. One process that computes all, and 2, 4 or 8 that compute some each, end in the same bits.

/** The shards of every batch, and those that this process computes: [from, to). */
export interface Shards {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** A range of shards whose sum is a node of the tree. */
export interface Subtree {
  readonly from: number;
  readonly to: number;
}

/** How what the processes have is added: slot after slot in the order of the shards, and the additions `slots[a] += slots[b]` in their order. */
export interface Additions {
  /** The process of each slot. */
  readonly owners: readonly number[];
  /** The shards of each slot. */
  readonly slots: readonly Subtree[];
  /** The sum of all ends in slot 0. */
  readonly additions: readonly (readonly [a: number, b: number])[];
}

/** Rows [from, to) of shard `index` of `count`: all as large as one another, or by a row larger. */
export function rowsOfShard(rows: number, index: number, count: number): [from: number, to: number] {
  return [Math.floor((index * rows) / count), Math.floor(((index + 1) * rows) / count)];
}

/** The shards of process `rank` of `size`. */
export function shardsOf(count: number, rank: number, size: number): Shards {
  const [from, to] = rowsOfShard(count, rank, size);
  return { count, from, to };
}

/** Where the tree over shards [from, to) has its cut. */
function cutOf({ from, to }: Subtree): number {
  return from + 2 ** Math.ceil(Math.log2(to - from) - 1);
}

/** The nodes of the tree over `count` shards that make up [from, to), as few as there can be. */
export function subtrees({ count, from, to }: Shards): Subtree[] {
  const within = (node: Subtree): Subtree[] => {
    if (node.to <= from || node.from >= to) return [];
    if (node.from >= from && node.to <= to) return [node];
    const cut = cutOf(node);
    return [...within({ from: node.from, to: cut }), ...within({ from: cut, to: node.to })];
  };
  return within({ from: 0, to: count });
}

/** The additions that are left when each of `size` processes has added up its own. */
export function additionsOf(count: number, size: number): Additions {
  const owned = Array.from({ length: size }, (_, rank) => subtrees(shardsOf(count, rank, size)));
  const slots = owned.flat();
  const additions: [number, number][] = [];
  const add = (node: Subtree): number => {
    const slot = slots.findIndex(({ from, to }) => from === node.from && to === node.to);
    if (slot >= 0) return slot;
    const cut = cutOf(node);
    const pair: [number, number] = [add({ from: node.from, to: cut }), add({ from: cut, to: node.to })];
    additions.push(pair);
    return pair[0];
  };
  add({ from: 0, to: count });
  return { owners: owned.flatMap((own, rank) => own.map(() => rank)), slots, additions };
}

/** How many of the sums so far are joined when summand `k` of `n` has come: as a binary counter carries, and at the end all. */
export function joinedAfter(k: number, n: number): number {
  const ones = (x: number) => {
    let count = 0;
    for (; x % 2 === 1; x = (x - 1) / 2) count++;
    return count;
  };
  if (k < n - 1) return ones(k);
  let sums = 0; // as many as k has ones
  for (let x = k; x > 0; x = Math.floor(x / 2)) sums += x % 2;
  return sums;
}
