// The lessons in English. Another language is a file with the same structure: the type below requires every text of it.

import { percent, short as n } from '../numbers.ts';

export const en = {
  common: {
    stepsBack: 'k steps back',
    conclusion: 'Conclusion',
    more: 'More lessons',
    measuredIn: (seconds: number) => `measured in ${seconds.toFixed(1)} s`,
  },
  lessons: {
    tanh: {
      title: 'Why the tanh?',
      question:
        'Three layers without a tanh between them: W₃(W₂(W₁x)). Are they more than one layer? Both networks have the same size and are trained on XOR, which is not linearly separable.',
      header: ['three-layer network', 'loss after 400 steps', 'correct inputs'],
      linear: 'without tanh',
      bent: 'with tanh',
      chart: 'Training on XOR',
      step: 'training step',
      loss: 'loss',
      conclusion: (v: { differenceFromOneLayer: number; linear: { loss: number }; tanh: { right: number } }) => [
        `One layer with the weight W₃W₂W₁ has the same output as the three, to ${v.differenceFromOneLayer.toExponential(0)}: without a nonlinearity depth adds nothing.`,
        `So the linear network stays at a loss of ${n(v.linear.loss)}, about ln 2 = 0.693, which is random guessing. With tanh, ${v.tanh.right} of 4 inputs are classified correctly.`,
        'The same holds for a recurrent network over time: without tanh, h_T is a linear function of its inputs, however many steps it reads.',
      ],
    },
    explode: {
      title: 'Exploding gradients',
      question:
        'In the backward pass through T steps, a gradient is multiplied by W_hhᵀ T times. What happens if W_hh scales every vector by 1.1, or by 0.9? (W_hh = ρ · rotation, no tanh, T = 50.)',
      header: ['ρ', '‖∂h_50/∂h_0‖', 'ρ^50', 'difference'],
      chart: 'Gradient norm k steps back',
      calm: 'tanh, σ_max 3, small inputs',
      driven: 'tanh, σ_max 3, large inputs',
      conclusion: (v: {
        linear: { rho: number; after: number }[];
        tanh: { calm: number; driven: number; bound: number };
      }) => [
        `A factor of 1.1 per step is ${n(v.linear[2].after)} after 50 steps; 0.9 per step leaves ${n(v.linear[0].after)}. Only a factor of exactly 1 keeps the norm.`,
        `With tanh, σ_max = 3 makes an explosion possible, not certain: with small inputs tanh has a slope near 1 and the gradient is multiplied by ${n(v.tanh.calm)} per step; large inputs saturate it, and with the same matrix the factor is ${n(v.tanh.driven)}.`,
        `The bound (γ·σ_max)^50 is ${n(v.tanh.bound)}. A largest singular value above 1 is necessary for an explosion, but not sufficient.`,
      ],
    },
    vanish: {
      title: 'Vanishing gradients',
      question:
        'How much of a gradient is left after k steps back through a tanh network with the usual initialization, and through other networks, on the same inputs?',
      header: ['untrained network', 'per step', 'half-life', 'left after 40 steps'],
      names: {
        tanh: 'tanh',
        orthogonal: 'tanh, orthogonal W_hh',
        lstm: 'LSTM, forget bias 1',
        chrono: 'LSTM, chrono',
        gru: 'GRU',
      },
      chart: 'Gradient norm after k steps back',
      bound: 'bound 0.9ᵏ',
      bounded: 'tanh, σ_max = 0.9',
      conclusion: (v: {
        bounded: { after: number; bound: number };
        tanh: { factor: number; halfLife: number };
        others: Record<string, { factor: number; halfLife: number }>;
      }) => [
        `The tanh network multiplies the gradient by ${n(v.tanh.factor)} per step: its half-life is ${n(v.tanh.halfLife)} steps, so it cannot learn longer dependencies.`,
        `With σ_max = 0.9 gradients must vanish: the bound after 40 steps is ${n(v.bounded.bound)}, the measured value ${n(v.bounded.after)}, because the slope of tanh is below 1.`,
        `An orthogonal W_hh keeps the norm and leaves only the slope of tanh (${n(v.others.orthogonal.factor)} per step). An LSTM with chrono initialization, whose forget gates start near 1, has ${n(v.others.chrono.factor)} per step: a half-life of ${n(v.others.chrono.halfLife)} steps.`,
        'Gradient clipping does not help here: it scales down large gradients and cannot restore vanished ones.',
      ],
    },
    clip: {
      title: 'Clipping the gradient',
      question:
        'One weight, used 50 times: h_50 = w^50 · 0.5, and the loss is (h_50 − 0.7)². It starts at w = 1.04 on the wall of a cliff. What does one step of gradient descent do, with and without clipping to a norm of 1?',
      header: ['', 'w at the start', 'after one step', 'at the end', 'loss'],
      without: 'without clipping',
      with: 'with clipping',
      surface: 'The loss as a function of the weight',
      loss: 'loss',
      descents: 'Gradient descent: w at each step',
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
        `The first gradient is ${n(v.firstGradient)}. Without clipping, the update moves w to ${n(v.without.after)}, far away onto a plateau with a gradient near 0, where training stops (w = ${n(v.without.end)} at the end).`,
        `With clipping, the update has the same direction and a length of ${v.clipping.threshold} × the learning rate; w descends the wall to ${v.with.end.toFixed(4)} and a loss of ${n(v.with.loss)}.`,
        'By norm: g ← θ g / ‖g‖ when ‖g‖ > θ. The direction stays (cosine 1), the length becomes min(‖g‖, θ).',
      ],
    },
    truncate: {
      title: 'Truncated backpropagation through time',
      question:
        'The first symbol is a bit, 29 steps of noise follow, then the bit is the target. The state is always carried to the end; its gradient is truncated at every window. Which windows can learn it?',
      header: ['window', 'accuracy'],
      chart: 'Learning a dependency of 30 steps (GRU, 16 units)',
      step: 'training step',
      loss: 'loss',
      window: (w: number) => `window ${w}`,
      guessing: 'chance level',
      conclusion: (v: { length: number; windows: { window: number; accuracy: number }[] }) => [
        `A window of ${v.windows[0].window} reaches an accuracy of ${percent(v.windows[0].accuracy)}, the whole ${v.length} steps ${percent(v.windows[v.windows.length - 1].accuracy)}.`,
        'With a short window, no gradient ever reaches the step at which the bit was read, so the network is never trained to store it. The carried state holds the bit at best by accident.',
        'So the window limits which dependencies can be learned, not what the state can store: choose it from the length of the dependencies. `unrolled inspect` measures how much of the gradient a window discards for your own model.',
      ],
    },
    lstm: {
      title: 'The LSTM and the constant error carousel',
      question:
        'c_t = f ⊙ c_{t−1} + i ⊙ g, so that ∂c_t/∂c_{t−1} = f: no matrix, no tanh. What is left of a gradient after 60 steps with a constant forget gate?',
      header: ['', 'left after 60 steps', 'f^60'],
      tanh: 'tanh RNN',
      chart: 'Gradient norm through the cell state',
      conclusion: (v: { carousel: { after: number }[]; tanh: number }) => [
        `With f = 1 it is exactly ${v.carousel[0].after}. The gradient flows back unchanged through any number of steps.`,
        `f = 0.99 leaves ${n(v.carousel[1].after)}, f = 0.9 ${n(v.carousel[2].after)}, f = 0.5 ${n(v.carousel[3].after)}; the tanh network left ${n(v.tanh)}.`,
        'That is why the forget gate should start open: with a forget bias of 1 or more, or with chrono initialization, which spreads the time constants up to the length of the dependencies.',
      ],
    },
    gru: {
      title: 'The GRU',
      question:
        'h′ = (1 − z) ⊙ n + z ⊙ h: where the update gate z is 1, the state and its gradient stay. Three networks of 32 units are trained to add the two marked numbers in a sequence of 50.',
      header: ['cell', 'parameters', 'mean squared error'],
      chart: 'The adding problem, T = 50',
      step: 'training step',
      loss: 'mean squared error',
      memoryless: 'without memory',
      conclusion: (v: {
        steps: number;
        memoryless: number;
        cells: { cell: string; parameters: number; error: number }[];
      }) => [
        `A network without memory has an error of ${n(v.memoryless)}. After ${v.steps} steps: ${v.cells.map((c) => `${c.cell} ${n(c.error)}`).join(', ')}.`,
        `The GRU has one state instead of two, and ${v.cells[2].parameters} parameters where the LSTM has ${v.cells[1].parameters}. In both, the gradient has a path without matrix multiplications; the tanh network has none.`,
        'Which of the two learns first depends on the task, the initialization and the seed; this is one seed.',
      ],
    },
    parity: {
      title: 'The limits of a parallel recurrence',
      question:
        'Is the number of ones odd? This needs one bit of memory, which every input may flip. Training uses a curriculum of sequences up to 40 bits; the test has 40 to 256 bits.',
      header: ['cell', 'longest sequences reached', 'accuracy on 40 to 256'],
      chart: 'Curriculum: sequence length',
      step: 'training step',
      bits: 'bits in a sequence',
      conclusion: (v: { cells: { cell: string; accuracy: number; longest: number }[] }) => [
        v.cells.map(({ cell, accuracy }) => `${cell} ${percent(accuracy)}`).join(', ') + '; chance level is 50 %.',
        'The gates of an LSTM and a GRU read the state, so they can flip a bit. Those of a minGRU read only the input: this allows all steps to be computed at once, but a bit cannot be flipped.',
        'This matters little for text, but it does where a state must be tracked.',
      ],
    },
    sample: {
      title: 'Sampling from a distribution',
      question:
        'A small network is trained on text for some seconds and generates 600 characters: once by greedy decoding, three times by sampling at different temperatures τ. Which text is varied?',
      header: ['decoding', 'new 8-grams', 'repeats itself'],
      none: 'no',
      period: (p: number) => `every ${p} characters`,
      chart: 'Distinct 8-grams of characters',
      drawn: 'characters generated',
      pieces: 'distinct 8-grams so far',
      conclusion: (v: { ways: { different: number; period: number | null }[] }) => [
        `Greedy decoding: ${percent(v.ways[0].different)} of its 8-grams are new${v.ways[0].period === null ? '' : ` and it ends by repeating the same ${v.ways[0].period} characters`}; the same state leads to the same choice, so it cannot leave the cycle.`,
        `Sampled at τ = 1, ${percent(v.ways[2].different)} are new. A lower τ sharpens the distribution (${percent(v.ways[1].different)}), a higher τ approaches noise (${percent(v.ways[3].different)}).`,
        'So use greedy decoding where one answer is correct, and sampling to generate text.',
      ],
    },
    hello: {
      title: 'hello',
      question:
        'The lecture’s example. Vocabulary h, e, l, o; the network reads h, e, l, l; the targets are e, l, l, o. These are the scores on the slide; what are the probabilities and the loss?',
      header: ['step', 'scores y (h e l o)', 'softmax', 'p(target)', 'loss'],
      chart: 'Three hidden units learn hello',
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
        `At the first step the network predicts o with ${v.first}, but the target is e: greedy decoding would fail at once.`,
        `A tanh network with three hidden units, trained for ${v.trained.steps} steps, reaches ${v.trained.loss.toFixed(3)} and, decoding greedily from h, outputs “${v.decoded}”.`,
      ],
    },
  },
};

export type Texts = typeof en;
