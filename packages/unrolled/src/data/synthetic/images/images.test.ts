// What the images promise: answers follow from them, held-out combinations never occur, and what must not be told by a part of them is not.

import { describe, expect, test } from 'vitest';
import { makeClips, type MotionClip, motions } from './clips.ts';
import { canvas, colorNames, colors, draw, shapeNames } from './paint.ts';
import { makeQuestions, type SceneQuestion, sceneQuestionTypes } from './questions.ts';
import { isHeldOut, type SceneObject } from './scene.ts';
import { makeScenes } from './scenes.ts';
import { makeWhere } from './where.ts';

describe('draw', () => {
  test('a circle is round, filled and smooth at its edge', () => {
    const image = canvas(20, 20, [0, 0, 0]);
    const { data } = image;
    draw(image, 'circle', [10, 10, 10], [255, 0, 0]);
    const red = (x: number, y: number) => data[(y * 20 + x) * 3];
    expect(red(10, 10)).toBe(255);
    expect(red(0, 0)).toBe(0);
    let area = 0;
    for (let y = 0; y < 20; y++)
      for (let x = 0; x < 20; x++) {
        area += red(x, y) / 255;
        expect(red(x, y)).toBe(red(19 - x, y)); // the same from all sides
        expect(red(x, y)).toBe(red(y, x));
      }
    expect(area).toBeCloseTo(Math.PI * 81, -0.5); // radius 9
    expect(data.filter((_, i) => i % 3 > 0).every((v) => v === 0)).toBe(true);
  });

  test('every shape is another one, and what sticks out goes round only if told to', () => {
    const drawn = shapeNames.map((shape) => {
      const image = canvas(32, 32, [0, 0, 0]);
      draw(image, shape, [16, 16, 10], colors.white);
      return image.data.join();
    });
    expect(new Set(drawn).size).toBe(shapeNames.length);
    const mass = (wrap: boolean) => {
      const image = canvas(32, 32, [0, 0, 0]);
      draw(image, 'square', [0, 16, 8], [200, 200, 200], wrap);
      return image.data.reduce((sum, v) => sum + v, 0);
    };
    expect(mass(false)).toBe(mass(true) / 2);
  });
});

const kinds = (objects: readonly SceneObject[]) => objects.map(({ color, shape }) => `${color} ${shape}`);

describe('makeScenes', () => {
  test('captions say what is there, each in another way', () => {
    for (const { captions, objects, image } of makeScenes(300, 1)) {
      expect([image.height, image.width, image.data.length]).toEqual([64, 64, 64 * 64 * 3]);
      expect(new Set(captions).size).toBe(3);
      for (const caption of captions) {
        for (const kind of kinds(objects)) expect(caption).toContain(kind);
        expect(caption).toMatch(/^[a-z]+( [a-z]+)*$/);
      }
      const [a, b] = objects;
      if (!b) continue;
      const predicted = /^(.*) (left of|above) (.*)$/.exec(captions[0]) as RegExpExecArray;
      expect(predicted[1]).toContain(kinds([a])[0]);
      if (predicted[2] === 'above') expect([a.column, a.row < b.row]).toEqual([b.column, true]);
      else expect([a.row, a.column < b.column]).toEqual([b.row, true]);
    }
  });

  test('a color stands where the caption says it does', () => {
    for (const { image, objects } of makeScenes(100, 5, { size: 48, maxObjects: 1 })) {
      const [{ row, column, color }] = objects;
      const places: number[] = [];
      for (let y = 0; y < 48; y++)
        for (let x = 0; x < 48; x++) {
          const pixel = image.data.subarray((y * 48 + x) * 3, (y * 48 + x) * 3 + 3);
          if (pixel.every((value, c) => Math.abs(value - colors[color][c]) <= 10))
            places.push(Math.floor(y / 16) * 3 + Math.floor(x / 16));
        }
      expect(places.length).toBeGreaterThan(4);
      expect(new Set(places)).toEqual(new Set([row * 3 + column]));
    }
  });

  test('held-out combinations never occur in training, and one is in every other image', () => {
    const train = makeScenes(1500, 1, { split: 'train' });
    expect(train.some(({ objects }) => objects.some(isHeldOut))).toBe(false);
    for (const { objects } of makeScenes(300, 1, { split: 'held out' })) expect(objects.some(isHeldOut)).toBe(true);
    // All else is seen: 30 combinations, so each color and each shape in five.
    expect(new Set(train.flatMap(({ objects }) => kinds(objects))).size).toBe(30);
    const words = (scenes: typeof train) => new Set(scenes.flatMap(({ captions }) => captions.join(' ').split(' ')));
    for (const word of words(makeScenes(500, 2, { split: 'held out' }))) expect(words(train)).toContain(word);
  });

  test('refuses what it cannot draw', () => {
    expect(() => makeScenes(1, 1, { maxObjects: 3 })).toThrow('maxObjects: expected a whole number from 1 to 2, got 3');
    expect(() => makeScenes(1, 1, { size: 8 })).toThrow('size: expected a whole number from 24, got 8');
    expect(() => makeScenes(1, 1, { split: 'test' as 'train' })).toThrow(
      'split: expected one of all, train, held out, got "test"',
    );
  });
});

