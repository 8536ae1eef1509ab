// `unrolled forecast <run> [table]`: the steps after a table's last row, by a trained forecaster.

import type { CommandSpec } from '../command-line/program.ts';
import { forecast } from '../forecast/kind.ts';
import { askOptions } from '../forecast/options.ts';
import { askRun, csvLines, tableLines } from '../forecast/predict.ts';
import { drawSvg } from '../forecast/svg.ts';
import { drawTerminal } from '../forecast/terminal.ts';
import { isRunOf } from '../runs/kind.ts';
import { orLostData } from '../runs/lost-data.ts';
import { openSaved } from '../runs/saved.ts';
import { shellPath } from '../shell.ts';
import { screenOf, stderr, stdout, styleFor } from '../terminal/index.ts';
import { writeFile } from '../write-file.ts';
import { otherTask } from './other-task.ts';
import { chooseBackend } from './compute.ts';
import { t } from '../language/index.ts';

export const forecastCommand: CommandSpec<typeof askOptions> = {
  name: 'forecast',
  summary: 'forecast a time series with a trained model',
  args: [
    ['<run>', 'the run folder'],
    ['[table]', 'table to forecast from its last rows (default: the training data)'],
  ],
  options: askOptions,
  examples: [
    'unrolled forecast runs/load --plot terminal',
    'unrolled forecast runs/load today.csv --steps 48 --format csv > forecast.csv',
    'unrolled forecast runs/shops --only Ulm,Bonn --format csv',
    'unrolled forecast runs/load --back 24 --plot forecast.svg',
  ],
  async run(values, [path, file = null]) {
    await chooseBackend(values);
    const trust = { ownData: file === null, trustPaths: values.trustPaths };
    const saved = await openSaved(path, values.checkpoint as 'best' | 'last', trust);
    if (!isRunOf(saved, forecast)) throw otherTask('forecast', path, saved.config.task, 'forecast');
    const say = (text: string) => {
      if (!values.quiet) stderr.write(`${styleFor(process.stderr).yellow(t(text))}\n`);
    };
    if (saved.notice) say(saved.notice);
    const ask = () => askRun(saved, { ...values, file });
    const others = `unrolled forecast ${shellPath(path)} table.csv`;
    const { forecasts, by, warnings, result } = await (file === null
      ? orLostData('forecast', saved.config, others, ask)
      : ask());
    for (const warning of warnings) say(warning);
    const { plot } = values;
    if (plot !== null && plot !== 'terminal') {
      writeFile(plot, drawSvg(forecasts));
      if (!values.quiet) stderr.write(t`drawn in ${plot}\n`);
    }
    if (values.json) return plot === null || plot === 'terminal' ? result : { ...result, plot };
    const asked = { forecasts, by };
    const screen = screenOf(stdout);
    const drawn = plot === 'terminal' ? forecasts.flatMap((one) => drawTerminal(one, screen)) : null;
    const lines = drawn ?? (values.format === 'csv' ? csvLines(asked) : tableLines(asked));
    stdout.write(`${lines.join('\n')}\n`);
    return null;
  },
};
