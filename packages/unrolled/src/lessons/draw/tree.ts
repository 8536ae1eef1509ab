import { escapeXml, image, round, textWidth, titleOf } from '../../analysis/svg.ts';
import type { TreeFigure, TreeNode } from '../figures.ts';

const rowHeight = 34;

/** From left to right, a row for every leaf. What left the beam is pale and dashed, with a ✗. */
export function drawTree({ title = '', roots }: TreeFigure): string {
  const parts: string[] = [];
  const widest = (nodes: readonly TreeNode[], depth: number): number[] => {
    if (nodes.length === 0) return [];
    const here =
      Math.max(...nodes.map((n) => Math.max(textWidth(n.label), textWidth(`${n.text}${n.kept ? '' : ' ✗'}`, 11)))) + 12;
    return [
      here,
      ...widest(
        nodes.flatMap(({ children }) => children),
        depth + 1,
      ),
    ];
  };
  const widths = widest(roots, 0);
  const lefts = widths.map((_, k) => 14 + widths.slice(0, k).reduce((a, b) => a + b + 16, 0));
  const width = Math.max(440, Math.ceil((lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0) + 14));
  const heading = titleOf(title, width);
  let row = 0;
  const place = (node: TreeNode, depth: number): number => {
    const below = node.children.map((child) => place(child, depth + 1));
    const y = below.length > 0 ? (below[0] + below[below.length - 1]) / 2 : heading.bottom + 6 + row++ * rowHeight;
    const [x, w] = [lefts[depth], widths[depth]];
    for (const [k, at] of below.entries()) {
      const kept = node.children[k].kept;
      parts.push(
        `<path class="line s${kept ? 0 : 5}${kept ? '' : ' dashes'}" style="stroke-width:1.5${kept ? '' : ';stroke-opacity:.45'}" d="M${round(x + w)} ${y + 13}C${round(x + w + 10)} ${y + 13} ${round(x + w + 6)} ${at + 13} ${round(x + w + 16)} ${at + 13}"/>`,
      );
    }
    parts.push(
      `<g${node.kept ? '' : ' opacity=".6"'}><rect class="${node.kept ? 'area f0' : 'grid'}" x="${x}" y="${y}" width="${round(w)}" height="28" rx="4"/><text x="${round(x + 6)}" y="${y + 12}">${escapeXml(node.label)}</text><text class="small quiet" x="${round(x + 6)}" y="${y + 24}">${escapeXml(node.text)}${node.kept ? '' : ' ✗'}</text></g>`,
    );
    return y;
  };
  for (const root of roots) place(root, 0);
  return image({ width, height: heading.bottom + row * rowHeight + 12, label: title }, [heading.svg, ...parts]);
}
