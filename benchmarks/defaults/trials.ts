// What is tried with an option and without it, on data of the table of defaults.

export interface Trial {
  /** Of the table of defaults. */
  readonly data: string;
  /** What both have. */
  readonly base: string;
  /** What one of them has. */
  readonly options: readonly string[];
}

export const trials: readonly Trial[] = [
  { data: 'tiny-shakespeare', base: '--hidden 128 --steps 200', options: ['--ema 0.999'] },
  { data: 'tiny-shakespeare', base: '--hidden 128 --steps 200 --schedule constant', options: ['--ema 0.999'] },
  { data: 'sst2', base: '--epochs 2', options: ['--ema 0.999', '--label-smoothing 0.1'] },
  { data: 'kor-eng', base: '--epochs 3', options: ['--ema 0.999', '--label-smoothing 0.1'] },
  {
    data: 'ucm',
    base: '--size 32 --captions-per-image 1 --epochs 12',
    options: ['--flip --flip-vertical --rotate90', '--shift 3 --color 0.2'],
  },
  {
    data: 'shapes',
    base: '--form map --size 24 --kernel 2 --channels 16,32,32 --embedding 16 --word-dropout 0.1 --lr 0.01 --batch 64 --steps 400',
    options: ['--mirror left=right --mirror-vertical above=below', '--shift 1'],
  },
  { data: 'lips', base: '--size 24 --epochs 10', options: ['--shift 2 --flip'] },
];

/** The first cell of a trial's row. */
export const keyOf = ({ data, base }: Trial, options: string) => `${data}, \`${base}\`: \`${options}\``;