describe('makeWhere', () => {
  const scenes = makeWhere(1000, 3);
  const side = 16;

  /** The 16 pieces of an image. */
  const pieces = (data: Uint8Array) =>
    Array.from({ length: 16 }, (_, cell) => {
      const piece: number[] = [];
      for (let y = 0; y < side; y++) {
        const from = ((Math.floor(cell / 4) * side + y) * 64 + (cell % 4) * side) * 3;
        piece.push(...data.subarray(from, from + 3 * side));
      }
      return piece;
    });

  test('there is one star, where the caption says, and nothing crosses the border of a cell', () => {
    const words = 'one two three four'.split(' ');
    for (const { image, captions, cell, row, column } of scenes.slice(0, 200)) {
      expect(cell).toBe(4 * row + column);
      expect(captions[0]).toMatch(new RegExp(`^the ${colorNames.join('|the ')} star is in`));
      expect(captions[0].endsWith(`row ${words[row]} column ${words[column]}`)).toBe(true);
      const gray = image.data[0]; // the corner of every cell is background
      for (const piece of pieces(image.data)) expect([piece[0], piece.at(-1)]).toEqual([gray, gray]);
      expect(new Set(pieces(image.data)[cell]).size).toBeGreaterThan(1);
    }
  });

  test('every cell is as likely', () => {
    const counts = new Array<number>(16).fill(0);
    for (const { cell } of scenes) counts[cell]++;
    for (const n of counts) expect(Math.abs(n - 1000 / 16)).toBeLessThan(4 * Math.sqrt(1000 / 16));
  });

  test('what is left of an image when its pieces are averaged does not tell the cell', () => {
    const means = scenes.map(({ image }) => {
      const all = pieces(image.data);
      return all[0].map((_, i) => all.reduce((sum, piece) => sum + piece[i], 0) / 16);
    });
    // The nearest of 800 others: chance is .0625.
    let right = 0;
    for (let n = 800; n < 1000; n++) {
      let [best, least] = [-1, Infinity];
      for (let m = 0; m < 800; m++) {
        let d = 0;
        for (let i = 0; i < means[n].length && d < least; i++) d += (means[n][i] - means[m][i]) ** 2;
        if (d < least) [best, least] = [m, d];
      }
      if (scenes[best].cell === scenes[n].cell) right++;
    }
    expect(right / 200).toBeLessThan(0.15);
  });

  test('refuses a grid that pixels do not divide into', () => {
    expect(() => makeWhere(1, 1, { grid: 5 })).toThrow('size / grid: expected a whole number from 6, got 12.8');
  });
});

