#!/usr/bin/python3
"""Writes test/golden/*.json: what PyTorch computes, for test/golden.test.ts to compare with.

Run: /usr/bin/python3 tools/golden.py      (Debian: python3-torch, python3-numpy; PyTorch 1.13 or newer)

Everything is float64. Nothing is drawn at random (but for `seen` in initializers.json, which is seeded): every input and parameter is `wave(k, shape, scale)`, which a test computes
again for itself, so that the files hold expected values only. test/golden/README.md describes their layout.
"""

import json
import math
import pathlib

import torch
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "test" / "golden"
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def wave(k, shape, scale=1.0):
    """Element i (row-major) of the k-th tensor: scale · sin(0.37·i² + 1.3·i + k). The square keeps matrices at full rank."""
    values = [scale * math.sin(0.37 * i * i + 1.3 * i + k) for i in range(math.prod(shape))]
    return torch.tensor(values).reshape(shape)


def numbers(tensor):
    """Row-major, 12 significant digits."""
    return [float(f"{v:.12g}") + 0.0 for v in tensor.detach().reshape(-1).tolist()]


def write(name, note, **content):
    head = {"script": "tools/golden.py", "torch": torch.__version__, "note": note}
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    for key, value in content.items():
        rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in value)
        lines.append(f"{json.dumps(key)}: [\n{rows}\n]")
    path = FOLDER / f"{name}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{path.name}: {path.stat().st_size / 1024:.0f} kB")


# Recurrent layers ---------------------------------------------------------------------------------------------------------

T, B, I, H, P = 4, 3, 2, 3, 2
LENGTHS = [2, 4, 1]
CELLS = {
    "RNN tanh": (nn.RNN, {"nonlinearity": "tanh"}),
    "RNN relu": (nn.RNN, {"nonlinearity": "relu"}),
    "LSTM": (nn.LSTM, {}),
    "LSTM projected": (nn.LSTM, {"proj_size": P}),
    "GRU": (nn.GRU, {}),
}


def recurrent_case(cell, layers, directions, lengths, state, batch_first=False, bias=True):
    make, options = CELLS[cell]
    layer = make(I, H, layers, bias=bias, bidirectional=directions == 2, batch_first=batch_first, **options)
    for k, (_, parameter) in enumerate(layer.named_parameters()):
        parameter.data = wave(10 + k, parameter.shape, 0.6)
    x = wave(1, (B, T, I) if batch_first else (T, B, I)).requires_grad_()
    h0 = wave(2, (layers * directions, B, options.get("proj_size") or H), 0.5).requires_grad_()
    c0 = wave(3, (layers * directions, B, H), 0.5).requires_grad_()
    lstm = make is nn.LSTM
    given = ((h0, c0) if lstm else h0) if state else None
    if lengths:
        packed = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=batch_first, enforce_sorted=False)
        packed, final = layer(packed, given)
        y, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=batch_first, total_length=T)
    else:
        y, final = layer(x, given)
    hn, cn = final if lstm else (final, None)
    loss = (y * wave(4, y.shape)).sum() + (hn * wave(5, hn.shape)).sum()
    if lstm:
        loss = loss + (cn * wave(6, cn.shape)).sum()
    loss.backward()
    leaves = {"input": x, **({"h0": h0} if state else {}), **({"c0": c0} if state and lstm else {})}
    return {
        "cell": cell.split()[0],
        "inputSize": I,
        "hiddenSize": H,
        "options": {
            "numLayers": layers,
            "bidirectional": directions == 2,
            "batchFirst": batch_first,
            "bias": bias,
            **({"projSize": P} if "proj_size" in options else {}),
            **({"nonlinearity": options["nonlinearity"]} if "nonlinearity" in options else {}),
        },
        "T": T,
        "B": B,
        "lengths": LENGTHS if lengths else None,
        "state": state,
        "parameters": [[name, list(p.shape)] for name, p in layer.named_parameters()],
        "output": numbers(y),
        "hn": numbers(hn),
        **({"cn": numbers(cn)} if lstm else {}),
        "gradients": {name: numbers(v.grad) for name, v in [*leaves.items(), *layer.named_parameters()]},
    }


def recurrent():
    for file, names in {"rnn": ["RNN tanh", "RNN relu"], "lstm": ["LSTM", "LSTM projected"], "gru": ["GRU"]}.items():
        cases = [
            recurrent_case(name, layers, directions, lengths, state)
            for name in names
            for layers in (1, 2, 3)
            for directions in (1, 2)
            for lengths in (False, True)
            for state in (False, True)
        ]
        cases += [recurrent_case(name, 2, 2, True, True, batch_first=True) for name in names]
        cases += [recurrent_case(name, 2, 2, False, False, bias=False) for name in names]
        write(file, "parameters wave(10 + position, 0.6); input 1, h0 2 and c0 3 (0.5); loss = Σ output·wave(4) + Σ hn·wave(5) + Σ cn·wave(6)", cases=cases)


# Losses, softmax, embedding ------------------------------------------------------------------------------------------------


