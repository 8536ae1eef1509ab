"""PyTorch, eager: the yardstick. Speaks the protocol of lib/serve.mjs, on the parameters and tokens of lib/data.mjs."""

import json
import math
import os
import resource
import sys
import time

started = time.perf_counter()
work = json.loads(sys.argv[1])
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, str(work["threads"]))

import numpy as np  # noqa: E402  (the thread count comes first)
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

torch.set_num_threads(work["threads"])


def hash32(x):
    x = x.astype(np.uint32)
    x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
    return x ^ (x >> 16)


def uniform(n, shape, bound):
    i = np.arange(math.prod(shape), dtype=np.uint64) + np.uint64(n * 0x9E3779B9 % 2**32)
    values = bound * (hash32(i & np.uint64(0xFFFFFFFF)).astype(np.float64) / 2**32 * 2 - 1)
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def token(i, V):
    at = np.atleast_1d(i)  # scalars of NumPy widen where arrays wrap
    word = hash32(at // 5) % 12
    tokens = hash32(1000 + word * 5 + at % 5).astype(np.int64) % V
    return tokens if np.ndim(i) else int(tokens[0])


def batch(T, B, V):
    at = np.arange(B)[None, :] * 997 + np.arange(T)[:, None]
    return torch.from_numpy(token(at, V)), torch.from_numpy(token(at + 1, V))


def recurrent(cell, I, H, L):
    return {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}[cell](I, H, L)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        V, H = work["V"], work["H"]
        self.embedding = nn.Embedding(V, H)
        self.rnn = recurrent(work["cell"], H, H, work["L"])
        self.decoder = nn.Linear(H, V)
        for n, (name, p) in enumerate(self.named_parameters()):
            p.data = uniform(1 + n, p.shape, 1 if name == "embedding.weight" else 1 / math.sqrt(H))

    def forward(self, x, state=None):
        y, state = self.rnn(self.embedding(x), state)
        return self.decoder(y), state


def charlm():
    V, T, B = work["V"], work["T"], work["B"]
    model = Model()
    x, y = batch(T, B, V)
    return train(model, lambda: F.cross_entropy(model(x)[0].reshape(-1, V), y.reshape(-1)))


class Translator(nn.Module):
    """As fast as eager PyTorch goes: keys, embeddings and the output product of all steps at once; only the loop itself is a loop."""

    def __init__(self):
        super().__init__()
        V, E, H = work["V"], work["E"], work["H"]
        self.source = nn.Embedding(V, E)
        self.encoder = nn.GRU(E, H, bidirectional=True)
        self.target = nn.Embedding(V, E)
        self.bridge = nn.Linear(2 * H, H)
        self.cell = nn.GRUCell(E + 2 * H, H)
        self.v = nn.Parameter(torch.empty(H))
        self.query = nn.Linear(H, H, bias=False)
        self.key = nn.Linear(2 * H, H, bias=False)
        self.readout = nn.Linear(3 * H + E, H)
        self.output = nn.Linear(H, V)
        modules = [self.source, self.encoder, self.target, self.bridge, self.cell]
        parameters = [p for m in modules for p in m.parameters()] + [self.v]
        parameters += [p for m in (self.query, self.key, self.readout, self.output) for p in m.parameters()]
        for n, p in enumerate(parameters):
            p.data = uniform(1 + n, p.shape, 1 if p is self.source.weight or p is self.target.weight else 1 / math.sqrt(H))

    def forward(self, source, target):
        values, last = self.encoder(self.source(source))
        h = torch.tanh(self.bridge(torch.cat([last[0], last[1]], 1)))
        values = values.transpose(0, 1).contiguous()
        keys = self.key(values)
        states, contexts = [], []
        embedded = self.target(target)
        for x in embedded:
            scores = torch.tanh(self.query(h).unsqueeze(1) + keys) @ self.v
            context = torch.bmm(torch.softmax(scores, 1).unsqueeze(1), values).squeeze(1)
            h = self.cell(torch.cat([x, context], 1), h)
            states.append(h)
            contexts.append(context)
        seen = torch.cat([torch.stack(states), torch.stack(contexts), embedded], 2)
        return self.output(torch.tanh(self.readout(seen)))


def seq2seq():
    V, T, B = work["V"], work["T"], work["B"]
    model = Translator()
    at = np.arange(B)[None, :] * 997 + np.arange(T)[:, None]
    source, x, y = (torch.from_numpy(token(at + offset, V)) for offset in (0, 500, 501))
    return train(model, lambda: F.cross_entropy(model(source, x).reshape(-1, V), y.reshape(-1)))


def train(model, loss_of):
    optimizer = torch.optim.Adam(model.parameters(), lr=work["lr"])

    def step():
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), work["clip"])
        optimizer.step()
        return loss.item()

    return step, None