/** The answer, found from the scene and the words of the question. */
function answer({ question, objects, type }: SceneQuestion): string {
  const color = colorNames.find((name) => question.split(' ').includes(name));
  const words = question.replaceAll('crosses', 'cross').split(' ');
  const named = words.flatMap((word) => shapeNames.filter((name) => word === name || word === `${name}s`));
  const those = objects.filter((o) => (!color || o.color === color) && (named.length === 0 || o.shape === named[0]));
  switch (type) {
    case 'color':
      expect(those).toHaveLength(1);
      return those[0].color;
    case 'shape':
      expect(those).toHaveLength(1);
      return those[0].shape;
    case 'count':
      return 'zero one two three'.split(' ')[those.length];
    case 'exists':
      return those.length > 0 ? 'yes' : 'no';
    case 'relation': {
      const [a, b] = named.map((shape) => objects.filter((o) => o.shape === shape));
      expect([a.length, b.length]).toEqual([1, 1]);
      const d = question.includes('left') || question.includes('right') ? 'column' : 'row';
      const before = a[0][d] < b[0][d];
      return before === /left of|above/.test(question) ? 'yes' : 'no';
    }
    default:
      return type satisfies never;
  }
}

test('scenes of one size do not say it', () => {
  const scenes = makeScenes(40, 3, { size: 24, maxObjects: 1, objectSizes: ['big'] });
  for (const { captions, objects } of scenes) {
    expect(objects.map(({ size }) => size)).toEqual(['big']);
    expect(captions.join()).not.toMatch(/small|big/);
    expect(captions[0]).toContain(`a ${objects[0].color} ${objects[0].shape} at the `);
  }
  expect(() => makeScenes(1, 1, { objectSizes: [] })).toThrow('makeScenes: objectSizes: expected some of small, big');
});

describe('makeQuestions', () => {
  const questions = makeQuestions(6000, 2);

  test('every answer follows from the scene', () => {
    for (const question of questions) expect(answer(question)).toBe(question.answer);
  });

  test('no two shapes share a place', () => {
    for (const { objects } of questions)
      expect(new Set(objects.map(({ row, column }) => 3 * row + column)).size).toBe(objects.length);
  });

  test('types and answers are balanced', () => {
    for (const type of sceneQuestionTypes) {
      const answers = questions.filter((q) => q.type === type).map((q) => q.answer);
      expect(answers.length).toBe(1200);
      for (const one of new Set(answers))
        expect(answers.filter((a) => a === one).length).toBe(1200 / new Set(answers).size);
    }
  });

  test('without the image accuracy is at chance level, for every type', () => {
    const chance = { color: 1 / 6, shape: 1 / 6, count: 1 / 4, exists: 1 / 2, relation: 1 / 2 };
    const seen = new Map<string, Map<string, number>>();
    for (const { question, answer } of questions.slice(0, 4000)) {
      const counts = seen.get(question) ?? new Map<string, number>();
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
      seen.set(question, counts);
    }
    const best = (question: string) =>
      [...(seen.get(question) ?? [])].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])[0];
    for (const type of sceneQuestionTypes) {
      const rest = questions.slice(4000).filter((q) => q.type === type);
      const right = rest.filter(({ question, answer }) => best(question) === answer).length / rest.length;
      expect(right, type).toBeLessThan(chance[type] + 4 * Math.sqrt((chance[type] * (1 - chance[type])) / rest.length));
    }
  });

  test('where something is asked for and is not there, its color is, and its shape', () => {
    for (const { question, objects, answer } of questions.filter(({ type }) => type === 'exists')) {
      const [, color, shape] = /is there a (\S+) (\S+) \?/.exec(question) as RegExpExecArray;
      if (answer === 'yes') continue;
      expect(objects.some((o) => o.color === color)).toBe(true);
      expect(objects.some((o) => o.shape === shape)).toBe(true);
    }
  });
});