def losses():
    cases = []
    targets = [1, 4, -100, 0, 3, 1]
    for reduction in ("sum", "mean", "none"):
        for target, ignore in ((targets, -100), ([1, 4, 2, 0, 3, 1], 2), ([1, 4, 2, 0, 3, 1], -100)):
            logits = wave(1, (6, 5), 3).requires_grad_()
            loss = F.cross_entropy(logits, torch.tensor(target), ignore_index=ignore, reduction=reduction)
            (loss * wave(2, loss.shape)).sum().backward()
            cases.append({"op": "crossEntropy", "target": target, "ignoreIndex": ignore, "reduction": reduction,
                          "output": numbers(loss), "gradients": {"logits": numbers(logits.grad)}})  # fmt: skip
    for op, f in (("softmax", F.softmax), ("logSoftmax", F.log_softmax)):
        for shift in (0, 1000):
            x = (wave(1, (3, 5), 3) + shift).requires_grad_()
            y = f(x, dim=-1)
            (y * wave(2, y.shape)).sum().backward()
            cases.append({"op": op, "shift": shift, "output": numbers(y), "gradients": {"x": numbers(x.grad)}})
    for padding in (None, 2):
        weight = wave(1, (5, 3)).requires_grad_()
        index = torch.tensor([[0, 2, 2, 4], [3, 0, 2, 0]])
        y = F.embedding(index, weight, padding_idx=padding)
        (y * wave(2, y.shape)).sum().backward()
        cases.append({"op": "embedding", "index": index.tolist(), "paddingIdx": padding,
                      "output": numbers(y), "gradients": {"weight": numbers(weight.grad)}})  # fmt: skip
    write("losses", "logits wave(1, [6, 5], 3); x wave(1, [3, 5], 3) + shift; weight wave(1, [5, 3]); gradient of Σ output·wave(2)", cases=cases)


# Optimizers, schedules, clipping, initializers ------------------------------------------------------------------------------


def optimizers():
    sgd, adam = torch.optim.SGD, torch.optim.Adam
    table = [
        ("SGD", sgd, {"lr": 0.1}),
        ("SGD", sgd, {"lr": 0.1, "weight_decay": 0.05}),
        ("SGD", sgd, {"lr": 0.1, "momentum": 0.9}),
        ("SGD", sgd, {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.05}),
        ("Adagrad", torch.optim.Adagrad, {"lr": 0.1}),
        ("Adagrad", torch.optim.Adagrad, {"lr": 0.1, "eps": 1e-8, "weight_decay": 0.05}),
        ("RMSprop", torch.optim.RMSprop, {"lr": 0.01}),
        ("RMSprop", torch.optim.RMSprop, {"lr": 0.01, "alpha": 0.95, "momentum": 0.9, "weight_decay": 0.05}),
        ("Adam", adam, {}),
        ("Adam", adam, {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.05}),
        ("AdamW", torch.optim.AdamW, {}),
        ("AdamW", torch.optim.AdamW, {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.05}),
    ]
    cases = []
    for name, make, options in table:
        parameters = [wave(1, (2, 3)), wave(2, (4,))]
        optimizer = make(parameters, **options)
        steps = []
        for step in range(5):
            for k, parameter in enumerate(parameters):
                parameter.grad = wave(100 * (step + 1) + k, parameter.shape, 0.7)
            optimizer.step()
            steps.append([numbers(parameter) for parameter in parameters])
        camel = {{"weight_decay": "weightDecay"}.get(key, key): value for key, value in options.items()}
        cases.append({"optimizer": name, "options": camel, "steps": steps})
    write("optimizers", "two parameters wave(1, [2, 3]) and wave(2, [4]); gradients of step s = 1…5: wave(100·s + 0 or 1, 0.7); values after every step", cases=cases)


def schedules():
    def run(make, epochs, metric=None):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=0.8)
        schedule = make(optimizer)
        rates = []
        for epoch in range(epochs):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step(*([metric[epoch]] if metric else []))
        return [float(f"{rate:.12g}") for rate in rates]

    s = torch.optim.lr_scheduler
    metric = [1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4, 0.4]
    cases = [
        {"schedule": "StepLR", "options": {"every": 3, "gamma": 0.5}, "rates": run(lambda o: s.StepLR(o, 3, 0.5), 12)},
        {"schedule": "ExponentialLR", "options": {"gamma": 0.9}, "rates": run(lambda o: s.ExponentialLR(o, 0.9), 12)},
        {"schedule": "CosineAnnealingLR", "options": {"steps": 10, "minimum": 0.05}, "rates": run(lambda o: s.CosineAnnealingLR(o, 10, 0.05), 11)},
        {"schedule": "ReduceLROnPlateau", "options": {"factor": 0.5, "patience": 2}, "metric": metric,
         "rates": run(lambda o: s.ReduceLROnPlateau(o, factor=0.5, patience=2), 16, metric)},  # fmt: skip
        {"schedule": "ReduceLROnPlateau", "options": {"factor": 0.1, "patience": 0, "threshold": 0.1, "minimum": 0.02}, "metric": metric,
         "rates": run(lambda o: s.ReduceLROnPlateau(o, factor=0.1, patience=0, threshold=0.1, min_lr=0.02), 16, metric)},  # fmt: skip
    ]
    write("schedules", "initial rate 0.8; rates[n] is the rate that step n (from 0) is taken with; a plateau is told metric[n] after step n", cases=cases)


