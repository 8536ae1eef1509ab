// The lessons in English. Another language is a file with the same structure: the type below demands every word of it.

import { percent, short as n } from '../numbers.ts';

export const en = {
  common: {
    stepsBack: 'k steps back',
    conclusion: 'What this says',
    more: 'More lessons',
    measuredIn: (seconds: number) => `measured in ${seconds.toFixed(1)} s`,
  },
  lessons: {
    tanh: {
      title: 'Why the tanh?',
      question:
        'Three layers without a tanh between them: W₃(W₂(W₁x)). Are they more than one layer? Both networks have the same size and learn exclusive or, which no straight line can separate.',
      header: ['network of three layers', 'loss after 400 steps', 'corners it gets right'],
      linear: 'without tanh',
      bent: 'with tanh',
      chart: 'Learning exclusive or',
      step: 'training step',
      loss: 'loss',
      conclusion: (v: { differenceFromOneLayer: number; linear: { loss: number }; tanh: { right: number } }) => [
        `One layer with the weight W₃W₂W₁ answers like the three, to ${v.differenceFromOneLayer.toExponential(0)}: without a nonlinearity depth adds nothing.`,
        `So the straight network stays at a loss of ${n(v.linear.loss)}, about ln 2 = 0.693: it might as well toss a coin. With tanh, ${v.tanh.right} of 4 corners are right.`,
        'A recurrent network without tanh is the same in time: h_T is a matrix product of its inputs, however many steps it reads.',
      ],
    },
    explode: {
      title: 'Exploding gradients',
      question:
        'On its way back through T steps a gradient is multiplied by W_hhᵀ T times. What if W_hh makes everything a tenth longer, or a tenth shorter? (W_hh = ρ · rotation, no tanh, T = 50.)',
      header: ['ρ', '‖∂h_50/∂h_0‖', 'ρ^50', 'difference'],
      chart: 'A gradient that went back k steps',
      calm: 'tanh, σ_max 3, small inputs',
      driven: 'tanh, σ_max 3, large inputs',
      conclusion: (v: {
        linear: { rho: number; after: number }[];
        tanh: { calm: number; driven: number; bound: number };
      }) => [
        `A tenth more a step is ${n(v.linear[2].after)} times after 50 steps; a tenth less leaves ${n(v.linear[0].after)}. Only exactly 1 stays.`,
        `With tanh, σ_max = 3 allows an explosion and does not enforce it: small inputs leave tanh steep and the gradient is multiplied by ${n(v.tanh.calm)} a step; large ones flatten it, and the same matrix makes that ${n(v.tanh.driven)}.`,
        `The bound (γ·σ_max)^50 would have allowed ${n(v.tanh.bound)}. A largest singular value above 1 is necessary for explosion, and not sufficient.`,
      ],
    },
    vanish: {
      title: 'Vanishing gradients',
      question:
        'How much of a gradient is left after k steps back through a tanh network as it is usually started, and through others, on the same inputs?',
      header: ['network at its start', 'a step', 'half-life', 'left after 40 steps'],
      names: {
        tanh: 'tanh',
        orthogonal: 'tanh, orthogonal W_hh',
        lstm: 'LSTM, forget bias 1',
        chrono: 'LSTM, chrono',
        gru: 'GRU',
      },
      chart: 'What is left of a gradient after k steps back',
      bound: 'bound 0.9ᵏ',
      bounded: 'tanh, σ_max = 0.9',
      conclusion: (v: {
        bounded: { after: number; bound: number };
        tanh: { factor: number; halfLife: number };
        others: Record<string, { factor: number; halfLife: number }>;
      }) => [
        `The tanh network keeps ${n(v.tanh.factor)} of it a step: half is gone after ${n(v.tanh.halfLife)} steps, so it cannot learn what lies further back.`,
        `σ_max = 0.9 must vanish: the bound leaves at most ${n(v.bounded.bound)} after 40 steps, measured are ${n(v.bounded.after)}, since tanh itself is flatter than 1.`,
        `An orthogonal W_hh takes the matrix out of it and leaves the flatness of tanh (${n(v.others.orthogonal.factor)} a step). An LSTM with chrono initialization, whose forget gates start near 1, keeps ${n(v.others.chrono.factor)}: a half-life of ${n(v.others.chrono.halfLife)} steps.`,
        'Clipping does nothing here: it shortens what is too long and cannot bring back what is gone.',
      ],
    },
    clip: {
      title: 'Clipping the gradient',
      question:
        'One weight, used 50 times: h_50 = w^50 · 0.5, and the loss is (h_50 − 0.7)². It starts at w = 1.04 on the wall of a cliff. What does one step of gradient descent do, with and without clipping to a norm of 1?',
      header: ['', 'w at the start', 'after one step', 'at the end', 'loss'],
      without: 'without clipping',
      with: 'with clipping',
      surface: 'The cliff: the loss over the weight',
      loss: 'loss',
      descents: 'The two descents: w at each step',
      step: 'step',
      lengths: ['gradient', '‖g‖ before', 'threshold θ', 'after', 'cosine of both'],
      first: 'of w, at the first step',
      hundred: 'of 100 parameters',
      conclusion: (v: {
        firstGradient: number;
        without: { after: number; end: number };
        with: { end: number; loss: number };
        clipping: { before: number; after: number; threshold: number };
      }) => [
        `The first gradient is ${n(v.firstGradient)}. Followed to the letter it throws w to ${n(v.without.after)}: off the cliff, to a plain where nothing more is learnt (w = ${n(v.without.end)} at the end).`,
        `Clipped, the step has the same direction and a length of ${v.clipping.threshold} × the learning rate; w walks down the wall to ${v.with.end.toFixed(4)} and a loss of ${n(v.with.loss)}.`,
        'By norm: g ← θ g / ‖g‖ when ‖g‖ > θ. The direction stays (cosine 1), the length becomes min(‖g‖, θ).',
      ],
    },
    truncate: {
      title: 'Truncating through time',
      question:
        'The first symbol is a bit, 29 steps of noise follow, then the bit is asked for. The state is always carried to the end; its gradient is cut every so many steps. Which windows can learn it?',
      header: ['window', 'right answers'],
      chart: 'Learning a bit from 30 steps ago (GRU, 16 units)',
      step: 'training step',
      loss: 'loss',
      window: (w: number) => `window ${w}`,
      guessing: 'guessing',
      conclusion: (v: { length: number; windows: { window: number; accuracy: number }[] }) => [
        `A window of ${v.windows[0].window} gets ${percent(v.windows[0].accuracy)} right and the whole ${v.length} steps get ${percent(v.windows[v.windows.length - 1].accuracy)}.`,
        'With a short window no gradient ever reaches the step at which the bit was read: the network is never told to keep it. What a carried state holds by chance is all that it has.',
        'So the window limits what can be learnt, not what can be remembered: choose it from the distance that matters. `unrolled inspect` measures that distance for a model of yours.',
      ],
    },
    lstm: {
      title: 'The LSTM and its error carousel',
      question:
        'c_t = f ⊙ c_{t−1} + i ⊙ g, so that ∂c_t/∂c_{t−1} = f: no matrix, no tanh. What is left of a gradient after 60 steps when the forget gate is held?',
      header: ['', 'left after 60 steps', 'f^60'],
      tanh: 'tanh RNN',
      chart: 'A gradient on the carousel',
      conclusion: (v: { carousel: { after: number }[]; tanh: number }) => [
        `With f = 1 it is ${v.carousel[0].after}: not nearly one, but one. The gradient goes round for as long as you like.`,
        `f = 0.99 leaves ${n(v.carousel[1].after)}, f = 0.9 ${n(v.carousel[2].after)}, f = 0.5 ${n(v.carousel[3].after)}; the tanh network left ${n(v.tanh)}.`,
        'That is why the forget gate should start open: a forget bias of 1 or more, or chrono initialization, which spreads the time constants up to the length that matters.',
      ],
    },
    gru: {
      title: 'The GRU',
      question:
        'h′ = (1 − z) ⊙ n + z ⊙ h: where the update gate z is 1, the state and its gradient stay. Three networks of 32 units learn to add the two marked numbers in a row of 50.',
      header: ['cell', 'parameters', 'mean square error'],
      chart: 'Adding two numbers of fifty',
      step: 'training step',
      loss: 'mean square error',
      memoryless: 'without memory',
      conclusion: (v: {
        steps: number;
        memoryless: number;
        cells: { cell: string; parameters: number; error: number }[];
      }) => [
        `Who remembers nothing has an error of ${n(v.memoryless)}. After ${v.steps} steps: ${v.cells.map((c) => `${c.cell} ${n(c.error)}`).join(', ')}.`,
        `The GRU has one state instead of two, and ${v.cells[2].parameters} parameters where the LSTM has ${v.cells[1].parameters}. Both leave the gradient a path that is not multiplied by a matrix; the tanh network has none.`,
        'Which of the two learns first depends on the task, the start and the seed: here it is one seed.',
      ],
    },
    parity: {
      title: 'What a parallel recurrence gives up',
      question:
        'Is the number of ones odd? One bit of memory, and every input may turn it. Trained on rows of at most 40, longer as they are mastered; tested on rows of 40 to 256.',
      header: ['cell', 'longest rows reached', 'right on 40 to 256'],
      chart: 'How long the rows became',
      step: 'training step',
      bits: 'bits in a row',
      conclusion: (v: { cells: { cell: string; accuracy: number; longest: number }[] }) => [
        v.cells.map(({ cell, accuracy }) => `${cell} ${percent(accuracy)}`).join(', ') + '; guessing is 50 %.',
        'The gates of an LSTM and a GRU see the state, so that “turn it over” can be said. Those of a minimal GRU see the input alone: that is what lets all steps be computed at once, and what it cannot do is this.',
        'On text it matters little; where a state must be tracked, it does.',
      ],
    },
    sample: {
      title: 'Drawing from a distribution',
      question:
        'A small network has read text for some seconds and writes 600 characters, once by always taking the most probable, three times by chance at different temperatures τ. Which text has variety?',
      header: ['how', 'new pieces of 8', 'runs in a circle'],
      none: 'no',
      period: (p: number) => `every ${p} characters`,
      chart: 'Different pieces of 8 characters',
      drawn: 'characters written',
      pieces: 'different pieces so far',
      conclusion: (v: { ways: { different: number; period: number | null }[] }) => [
        `Argmax: ${percent(v.ways[0].different)} of its pieces are new${v.ways[0].period === null ? '' : ` and it ends by saying the same ${v.ways[0].period} characters for ever`}; the same state leads to the same choice, so it cannot leave.`,
        `Drawn at τ = 1, ${percent(v.ways[2].different)} are new. Lower τ makes the likely likelier (${percent(v.ways[1].different)}), higher τ makes noise (${percent(v.ways[3].different)}).`,
        'So: argmax for an answer that is right or wrong, chance for a text.',
      ],
    },
    hello: {
      title: 'hello',
      question:
        'The lecture’s example. Vocabulary h, e, l, o; the network reads h, e, l, l and should say e, l, l, o. These are the scores on the slide; what are the probabilities and the loss?',
      header: ['step', 'scores y (h e l o)', 'softmax', 'p(target)', 'loss'],
      chart: 'Three numbers of state learn hello',
      step: 'training step',
      loss: 'summed loss',
      conclusion: (v: {
        sum: number;
        mean: number;
        first: string;
        trained: { steps: number; loss: number };
        decoded: string;
      }) => [
        `The losses add up to ${v.sum.toFixed(6)} (mean ${v.mean.toFixed(6)}); the gradient of W_hh is the sum over the four steps.`,
        `At the first step the network says o with ${v.first}, and e was right: always taking the most probable symbol would go wrong at once.`,
        `A tanh network with three numbers of state, trained for ${v.trained.steps} steps, reaches ${v.trained.loss.toFixed(3)} and, fed its own most probable symbol from h on, says “${v.decoded}”.`,
      ],
    },
  },
};

export type Texts = typeof en;