def stages():
    channels = [3, *work["channels"]]
    parts = []
    for C, O in zip(channels, channels[1:]):
        parts += [nn.Conv2d(C, O, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(O), nn.ReLU()]
    return nn.Sequential(*parts)


def seeing_values(parameters, norms, embedding=None):
    for k, p in enumerate(parameters):
        if any(p is q for q in norms):
            continue
        fan_in = math.prod(p.shape[1:] if p.dim() > 1 else p.shape)
        p.data = uniform(1 + k, p.shape, 1 if p is embedding else 1 / math.sqrt(fan_in))


def images():
    return uniform(901, (work["B"], 3, work["size"], work["size"]), 1)


def norms_of(net):
    return [p for m in net if isinstance(m, nn.BatchNorm2d) for p in m.parameters()]


def cnn():
    net = stages()
    output = nn.Linear(work["channels"][-1], work["V"])
    model = nn.ModuleList([net, output])
    seeing_values(list(model.parameters()), norms_of(net))
    x, classes = images(), torch.arange(work["B"]) % work["V"]
    return train(model, lambda: F.cross_entropy(output(net(x).mean((2, 3))), classes))


class Speaker(nn.Module):
    """Show, Attend and Tell with soft attention, gated, deep output; all that can be done for every word at once is outside of the loop."""

    def __init__(self):
        super().__init__()
        V, H, D = work["V"], work["H"], work["channels"][-1]
        self.net = stages()
        self.embedding = nn.Embedding(V, H)
        self.v = nn.Parameter(torch.empty(H))
        self.query = nn.Linear(H, H, bias=False)
        self.key = nn.Linear(D, H, bias=False)
        self.gate = nn.Linear(H, 1)
        self.cell = nn.LSTMCell(H + D, H)
        self.first_h, self.first_c = nn.Linear(D, H), nn.Linear(D, H)
        self.output_state = nn.Linear(H, H)
        self.output_context = nn.Linear(D, H, bias=False)
        self.output = nn.Linear(H, V)
        after = [self.query, self.key, self.gate, self.cell, self.first_h, self.first_c]
        after += [self.output_state, self.output_context, self.output]
        ordered = [*self.net.parameters(), self.embedding.weight, self.v] + [p for m in after for p in m.parameters()]
        seeing_values(ordered, norms_of(self.net), self.embedding.weight)

    def forward(self, x, words):
        regions = self.net(x).flatten(2).transpose(1, 2).contiguous()
        mean = regions.mean(1)
        h, c = torch.tanh(self.first_h(mean)), torch.tanh(self.first_c(mean))
        keys = self.key(regions)
        embedded = self.embedding(words)
        states, found, looks = [], [], []
        for e in embedded:
            weights = torch.softmax(torch.tanh(self.query(h).unsqueeze(1) + keys) @ self.v, 1)
            z = torch.bmm(weights.unsqueeze(1), regions).squeeze(1) * torch.sigmoid(self.gate(h))
            h, c = self.cell(torch.cat([e, z], 1), (h, c))
            states.append(h)
            found.append(z)
            looks.append(weights)
        out = torch.tanh(embedded + self.output_state(torch.stack(states)) + self.output_context(torch.stack(found)))
        return self.output(out), torch.stack(looks)


def caption():
    V, T, B = work["V"], work["T"], work["B"]
    model = Speaker()
    x = images()
    words, targets = batch(T, B, V)

    def loss():
        logits, looks = model(x, words)
        penalty = (1 - looks.sum(0)).square().sum()
        return F.cross_entropy(logits.reshape(-1, V), targets.reshape(-1)) + penalty / (T * B)

    return train(model, loss)


def layer():
    I, H, L, T, B = (work[key] for key in "IHLTB")
    stack = recurrent(work["cell"], I, H, L)
    for n, p in enumerate(stack.parameters()):
        p.data = uniform(1 + n, p.shape, 1 / math.sqrt(H))
    x = uniform(101, (T, B, I), 1).requires_grad_()
    dy = uniform(102, (T, B, H), 1)

    def step():
        x.grad = None
        stack.zero_grad()
        y, _ = stack(x)
        y.backward(dy)
        return y[-1, 0, 0].item() + x.grad[0, 0, 0].item()

    def check():
        x.grad = None
        stack.zero_grad()
        y, _ = stack(x)
        y.backward(dy)
        return [y.square().sum().item(), x.grad.square().sum().item(), stack.weight_hh_l0.grad.square().sum().item()]

    return step, check


def forward():
    model = Model()
    x, _ = batch(work["T"], work["B"], work["V"])

    @torch.no_grad()
    def run():
        return model(x)[0]

    return lambda: run()[0, 0, 0].item(), lambda: [run().double().square().sum().item()]


def sample():
    model = Model()
    V = work["V"]

    @torch.no_grad()
    def forced():
        likelihood, size, state = 0.0, 0.0, None
        for i in range(20):
            logits, state = model(torch.tensor([[token(i, V)]]), state)
            likelihood += torch.log_softmax(logits[0, 0].double(), 0)[token(i + 1, V)].item()
            size += logits.double().square().sum().item()
        return [likelihood, size]

    @torch.no_grad()
    def step():
        current, state = torch.tensor([[0]]), None
        for _ in range(work["tokens"]):
            logits, state = model(current, state)
            current = torch.multinomial(torch.softmax(logits[0] / work["temperature"], 1), 1)
        return current.item()

    return step, forced


def minchar():
    V, H, T = (work[key] for key in "VHT")
    Wxh, Whh, Why = (uniform(n, shape, 0.01) for n, shape in ((1, (H, V)), (2, (H, H)), (3, (V, H))))
    bh, by = torch.zeros(H), torch.zeros(V)
    rnn = nn.RNN(V, H)
    rnn.weight_ih_l0.data, rnn.weight_hh_l0.data, rnn.bias_ih_l0.data = Wxh, Whh, bh
    rnn.bias_hh_l0.data.zero_()
    decoder = nn.Linear(H, V)
    decoder.weight.data, decoder.bias.data = Why, by
    parameters = [rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, decoder.weight, decoder.bias]
    rnn.bias_hh_l0.requires_grad_(False)
    optimizer = torch.optim.Adagrad(parameters, lr=work["lr"], eps=work["eps"])
    carried = {"chunk": 0, "h": None}

    def step():
        at = carried["chunk"] % 400 * T
        h = None if at == 0 else carried["h"]
        carried["chunk"] += 1
        text = torch.from_numpy(token(np.arange(at, at + T + 1), V))
        optimizer.zero_grad()
        y, h = rnn(F.one_hot(text[:-1], V).float(), h)
        carried["h"] = h.detach()
        loss = F.cross_entropy(decoder(y), text[1:], reduction="sum")
        loss.backward()
        nn.utils.clip_grad_value_(parameters, 5)
        optimizer.step()
        return loss.item()

    return step, None


def say(**message):
    print(json.dumps(message), flush=True)


def timed_round(step, seconds):
    samples, bunch, steps, end = [], 1, 0, time.perf_counter() + seconds
    while True:
        before = time.perf_counter()
        for _ in range(bunch):
            outcome = step()
        after = time.perf_counter()
        steps += bunch
        if after - before < 0.002 and bunch < 1000:
            bunch *= 2
        else:
            samples.append((after - before) * 1000 / bunch)
        if after >= end and samples:
            return {"samples": samples, "steps": steps, "outcome": outcome}


makers = {"charlm": charlm, "cold": charlm, "seq2seq": seq2seq, "cnn": cnn, "caption": caption, "layer": layer, "forward": forward, "sample": sample, "minchar": minchar}
step, check = makers[work["kind"]]()
setup = (time.perf_counter() - started) * 1000
if work.get("once"):
    say(outcome=step())
    sys.exit()
times = []


def timed(f):
    before = time.perf_counter()
    value = f()
    times.append((time.perf_counter() - before) * 1000)
    return value


checks = timed(check) if check else [timed(step) for _ in range(work.get("checkSteps", 3))]
say(ready=True, checks=checks, setupMs=setup, firstMs=times[0], stepMs=times[-1])
for line in sys.stdin:
    message = json.loads(line)
    if message.get("end"):
        break
    say(**timed_round(step, message["seconds"]))
say(peakRss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
