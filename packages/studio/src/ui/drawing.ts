// A card's figure as one SVG, as it stands on the page: its title, its charts side by side or below each other, images with what lies over them, colored
// text, the cells of a matrix, and the legends. Colors and fonts of the page are variables, which an image elsewhere does not have: they are written out.

export interface Drawing {
  readonly text: string;
  readonly width: number;
  readonly height: number;
}

/** What is drawn, in the order in which it lies over each other. */
const parts =
  'canvas, .veil span, svg.chart, .matrix th, .matrix td, .read-text i, figcaption, .legend .key, .legend .key-drawn, .legend svg, .legend .at';
const [margin, titleHeight] = [12, 32]; // pixels: around it, and of its title
const written = ['fill', 'stroke', 'stroke-width', 'stroke-opacity', 'fill-opacity', 'stroke-dasharray'];

/** See the top of this file. Null for a card without a figure. */
export function drawingOf(card: Element | null): Drawing | null {
  if (!card?.querySelector('svg.chart, canvas, .matrix, .read-text')) return null;
  const found = Array.from(card.querySelectorAll(parts), (element) => ({
    element,
    box: element.getBoundingClientRect(),
  }));
  const there = found.filter(({ box }) => box.width > 0 && box.height > 0);
  const least = (of: (box: DOMRect) => number) => there.reduce((a, { box }) => Math.min(a, of(box)), Infinity);
  const [x0, y0] = [least(({ left }) => left) - margin, least(({ top }) => top) - margin - titleHeight];
  const title = card.querySelector('.card-head h2');
  const [titled] = title
    ? textsOf(title, title.getBoundingClientRect().left - margin, title.getBoundingClientRect().top - margin)
    : [];
  const width = Math.round(margin - x0 - least(({ right }) => -right));
  const height = Math.round(margin - y0 - least(({ bottom }) => -bottom));
  const root = svgElement('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height });
  if (titled) root.append(titled);
  for (const { element, box } of there) {
    const at = { x: box.left - x0, y: box.top - y0, width: box.width, height: box.height };
    if (element instanceof SVGSVGElement) root.append(copied(element, at));
    else if (element instanceof HTMLCanvasElement) root.append(imageOf(element, at));
    else root.append(...boxOf(element, at), ...keyOf(element, at), ...textsOf(element, x0, y0));
  }
  return { text: new XMLSerializer().serializeToString(root), width, height };
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function svgElement(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, typeof value === 'number' ? String(Math.round(100 * value) / 100) : value);
  return element;
}

/** A chart with its colors and fonts. */
function copied(svg: SVGSVGElement, { x, y, width, height }: Place): SVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, value.toFixed(1));
  for (const name of ['tabindex', 'style', 'aria-hidden']) copy.removeAttribute(name);
  const [from, to] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  for (const [k, element] of from.entries()) {
    const style = getComputedStyle(element);
    for (const name of written) to[k].setAttribute(name, plain(style.getPropertyValue(name)));
    if (element.localName === 'text') for (const [name, value] of fontOf(style)) to[k].setAttribute(name, value);
  }
  for (const element of [copy, ...to]) element.removeAttribute('class');
  return copy;
}

function imageOf(canvas: HTMLCanvasElement, at: Place): SVGElement {
  const { imageRendering, filter, opacity } = getComputedStyle(canvas);
  const style = `image-rendering:${imageRendering};filter:${filter};opacity:${opacity}`;
  return svgElement('image', { ...at, href: canvas.toDataURL(), preserveAspectRatio: 'none', style });
}

/** The ground of a cell, where it has one of its own. */
function boxOf(element: Element, at: Place): SVGElement[] {
  const { backgroundColor } = getComputedStyle(element);
  const [color, opacity] = colorOf(backgroundColor);
  return opacity === 0 ? [] : [svgElement('rect', { ...at, fill: color, 'fill-opacity': opacity })];
}

/** The line before the name of a series. */
function keyOf(element: Element, { x, y, height }: Place): SVGElement[] {
  if (!element.classList.contains('key')) return [];
  const style = getComputedStyle(element, '::before');
  const [stroke] = colorOf(style.borderTopColor);
  const [length, middle] = [Number.parseFloat(style.width), y + height / 2];
  const dashes = style.borderTopStyle === 'dashed' ? '5 3' : 'none';
  const line = { x1: x, x2: x + length, y1: middle, y2: middle, stroke, 'stroke-width': 2, 'stroke-dasharray': dashes };
  return [svgElement('line', line)];
}

/** Text where it stands; that which goes over several lines stays in one. */
function textsOf(element: Element, x0: number, y0: number): SVGElement[] {
  const found: SVGElement[] = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getClientRects()[0];
    if (!parent || !box || box.width === 0 || (node.textContent ?? '').trim() === '') continue;
    const style = getComputedStyle(parent);
    const size = Number.parseFloat(style.fontSize);
    const text = svgElement('text', {
      x: box.left - x0,
      y: box.top - y0 + (box.height + 0.72 * size) / 2,
      fill: colorOf(style.color)[0],
      'text-decoration': style.textDecorationLine,
      'xml:space': 'preserve',
      ...Object.fromEntries(fontOf(style)),
    });
    text.textContent = node.textContent;
    found.push(text);
  }
  return found;
}

const fontOf = ({ fontFamily, fontSize, fontWeight }: CSSStyleDeclaration) =>
  [
    ['font-family', fontFamily],
    ['font-size', fontSize],
    ['font-weight', fontWeight],
  ] as const;

const known = new Map<string, readonly [color: string, opacity: number]>();

/** Any color of a page, as one that every program reads, and its opacity. */
function colorOf(css: string): readonly [color: string, opacity: number] {
  const before = known.get(css);
  if (before) return before;
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return [css, 1];
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
  const color = [`rgb(${r}, ${g}, ${b})`, Number((a / 255).toFixed(3))] as const;
  if (known.size < 4096) known.set(css, color);
  return color;
}

/** A property of a chart: colors as every program reads them, the rest as it is. */
const plain = (value: string): string => (/^(color|oklch|lab|lch)\(/.test(value) ? colorOf(value)[0] : value);
