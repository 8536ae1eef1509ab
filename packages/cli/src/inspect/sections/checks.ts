// The six questions that every network should pass before it is trained, asked of this one at its first step.

import { checkNetwork, checkText, describeChecks, escapeXml } from 'unrolled/analysis';
import { table } from '../../terminal/index.ts';
import type { MakeSection } from '../source.ts';
import { spoken, t } from '../../language/index.ts';

const seconds = 5;

export const checks: MakeSection = ({ source }) => {
  const task = source.fresh();
  const probe = task.probe?.();
  if (!probe) return null;
  const found = checkNetwork(task.model, probe, { seconds });
  const sign = (passed: boolean | null) => (passed === null ? '–' : passed ? '✓' : '✗');
  const [headline, ...failures] = describeChecks(found, spoken());
  const shown = found.map((check) => ({ passed: check.passed, ...checkText(check, spoken()) }));
  const rows = shown.map(
    ({ title, passed, detail, meaning }) =>
      `<tr class="${passed === null ? 'unknown' : passed ? 'good' : 'bad'}"><td class="sign">${sign(passed)}</td><td>${escapeXml(title)}${meaning ? `<p>${escapeXml(t`It means that ${meaning}.`)}</p>` : ''}</td><td class="detail">${escapeXml(detail)}</td></tr>`,
  );
  return {
    id: 'checks',
    title: t('Check your network'),
    headline,
    sentences: [headline, ...failures],
    figures: () => [
      {
        html: `<div class="scroll" role="group" tabindex="0" aria-label="${t('Checks')}"><table class="checks"><tbody>${rows.join('')}</tbody></table></div>`,
        caption: t('Results for the network at its first step.'),
        wide: true,
      },
    ],
    lines: () => table(shown.map(({ passed, title, detail }) => [sign(passed), title, detail])),
    data: found.map(({ ko: _ko, ...check }) => check), // programs read English
  };
};
