// The words that commander itself prints, in the language at hand, in columns that Korean keeps straight.

import type { Command } from 'commander';
import { english, t } from '../language/index.ts';
import { stderr, stdout, stringWidth } from '../terminal/index.ts';

/** What commander says, by its own words. */
export const commanderWords = [
  english('Usage:'),
  english('Options:'),
  english('Arguments:'),
  english('Commands:'),
  english("error: unknown option '{0}'"),
  english("error: unknown command '{0}'"),
  english("error: missing required argument '{0}'"),
  english("error: option '{0}' argument missing"),
  english('error: too many arguments. Expected {0} arguments but got {1}.'),
  english('error: too many arguments. Expected {0} argument but got {1}.'),
  english("error: too many arguments for '{0}'. Expected {1} arguments but got {2}."),
  english("error: too many arguments for '{0}'. Expected {1} argument but got {2}."),
  english('(Did you mean {0}?)'),
  english('(Did you mean one of {0}?)'),
];

/** Gives a command its help, and its output to ours. */
export function withHelp(command: Command): Command {
  return (
    command
      .helpOption('-h, --help', t('display help for command'))
      // 80 columns leave less than commander's 40 beside the longest command; text that is not wrapped there would break anywhere.
      .configureHelp({
        showGlobalOptions: false,
        displayWidth: stringWidth,
        styleTitle: translatedTitle,
        minWidthToWrap: 20,
      })
      .showHelpAfterError(t('(--help explains every option)'))
      .configureOutput({
        writeOut: (text) => void stdout.write(text),
        writeErr: (text) => void stderr.write(text),
        outputError: (text, write) =>
          write(
            text
              .split('\n')
              .map((line) => t(line))
              .join('\n'),
          ),
      })
  );
}

/** `Usage:`, and a group's heading: `Model:`. */
function translatedTitle(title: string): string {
  const whole = t(title);
  return whole === title && title.endsWith(':') ? `${t(title.slice(0, -1))}:` : whole;
}