describe('makeQuestions with several questions a scene', () => {
  const types = ['color', 'exists', 'count', 'relation', 'shape'] as const;
  const questions = makeQuestions(800, 3, { size: 24, types, maxObjects: 3, objectSizes: ['big'], perScene: 5 });
  const scenes = new Map<object, SceneQuestion[]>();
  for (const one of questions) scenes.set(one.image, [...(scenes.get(one.image) ?? []), one]);

  test('every answer follows from the scene, which has at most so many shapes, all big', () => {
    for (const question of questions) {
      expect(answer(question)).toBe(question.answer);
      expect(question.objects.length).toBeLessThanOrEqual(3);
      expect(question.objects.every(({ size }) => size === 'big')).toBe(true);
    }
  });

  test('a scene is asked about up to so many times, never the same', () => {
    expect(scenes.size).toBe(800);
    for (const asked of scenes.values()) {
      expect(asked.length).toBeLessThanOrEqual(5);
      expect(new Set(asked.map(({ question }) => question)).size).toBe(asked.length);
    }
    expect(questions.length).toBeGreaterThan(4 * 800);
  });

  test('the question alone tells little, also of the questions after the first', () => {
    for (const [type, most] of Object.entries({ color: 0.25, shape: 0.25, count: 0.65, exists: 0.65, relation: 0.6 })) {
      const answers = questions.filter((one) => one.type === type).map((one) => one.answer);
      expect(answers.length, type).toBeGreaterThan(200);
      const counts = [...new Set(answers)].map((one) => answers.filter((other) => other === one).length);
      expect(Math.max(...counts) / answers.length, type).toBeLessThan(most);
    }
  });

  test('scenes of two shapes are not asked for three, and types that were not asked for do not come', () => {
    const two = makeQuestions(300, 5, { size: 24, types: ['count', 'color'], maxObjects: 2, perScene: 3 });
    expect(new Set(two.map(({ type }) => type))).toEqual(new Set(['count', 'color']));
    expect(two.some(({ answer: one }) => one === 'three')).toBe(false);
    expect(two.some(({ answer: one }) => one === 'two')).toBe(true);
  });

  test('options that cannot be are refused', () => {
    const make = (options: object) => () => makeQuestions(1, 1, options);
    expect(make({ maxObjects: 5 })).toThrow('makeQuestions: maxObjects: expected a whole number from 2 to 4, got 5');
    expect(make({ perScene: 0 })).toThrow('makeQuestions: perScene: expected a whole number from 1, got 0');
    expect(make({ types: ['size'] })).toThrow('makeQuestions: types[0]: expected one of color, shape');
    expect(make({ types: [] })).toThrow('makeQuestions: types: expected some of color, shape');
    expect(make({ objectSizes: ['tiny'] })).toThrow('makeQuestions: objectSizes[0]: expected one of small, big');
  });
});