def clipping():
    cases = []
    for limit in (0.5, 1.0, 100.0):
        parameters = [torch.zeros(2, 3), torch.zeros(4)]
        for k, parameter in enumerate(parameters):
            parameter.grad = wave(1 + k, parameter.shape)
        norm = nn.utils.clip_grad_norm_(parameters, limit)
        cases.append({"maxNorm": limit, "norm": float(f"{norm:.12g}"), "gradients": [numbers(p.grad) for p in parameters]})
    write("clipping", "gradients wave(1, [2, 3]) and wave(2, [4])", cases=cases)


def initializers():
    """Bounds, from a large draw's range where PyTorch states none: the largest |w| of 10⁵ draws is within 10⁻³ of it."""
    torch.manual_seed(1)
    weight = torch.empty(300, 400)
    fan_in, fan_out = nn.init._calculate_fan_in_and_fan_out(weight)
    cases = [
        {"module": "RNN, LSTM, GRU", "hiddenSize": 7, "bound": 1 / math.sqrt(7), "seen": max(p.abs().max().item() for p in nn.LSTM(3, 7).parameters())},
        {"module": "Linear", "inFeatures": 400, "bound": 1 / math.sqrt(400), "seen": nn.Linear(400, 300).weight.abs().max().item()},
        {"module": "xavierUniform", "shape": [300, 400], "gain": 1, "bound": math.sqrt(6 / (fan_in + fan_out)), "seen": nn.init.xavier_uniform_(weight).abs().max().item()},
        {"module": "xavierUniform", "shape": [300, 400], "gain": nn.init.calculate_gain("tanh"), "bound": 5 / 3 * math.sqrt(6 / 700),
         "seen": nn.init.xavier_uniform_(weight, 5 / 3).abs().max().item()},  # fmt: skip
        {"module": "xavierNormal", "shape": [300, 400], "gain": 1, "deviation": math.sqrt(2 / (fan_in + fan_out)), "seen": nn.init.xavier_normal_(weight).std().item()},
        {"module": "Embedding", "deviation": 1, "seen": nn.Embedding(300, 400).weight.std().item()},
    ]
    for case in cases:
        for key in ("bound", "deviation", "gain", "seen"):
            if key in case:
                case[key] = float(f"{case[key]:.4g}" if key == "seen" else f"{case[key]:.12g}")
    write("initializers", "uniform in ±bound, or normal with this deviation; `seen` is the largest |w| (bound) or the deviation of one draw", cases=cases)


# A training curve -------------------------------------------------------------------------------------------------------------


def curve():
    """Embedding → LSTM → Linear on a fixed sequence of tokens, 200 steps of plain SGD at a rate below the onset of chaos (0.5 is beyond)."""
    V, E, hidden, steps, batch, rate = 5, 3, 4, 6, 3, 0.2
    embedding, lstm, linear = nn.Embedding(V, E), nn.LSTM(E, hidden, 2), nn.Linear(hidden, V)
    model = nn.ModuleDict({"embedding": embedding, "lstm": lstm, "decoder": linear})
    for k, (_, parameter) in enumerate(model.named_parameters()):
        parameter.data = wave(10 + k, parameter.shape, 0.5)
    tokens = torch.tensor([[(t * t + 2 * b + t * b) % V for b in range(batch)] for t in range(steps + 1)])
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    seen = []
    for _ in range(200):
        optimizer.zero_grad()
        loss = F.cross_entropy(linear(lstm(embedding(tokens[:-1]))[0]).reshape(-1, V), tokens[1:].reshape(-1))
        loss.backward()
        optimizer.step()
        seen.append(loss.detach())
    case = {"V": V, "E": E, "H": hidden, "T": steps, "B": batch, "numLayers": 2, "lr": rate,
            "parameters": [[name, list(p.shape)] for name, p in model.named_parameters()],
            "losses": numbers(torch.stack(seen)),
            "final": {name: numbers(p) for name, p in model.named_parameters()}}  # fmt: skip
    write("curve", "embedding, 2-layer LSTM, linear decoder; parameters wave(10 + position, 0.5); token [t, b] = (t² + 2b + t·b) mod V, t = 0…T; mean cross-entropy", cases=[case])


def further():
    """LSTM → GRU → last step → Linear with weights as a file of Keras has them (one bias of the LSTM), trained further: 50 steps of Adam."""
    size, first, second, classes, steps, batch, rate = 3, 5, 4, 3, 7, 6, 0.02
    lstm, gru, linear = nn.LSTM(size, first), nn.GRU(first, second), nn.Linear(second, classes)
    model = nn.ModuleDict({"lstm": lstm, "gru": gru, "fc": linear})
    for k, (name, parameter) in enumerate(model.named_parameters()):
        parameter.data = torch.zeros(parameter.shape) if name == "lstm.bias_hh_l0" else wave(10 + k, parameter.shape, 0.6)
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    target = torch.tensor([b % classes for b in range(batch)])
    seen = []
    for n in range(50):
        optimizer.zero_grad()
        y, _ = gru(lstm(wave(1 + n % 5, (steps, batch, size)))[0])
        loss = F.cross_entropy(linear(y[-1]), target)
        loss.backward()
        optimizer.step()
        seen.append(loss.detach())
    case = {"I": size, "H": [first, second], "C": classes, "T": steps, "B": batch, "lr": rate,
            "parameters": [[name, list(p.shape)] for name, p in model.named_parameters()],
            "losses": numbers(torch.stack(seen))}  # fmt: skip
    write("further", "LSTM, GRU, last step, linear; parameters wave(10 + position, 0.6), but lstm.bias_hh_l0 0; input of step n wave(1 + n mod 5), [T, B, I]; class of row b: b mod C; mean cross-entropy", cases=[case])


