// A tree from left to right, each node as high up as those before it let it: what was kept is strong, what was dropped is pale and dashed.

import type { TreeNode } from 'unrolled/lessons';

interface Placed {
  readonly node: TreeNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly from: Placed | null;
}

const [row, box, gap, letter] = [36, 30, 22, 7.2];

/** See the top of this file. */
export function Tree({ roots, label }: { readonly roots: readonly TreeNode[]; readonly label: string }) {
  const placed = place(roots);
  const width = Math.max(...placed.map(({ x, width: w }) => x + w)) + 2;
  const height = Math.max(...placed.map(({ y }) => y)) + box + 4;
  return (
    <div class="matrix-scroll" role="group" aria-label={label} tabIndex={0}>
      <svg class="chart tree" width={width} height={height} role="img" aria-label={label}>
        {placed.map(({ node, x, y, from }, k) =>
          from ? (
            <path
              key={k}
              class={node.kept ? 'edge' : 'edge dropped'}
              d={`M${from.x + from.width} ${from.y + box / 2}C${from.x + from.width + gap / 2} ${from.y + box / 2} ${x - gap / 2} ${y + box / 2} ${x} ${y + box / 2}`}
            />
          ) : null,
        )}
        {placed.map(({ node, x, y, width: w }, k) => (
          <g key={k} class={node.kept ? 'node' : 'node dropped'}>
            <rect x={x} y={y} width={w} height={box} rx={6} />
            <text class="symbol" x={x + 8} y={y + 13}>
              {node.label}
            </text>
            <text x={x + 8} y={y + 25}>
              {node.text}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Every node with its place: in the first row that is free, and its first child in the same row, so that the most probable path is a straight line. */
function place(roots: readonly TreeNode[]): Placed[] {
  const widths: number[] = [];
  const measure = (nodes: readonly TreeNode[], depth: number): void => {
    if (nodes.length === 0) return;
    const longest = Math.max(...nodes.map(({ label, text }) => Math.max(label.length * 1.15, text.length)));
    widths[depth] = Math.max(widths[depth] ?? 0, longest * letter + 16);
    measure(
      nodes.flatMap(({ children }) => children),
      depth + 1,
    );
  };
  measure(roots, 0);
  const left = (depth: number) => 1 + widths.slice(0, depth).reduce((sum, w) => sum + w + gap, 0);
  const found: Placed[] = [];
  const free: number[] = []; // by depth, the first y below which nothing stands
  const firstFree = ({ children }: TreeNode, depth: number): number =>
    Math.max(free[depth] ?? 1, children.length > 0 ? firstFree(children[0], depth + 1) : 0);
  const visit = (node: TreeNode, depth: number, y: number, from: Placed | null): void => {
    const here: Placed = { node, x: left(depth), y, width: widths[depth], from };
    found.push(here);
    free[depth] = y + row;
    for (const [k, child] of node.children.entries())
      visit(child, depth + 1, k === 0 ? y : Math.max(y + row, firstFree(child, depth + 1)), here);
  };
  for (const root of roots) visit(root, 0, firstFree(root, 0), null);
  return found;
}