describe('makeClips', () => {
  const clips = makeClips(1600, 4);
  const frame = 32 * 32 * 3;
  const at = ({ clip }: MotionClip, t: number) => clip.data.subarray(t * frame, (t + 1) * frame);
  const same = (a: Uint8Array, b: Uint8Array) => a.every((value, i) => value === b[i]);

  test('the classes take turns, and lengths are those asked for', () => {
    for (const motion of motions) expect(clips.filter(({ label }) => label === motion).length).toBe(200);
    const lengths = new Set(clips.map(({ clip }) => clip.frames));
    expect(lengths).toEqual(new Set([10, 11, 12, 13, 14]));
    for (const { clip, frameLabels } of clips) {
      expect(clip.data.length).toBe(clip.frames * frame);
      expect(frameLabels.length).toBe(clip.frames);
    }
  });

  test('a frame is labeled still just where nothing has changed since the one before', () => {
    for (const clip of clips.slice(0, 400)) {
      expect(clip.frameLabels[0]).toBe('still');
      expect(clip.frameLabels.filter((label) => label !== 'still').every((label) => label === clip.label)).toBe(true);
      for (let t = 1; t < clip.clip.frames; t++)
        expect(same(at(clip, t), at(clip, t - 1))).toBe(clip.frameLabels[t] === 'still');
    }
  });

  /** Where the shape is on an image whose edges meet, in parts of its size; and how many pixels it covers. */
  function poseOf(data: Uint8Array) {
    const counts = new Int32Array(256);
    for (const value of data) counts[value]++;
    const ground = counts.indexOf(Math.max(...counts));
    const sums = { x: [0, 0], y: [0, 0] };
    let area = 0;
    for (let i = 0; i < 32 * 32; i++) {
      const weight = [0, 1, 2].reduce((sum, c) => sum + Math.abs(data[3 * i + c] - ground), 0);
      for (const [name, place] of [
        ['x', i % 32],
        ['y', Math.floor(i / 32)],
      ] as const) {
        sums[name][0] += weight * Math.cos((2 * Math.PI * place) / 32);
        sums[name][1] += weight * Math.sin((2 * Math.PI * place) / 32);
      }
      area += weight;
    }
    const [x, y] = [sums.x, sums.y].map(([c, s]) => Math.atan2(s, c) / (2 * Math.PI));
    return { x, y, area };
  }

  test('the motion is the one it is called', () => {
    const near = (d: number) => d - Math.round(d);
    for (const clip of clips.slice(0, 160)) {
      const moving = clip.frameLabels.map((label, t) => (label === 'still' ? -1 : t)).filter((t) => t > 0);
      const poses = [moving[0] - 1, ...moving].map((t) => poseOf(at(clip, t)));
      const steps = poses.slice(1).map(({ x, y }, k) => [near(x - poses[k].x), near(y - poses[k].y)]);
      const [dx, dy] = [0, 1].map((d) => steps.reduce((sum, step) => sum + step[d], 0) / steps.length);
      const bigger = poses.slice(1).filter(({ area }, k) => area > poses[k].area).length;
      const turned = steps.slice(1).filter(([x, y], k) => steps[k][0] * y - steps[k][1] * x > 0).length;
      switch (clip.label) {
        case 'left':
        case 'right':
          expect(Math.sign(dx)).toBe(clip.label === 'right' ? 1 : -1);
          expect(Math.abs(dx)).toBeGreaterThan(10 * Math.abs(dy));
          break;
        case 'up':
        case 'down':
          expect(Math.sign(dy)).toBe(clip.label === 'down' ? 1 : -1);
          expect(Math.abs(dy)).toBeGreaterThan(10 * Math.abs(dx));
          break;
        case 'growing':
          expect(bigger).toBeGreaterThan(steps.length / 2);
          break;
        case 'shrinking':
          expect(bigger).toBeLessThan(steps.length / 2);
          break;
        case 'clockwise':
          expect(turned).toBeGreaterThan(0.7 * (steps.length - 1));
          break;
        case 'counterclockwise':
          expect(turned).toBeLessThan(0.3 * (steps.length - 1));
          break;
        default:
          clip.label satisfies never;
      }
    }
  });

  test.each(['first', 'middle', 'last'] as const)('the %s frame tells less than .30 of the classes', (which) => {
    // A nearest neighbor by place and size, which is all that a frame has; chance is .125.
    const points = clips.slice(0, 1000).map((clip) => {
      const last = clip.clip.frames - 1;
      return poseOf(at(clip, { first: 0, middle: Math.floor(last / 2), last }[which]));
    });
    const spread = Math.sqrt(points.reduce((sum, { area }) => sum + area * area, 0) / points.length);
    let right = 0;
    for (let n = 600; n < 1000; n++) {
      const distances = points.slice(0, 600).map(({ x, y, area }, m) => {
        const [dx, dy] = [x - points[n].x, y - points[n].y].map((d) => d - Math.round(d));
        return { m, d: dx * dx + dy * dy + ((area - points[n].area) / spread) ** 2 };
      });
      const nearest = distances.sort((a, b) => a.d - b.d).slice(0, 7);
      const votes = motions.map((motion) => nearest.filter(({ m }) => clips[m].label === motion).length);
      if (motions[votes.indexOf(Math.max(...votes))] === clips[n].label) right++;
    }
    expect(right / 400).toBeLessThan(0.2);
  });

  test('refuses clips too short to move in', () => {
    expect(() => makeClips(1, 1, { minFrames: 5 })).toThrow('minFrames: expected a whole number from 9, got 5');
  });
});

test('the same seed draws the same bytes everywhere', () => {
  const sum = (data: Uint8Array) => data.reduce((s, v, i) => (s + v * ((i % 251) + 1)) % 1_000_003, 0);
  const sums = [
    makeScenes(3, 9)[2].image,
    makeWhere(3, 9)[2].image,
    makeQuestions(3, 9)[2].image,
    makeClips(3, 9)[2].clip,
  ];
  expect(sums.map(({ data }) => sum(data))).toEqual([361368, 677252, 126319, 5950]);
});