# Translators -------------------------------------------------------------------------------------------------------------------

STEPS = {"rnn": torch.rnn_tanh_cell, "gru": torch.gru_cell, "lstm": torch.lstm_cell}
GATES = {"rnn": 1, "gru": 3, "lstm": 4}


def translator_shapes(decoder, cell, hidden, directions, feeding, E, V):
    """Names and shapes in the order of Seq2Seq's parameters."""
    G, C, A = GATES[cell], hidden * directions, hidden
    luong, looks = decoder in ("dot", "general", "concat"), decoder not in ("plain", "context")

    def layer(prefix, size, width, suffix=""):
        shapes = {"weight_ih": [G * width, size], "weight_hh": [G * width, width], "bias_ih": [G * width], "bias_hh": [G * width]}
        return {f"{prefix}.{name}_l0{suffix}": shape for name, shape in shapes.items()}

    D = C if decoder == "dot" else hidden  # the decoder's size
    shapes = {"encoder.symbols.embedding.weight": [V, E], **layer("encoder.recurrent", E, hidden)}
    if directions == 2:
        shapes.update(layer("encoder.recurrent", E, hidden, "_reverse"))
    shapes["symbols.embedding.weight"] = [V, E]
    if directions == 2 or D != hidden:
        for k in range(2 if cell == "lstm" else 1):
            shapes.update({f"decoder.bridge.linear.{k}.weight": [D, C], f"decoder.bridge.linear.{k}.bias": [D]})
    shapes.update(layer("decoder.layers.0", E + (D if feeding else 0 if luong or decoder == "plain" else C), D))
    if decoder in ("additive", "concat"):
        shapes.update({"decoder.attention.v": [A], "decoder.attention.query.weight": [A, D], "decoder.attention.key.weight": [A, C]})
    if decoder == "general":
        shapes["decoder.attention.key.weight"] = [D, C]
    if decoder != "plain":
        shapes.update({"decoder.readout.weight": [D, D + C + (0 if luong else E)], "decoder.readout.bias": [D]})
    shapes.update({"output.weight": [V, D], "output.bias": [V]})
    return shapes, luong, looks


