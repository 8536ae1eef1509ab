import { expect, test } from 'vitest';
import { fixed, memory, percent, power, short } from './numbers.ts';
import { proseHtml, proseText, svgWithScripts } from './prose.ts';

test('formulas in a sentence become subscripts and superscripts, and what is between backticks code', () => {
  expect(proseHtml('c_{t−1} and w^50 < `a_b`')).toBe('c<sub>t−1</sub> and w<sup>50</sup> &lt; <code>a_b</code>');
  expect(proseHtml('W_hh를')).toBe('W<sub>hh</sub>를');
  expect(proseHtml('∂c_t/∂c_{t−1}')).toBe('∂c<sub>t</sub>/\u2060∂c<sub>t−1</sub>'); // no line ends within
  expect(svgWithScripts('<text x="1">W_hh</text><title>W_hh</title>')).toContain(
    'W<tspan dy="3" font-size="75%">hh</tspan>',
  );
  expect(proseText('c_{t−1} and `unrolled inspect`')).toBe('c_(t−1) and unrolled inspect');
});

test('numbers have the digits that matter', () => {
  expect([0.005151, 117.4, 2.5e7, 2.1e-14, 0, -0.25, Number.NaN].map(short)).toEqual([
    '0.00515',
    '117',
    '2.5×10⁷',
    '2.1×10⁻¹⁴',
    '0',
    '−0.25',
    'NaN',
  ]);
  expect([
    fixed(-0.0004, 2),
    fixed(-1.5, 1),
    power(3e-9, 0),
    percent(0.4127),
    memory(3 * 2 ** 20),
    memory(2048),
  ]).toEqual(['0.00', '−1.5', '3×10⁻⁹', '41.3\u00a0%', '3 MiB', '2 KiB']);
});