def translator_case(decoder, cell, directions=2, feeding=False):
    hidden, E, V, S, T = 2, 3, 6, 3, 3
    source_lengths, target_lengths, rows = [3, 2], [3, 2], 2
    shapes, luong, looks = translator_shapes(decoder, cell, hidden, directions, feeding, E, V)
    p = {name: wave(10 + k, shape, 0.6).requires_grad_() for k, (name, shape) in enumerate(shapes.items())}
    source = torch.tensor([[(s * s + 2 * b + 4) % V for b in range(rows)] for s in range(S)])
    read = torch.tensor([[(t * t + 3 * b + 2) % V for b in range(rows)] for t in range(T)])
    said = torch.tensor([[(t * t + 3 * b + 3) % V if t < target_lengths[b] else -100 for b in range(rows)] for t in range(T)])
    make = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[cell](E, hidden, bidirectional=directions == 2)
    for name, parameter in make.named_parameters():
        parameter.data = p[f"encoder.recurrent.{name}"].detach()
        p[f"encoder.recurrent.{name}"] = parameter
    packed = nn.utils.rnn.pack_padded_sequence(p["encoder.symbols.embedding.weight"][source], source_lengths)
    output, last = make(packed)
    values = nn.utils.rnn.pad_packed_sequence(output)[0].transpose(0, 1)  # [B, S, C]
    finals = [torch.cat(list(t), 1) for t in (last if cell == "lstm" else (last,))]
    summary, state = finals[0], finals
    if "decoder.bridge.linear.0.weight" in p:
        state = [F.linear(t, p[f"decoder.bridge.linear.{k}.weight"], p[f"decoder.bridge.linear.{k}.bias"]) for k, t in enumerate(finals)]
        state[0] = torch.tanh(state[0])
    mask = torch.arange(S)[None, :] >= torch.tensor(source_lengths)[:, None]
    key = p.get("decoder.attention.key.weight")
    keys = values if key is None else values @ key.T

    def look(h):
        if decoder in ("additive", "concat"):
            scores = torch.tanh((h @ p["decoder.attention.query.weight"].T).unsqueeze(1) + keys) @ p["decoder.attention.v"]
        else:
            scores = (keys * h.unsqueeze(1)).sum(2)
        w = torch.softmax(scores.masked_fill(mask, -math.inf), 1)
        return (w.unsqueeze(2) * values).sum(1), w

    weights = [p[f"decoder.layers.0.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    feed, logits, looked = torch.zeros(rows, weights[1].shape[1]), [], []
    for ids in read:
        x = p["symbols.embedding.weight"][ids]
        context = summary
        if decoder == "additive":
            context, w = look(state[0])
        parts = [x, feed] if feeding else [x] if luong or decoder == "plain" else [x, context]
        after = STEPS[cell](torch.cat(parts, 1), tuple(state) if cell == "lstm" else state[0], *weights)
        state = list(after) if cell == "lstm" else [after]
        if luong:
            context, w = look(state[0])
        out = state[0]
        if decoder != "plain":
            seen = [state[0], context] if luong else [state[0], context, x]
            out = torch.tanh(F.linear(torch.cat(seen, 1), p["decoder.readout.weight"], p["decoder.readout.bias"]))
        feed = out
        logits.append(F.linear(out, p["output.weight"], p["output.bias"]))
        if looks:
            looked.append(w)
    scores = torch.stack(logits)
    loss = F.cross_entropy(scores.reshape(-1, V), said.reshape(-1), ignore_index=-100)
    loss.backward()
    return {"decoder": decoder, "cell": cell, "bidirectional": directions == 2, "inputFeeding": feeding, "hiddenSize": hidden,
            "decoderSize": weights[1].shape[1], "embeddingDim": E, "vocabulary": V, "sourceLengths": source_lengths,
            "source": source.reshape(-1).tolist(), "input": read.reshape(-1).tolist(), "target": said.reshape(-1).tolist(),
            "parameters": [[name, shape] for name, shape in shapes.items()], "logits": numbers(scores),
            "weights": numbers(torch.stack(looked)) if looks else None, "loss": numbers(loss)[0],
            "gradients": {name: numbers(t.grad) for name, t in p.items()}}  # fmt: skip


def translators():
    cases = [
        translator_case("plain", "lstm", directions=1),
        translator_case("plain", "gru"),
        translator_case("context", "gru"),
        translator_case("additive", "gru"),
        translator_case("additive", "lstm"),
        translator_case("dot", "rnn"),
        translator_case("dot", "gru", feeding=True),
        translator_case("general", "lstm", feeding=True),
        translator_case("concat", "gru", feeding=True),
    ]
    write("translators", "parameters wave(10 + position, 0.6); two rows, sources of 3 and 2 symbols; mean cross-entropy of the targets that are not -100", cases=cases)


# Captioners -------------------------------------------------------------------------------------------------------------------


def captioner_case(cell, deep, gate, penalty):
    """Show, Attend and Tell's soft attention, over regions that come ready made."""
    H, E, A, D, V, R, T, rows = 3, 2, 2, 4, 6, 3, 3, 2
    G, lengths = GATES[cell], [3, 2]
    shapes = {"embedding.weight": [V, E], "decoder.attention.v": [A], "decoder.attention.query.weight": [A, H], "decoder.attention.key.weight": [A, D]}
    if gate:
        shapes.update({"decoder.gate.weight": [1, H], "decoder.gate.bias": [1]})
    layer = {"weight_ih": [G * H, E + D], "weight_hh": [G * H, H], "bias_ih": [G * H], "bias_hh": [G * H]}
    shapes.update({f"decoder.layer.{name}_l0": shape for name, shape in layer.items()})
    for k in range(2 if cell == "lstm" else 1):
        shapes.update({f"decoder.initial.{k}.weight": [H, D], f"decoder.initial.{k}.bias": [H]})
    if deep:
        shapes.update({"decoder.output_state.weight": [E, H], "decoder.output_state.bias": [E], "decoder.output_context.weight": [E, D]})
    shapes.update({"output.weight": [V, E if deep else H], "output.bias": [V]})
    p = {name: wave(10 + k, shape, 0.6).requires_grad_() for k, (name, shape) in enumerate(shapes.items())}
    regions = wave(1, [rows, R, D]).requires_grad_()
    read = torch.tensor([[(t * t + 3 * b + 2) % V for b in range(rows)] for t in range(T)])
    said = torch.tensor([[(t * t + 3 * b + 3) % V if t < lengths[b] else -100 for b in range(rows)] for t in range(T)])
    mean = regions.mean(1)
    state = [torch.tanh(F.linear(mean, p[f"decoder.initial.{k}.weight"], p[f"decoder.initial.{k}.bias"])) for k in range(2 if cell == "lstm" else 1)]
    keys = regions @ p["decoder.attention.key.weight"].T
    weights = [p[f"decoder.layer.{name}_l0"] for name in layer]
    logits, looked = [], []
    for ids in read:
        x, h = p["embedding.weight"][ids], state[0]
        scores = torch.tanh((h @ p["decoder.attention.query.weight"].T).unsqueeze(1) + keys) @ p["decoder.attention.v"]
        alpha = torch.softmax(scores, 1)
        z = (alpha.unsqueeze(2) * regions).sum(1)
        if gate:
            z = torch.sigmoid(F.linear(h, p["decoder.gate.weight"], p["decoder.gate.bias"])) * z
        after = STEPS[cell](torch.cat([x, z], 1), tuple(state) if cell == "lstm" else h, *weights)
        state = list(after) if cell == "lstm" else [after]
        out = state[0]
        if deep:
            out = torch.tanh(x + F.linear(out, p["decoder.output_state.weight"], p["decoder.output_state.bias"]) + F.linear(z, p["decoder.output_context.weight"]))
        logits.append(F.linear(out, p["output.weight"], p["output.bias"]))
        looked.append(alpha)
    scores, alpha = torch.stack(logits), torch.stack(looked)
    words = F.cross_entropy(scores.reshape(-1, V), said.reshape(-1), ignore_index=-100, reduction="sum")
    looks = (alpha * (said != -100).unsqueeze(2)).sum(0)
    loss = words + penalty * ((1 - looks) ** 2).sum()
    loss.backward()
    return {"cell": cell, "deepOutput": deep, "gate": gate, "coverage": penalty, "hiddenSize": H, "embeddingDim": E, "attentionSize": A,
            "featureSize": D, "vocabularySize": V, "shape": [rows, R, D], "input": read.reshape(-1).tolist(), "target": said.reshape(-1).tolist(),
            "parameters": [[name, shape] for name, shape in shapes.items()], "logits": numbers(scores), "weights": numbers(alpha),
            "words": numbers(words)[0], "loss": numbers(loss)[0], "regions": numbers(regions.grad),
            "gradients": {name: numbers(t.grad) for name, t in p.items()}}  # fmt: skip


def captioners():
    cases = [
        captioner_case("lstm", deep=True, gate=True, penalty=1),
        captioner_case("lstm", deep=False, gate=False, penalty=0),
        captioner_case("gru", deep=True, gate=True, penalty=0.5),
    ]
    write("captioners", "parameters wave(10 + position, 0.6); regions wave(1); two captions of 3 and 2 words; the sum of the cross-entropies of targets that are not -100, and coverage · the doubly stochastic penalty", cases=cases)


# Questions about images ---------------------------------------------------------------------------------------------------


def question_case(joint, cell="LSTM"):
    """Antol et al. 2015: the last states of a two-layer network, the image's vector of length 1, their product, hidden layers, the answers."""
    V, E, M, K, N, lengths = 6, 2, 4, 5, 2, [3, 2, 1]
    which = [0, 1, 1]
    question = torch.tensor([[1, 4, 2], [3, 0, 5], [2, 5, 5]])  # [T, B]; what is past a length counts for nothing
    answer = torch.tensor([4, 0, 2])
    rnn = CELLS[cell][0](E, H, 2)
    states = 2 * H * (2 if cell == "LSTM" else 1)
    convolution = nn.Conv2d(2, 3, 3, stride=2, padding=1, bias=False)
    norm = nn.BatchNorm2d(3)
    S = 3 * 2 * 2 if joint else 3
    shapes = {"conv_net.stages.0.0.weight": [3, 2, 3, 3], "conv_net.stages.0.1.weight": [3], "conv_net.stages.0.1.bias": [3]} if joint else {}
    shapes |= {"embedding.weight": [V, E]} | {f"recurrent.{n}": list(t.shape) for n, t in rnn.named_parameters()}
    shapes |= {"image.weight": [M, S], "image.bias": [M], "question.weight": [M, states], "question.bias": [M]}
    shapes |= {"mlp.0.weight": [3, M], "mlp.0.bias": [3], "head.weight": [K, 3], "head.bias": [K]}
    p = {name: wave(10 + n, shape, 0.6).requires_grad_() for n, (name, shape) in enumerate(shapes.items())}

    images = wave(1, [N, 2, 4, 3] if joint else [N, S])
    if joint:
        y = F.conv2d(images, p["conv_net.stages.0.0.weight"], stride=convolution.stride, padding=convolution.padding)
        y = F.batch_norm(y, None, None, p["conv_net.stages.0.1.weight"], p["conv_net.stages.0.1.bias"], training=True, eps=norm.eps)
        vectors = F.relu(y).flatten(1)
    else:
        vectors = images
    v = F.normalize(vectors, dim=1)[which]

    with torch.no_grad():
        for n, t in rnn.named_parameters():
            t.copy_(p[f"recurrent.{n}"])
    p |= {f"recurrent.{n}": t for n, t in rnn.named_parameters()}
    packed = nn.utils.rnn.pack_padded_sequence(F.embedding(question, p["embedding.weight"]), torch.tensor(lengths))
    _, last = rnn(packed)
    q = torch.cat([layer for state in (last if cell == "LSTM" else [last]) for layer in state], 1)

    common = torch.tanh(F.linear(v, p["image.weight"], p["image.bias"])) * torch.tanh(F.linear(q, p["question.weight"], p["question.bias"]))
    hidden = torch.tanh(F.linear(common, p["mlp.0.weight"], p["mlp.0.bias"]))
    logits = F.linear(hidden, p["head.weight"], p["head.bias"])
    loss = F.cross_entropy(logits, answer)
    loss.backward()
    return {"joint": joint, "cell": cell.lower(), "hiddenSize": H, "embeddingDim": E, "vocabulary": V, "commonSize": M, "answers": K,
            "question": question.reshape(-1).tolist(), "lengths": lengths, "which": which, "answer": answer.tolist(),
            "images": list(images.shape), "parameters": [[name, shape] for name, shape in shapes.items()],
            "logits": numbers(logits), "loss": numbers(loss)[0], "gradients": {name: numbers(t.grad) for name, t in p.items()}}  # fmt: skip


def questions():
    cases = [question_case(joint=False), question_case(joint=True), question_case(joint=False, cell="GRU")]
    write("questions", "VisualQA, form product: parameters wave(10 + position, 0.6), images wave(1); batch norm with the batch's statistics; mean cross-entropy", cases=cases)


# Modern recurrences, after their papers' equations --------------------------------------------------------------------------------


def log_g(v):
    return torch.where(v >= 0, (F.relu(v) + 0.5).log(), -F.softplus(-v))


def log_scan(log_coefficients, log_values):
    """Feng et al. 2024, appendix B: all steps at once. log_coefficients [T, B, H], log_values [1 + T, B, H] with log h_0 first."""
    total = F.pad(torch.cumsum(log_coefficients, 0), (0, 0, 0, 0, 1, 0))
    return (total + torch.logcumsumexp(log_values - total, 0)).exp()[1:]


def min_gru(x, p, h):
    k, v = F.linear(x, p["weight_ih"], p["bias_ih"]).chunk(2, -1)
    y = log_scan(-F.softplus(k), torch.cat([h.log().unsqueeze(0), -F.softplus(-k) + log_g(v)]))
    return y, [y[-1]]


def min_lstm(x, p, h):
    f, i, v = F.linear(x, p["weight_ih"], p["bias_ih"]).chunk(3, -1)
    difference = F.softplus(-f) - F.softplus(-i)
    y = log_scan(-F.softplus(difference), torch.cat([h.log().unsqueeze(0), -F.softplus(-difference) + log_g(v)]))
    return y, [y[-1]]


def lru(x, p, h, s):
    """Orvieto et al. 2023, equation 7 and appendix A, in complex arithmetic."""
    size = p["nu"].shape[0]
    lam = torch.exp(torch.complex(-torch.exp(p["nu"]), torch.exp(p["theta"])))
    b = torch.complex(p["weight_ih"][:size], p["weight_ih"][size:])
    c = torch.complex(p["weight_ho"][:, :size], -p["weight_ho"][:, size:])
    state, ys = torch.complex(s[:, :size], s[:, size:]), []
    for step in x:
        state = lam * state + torch.exp(p["gamma"]) * (step.to(b.dtype) @ b.T)
        ys.append((state @ c.T).real + step @ p["weight_io"].T)
    y = torch.stack(ys)
    return y, [y[-1], torch.cat([state.real, state.imag], 1)]


def slstm(x, p, h, c, m):
    """Beck et al. 2024, equations 8 to 17: cell and normalizer under the stabilizer. Given is c = C / N and m = log N, so N = 1 under exp(m)."""
    cell, normalizer, stabilizer, ys = c, torch.ones_like(c), m, []
    for step in x:
        i, f, z, o = (F.linear(step, p["weight_ih"], p["bias_ih"]) + F.linear(h, p["weight_hh"])).chunk(4, 1)
        log_f = F.logsigmoid(f)
        after = torch.maximum(log_f + stabilizer, i)
        let_in, keep = torch.exp(i - after), torch.exp(log_f + stabilizer - after)
        cell, normalizer, stabilizer = keep * cell + let_in * torch.tanh(z), keep * normalizer + let_in, after
        h = torch.sigmoid(o) * cell / normalizer
        ys.append(h)
    return torch.stack(ys), [h, cell / normalizer, stabilizer + normalizer.log()]


def layer_norm_lstm(x, p, h, c):
    """Ba et al. 2016, supplementary material, with layer norm as PyTorch has it."""
    ys = []
    for step in x:
        read, kept = F.linear(step, p["weight_ih"]), F.linear(h, p["weight_hh"])
        gates = F.layer_norm(read, read.shape[1:], p["gain_ih"], p["bias_ih"]) + F.layer_norm(kept, kept.shape[1:], p["gain_hh"], p["bias_hh"])
        i, f, g, o = gates.chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(F.layer_norm(c, c.shape[1:], p["gain_c"], p["bias_c"]))
        ys.append(h)
    return torch.stack(ys), [h, c]


def layer_norm_gru(x, p, h):
    """Ba et al. 2016, supplementary material: gates and candidate normalized apart. z is what is kept, as in PyTorch's GRU."""
    size, ys = h.shape[1], []
    for step in x:
        def normed(v, kind):
            parts = [(v[:, s], p["gain_" + kind][s], p["bias_" + kind][s]) for s in (slice(0, 2 * size), slice(2 * size, 3 * size))]
            return [F.layer_norm(v, v.shape[1:], gain, bias) for v, gain, bias in parts]
        (xg, xn), (hg, hn) = normed(F.linear(step, p["weight_ih"]), "ih"), normed(F.linear(h, p["weight_hh"]), "hh")
        r, z = torch.sigmoid(xg + hg).chunk(2, 1)
        h = (1 - z) * torch.tanh(xn + r * hn) + z * h
        ys.append(h)
    return torch.stack(ys), [h]


def coupled_lstm(x, p, h, c):
    """torch.nn.LSTMCell whose input gate has the forget gate's weights with the other sign: σ(−v) = 1 − σ(v)."""
    size, ys = h.shape[1], []
    full = {key: torch.cat([-t[:size], t]) for key, t in p.items()}
    for step in x:
        h, c = torch._VF.lstm_cell(step, (h, c), full["weight_ih"], full["weight_hh"], full["bias_ih"], full["bias_hh"])
        ys.append(h)
    return torch.stack(ys), [h, c]


def skip_rnn(x, p, h, past):
    """h_t from h_(t−1) and h_(t−2): the state before has both."""
    ys = []
    for step in x:
        new = torch.tanh(F.linear(step, p["weight_ih"], p["bias_ih"]) + F.linear(h, p["weight_hh"], p["bias_hh"]) + F.linear(past, p["weight_sh"]))
        h, past = new, h
        ys.append(h)
    return torch.stack(ys), [h, past]


MODERN = {
    "MinGRUCell": (min_gru, lambda i, h: {"weight_ih": [2 * h, i], "bias_ih": [2 * h]}, ["positive"]),
    "MinLSTMCell": (min_lstm, lambda i, h: {"weight_ih": [3 * h, i], "bias_ih": [3 * h]}, ["positive"]),
    "LRUCell": (lru, lambda i, h: {"nu": [h], "theta": [h], "gamma": [h], "weight_ih": [2 * h, i], "weight_ho": [h, 2 * h], "weight_io": [h, i]}, ["any", "complex"]),
    "LayerNormLSTMCell": (layer_norm_lstm, lambda i, h: {"weight_ih": [4 * h, i], "weight_hh": [4 * h, h], "bias_ih": [4 * h], "bias_hh": [4 * h], "gain_ih": [4 * h], "gain_hh": [4 * h], "gain_c": [h], "bias_c": [h]}, ["any", "any"]),
    "LayerNormGRUCell": (layer_norm_gru, lambda i, h: {"weight_ih": [3 * h, i], "weight_hh": [3 * h, h], "bias_ih": [3 * h], "bias_hh": [3 * h], "gain_ih": [3 * h], "gain_hh": [3 * h]}, ["any"]),
    "CoupledLSTMCell": (coupled_lstm, lambda i, h: {"weight_ih": [3 * h, i], "weight_hh": [3 * h, h], "bias_ih": [3 * h], "bias_hh": [3 * h]}, ["any", "any"]),
    "SkipRNNCell": (skip_rnn, lambda i, h: {"weight_ih": [h, i], "weight_hh": [h, h], "bias_ih": [h], "bias_hh": [h], "weight_sh": [h, h]}, ["any", "any"]),
    "SLSTMCell": (slstm, lambda i, h: {"weight_ih": [4 * h, i], "weight_hh": [4 * h, h], "bias_ih": [4 * h]}, ["any", "any", "any"]),
}  # fmt: skip


def modern_case(name):
    compute, shapes, kinds = MODERN[name]
    steps, rows, size, hidden = 6, 2, 3, 4
    p = {key: wave(10 + n, shape, 0.9).requires_grad_() for n, (key, shape) in enumerate(shapes(size, hidden).items())}
    x = wave(1, (steps, rows, size), 1.5).requires_grad_()
    state = [wave(2 + k, (rows, (2 if kind == "complex" else 1) * hidden), 0.8) for k, kind in enumerate(kinds)]
    state = [(s.exp() if kind == "positive" else s).requires_grad_() for s, kind in zip(state, kinds)]
    y, last = compute(x, p, *state)
    loss = (y * wave(5, y.shape)).sum() + sum((s * wave(6 + k, s.shape)).sum() for k, s in enumerate(last))
    loss.backward()
    zero = torch.zeros_like
    return {"cell": name, "inputSize": size, "hiddenSize": hidden, "T": steps, "B": rows, "positive": kinds[0] == "positive",
            "parameters": [[key, list(t.shape)] for key, t in p.items()], "output": numbers(y), "state": [numbers(s) for s in last],
            "gradients": {key: numbers(t.grad) for key, t in [("input", x), *p.items()]},
            "stateGradients": [numbers(zero(s) if s.grad is None else s.grad) for s in state]}  # fmt: skip


def modern():
    cases = [modern_case(name) for name in MODERN]
    write("modern-cells", "parameters wave(10 + position, 0.9); input wave(1, 1.5); state k wave(2 + k, 0.8), its exponential where positive; loss = Σ output·wave(5) + Σ state k·wave(6 + k)", cases=cases)


def adaptive_case(size, classes, cutoffs, div, bias):
    layer = nn.AdaptiveLogSoftmaxWithLoss(size, classes, cutoffs, div_value=div, head_bias=bias)
    parameters = dict(layer.named_parameters())
    for n, p in enumerate(parameters.values()):
        p.data = wave(10 + n, p.shape, 0.7)
    x = wave(1, (7, size), 1.2).requires_grad_()
    target = torch.tensor([(5 * n * n + 3 * n) % classes for n in range(7)])
    output, loss = layer(x, target)
    loss.backward()
    return {"inFeatures": size, "numClasses": classes, "cutoffs": cutoffs, "divValue": div, "headBias": bias, "target": target.tolist(),
            "parameters": [[key, list(p.shape)] for key, p in parameters.items()], "logProbabilities": numbers(layer.log_prob(x)),
            "output": numbers(output), "loss": float(loss), "gradients": {key: numbers(t.grad) for key, t in [("input", x), *parameters.items()]}}  # fmt: skip


def adaptive():
    cases = [adaptive_case(6, 11, [4], 4.0, False), adaptive_case(8, 20, [3, 7, 12], 2.0, True), adaptive_case(5, 9, [2, 8], 2.0, True)]
    write("adaptive-softmax", "parameters wave(10 + position, 0.7); input wave(1, 1.2)", cases=cases)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    parts = (recurrent, losses, optimizers, schedules, clipping, initializers, curve, further)
    for part in (*parts, translators, captioners, questions, modern, adaptive):
        part()
