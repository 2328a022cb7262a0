"""Stage 2: CTC, then CTC with the transducer loss; resumable, by hours of audio seen.

`python -m speech.recipes.phonetic_rnnt.train NAME --stage ctc --hours 100 [--from OTHER]
 [--fold K] [--weight so=3]` writes WORK/NAME.pt (weights averaged over steps, optimiser, position).
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import math
import time
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torchaudio.functional import rnnt_loss

from speech.judge import bundle
from speech.listener.decode import greedy_ctc, greedy_transducer
from speech.listener.model import Listener, ListenerConfig, encoder_frames
from speech.recipes.phonetic_rnnt import labels
from speech.recipes.phonetic_rnnt.corpora import DATA, WORK, Utterance, rows
from speech.recipes.phonetic_rnnt.dataset import Batch, Features, epoch
from speech.recipes.phonetic_rnnt.experts import GOOD
from speech.recipes.phonetic_rnnt.metrics import edits
from speech.recipes.phonetic_rnnt.prepare import read_manifest, relabelled

FOLDS = 2


def fold_of(speaker: str) -> int:
    """Cross-fitting: which half of the training speakers a learner belongs to."""
    return int(speaker) // 2 % FOLDS if speaker.isdigit() else -1


def disagreement(log_probs: Tensor, frames: Tensor, lengths: Tensor) -> Tensor:
    """How far the posteriors of a batch's two halves, two views of one audio, lie apart.

    log_probs (2B, T, V), frames and lengths (2B,); KL divergence of each view from the other, held
    fixed, summed over frames, a label (CR-CTC, Yao et al., ICLR 2025, arXiv 2410.05101).
    """
    other = log_probs.detach().roll(len(log_probs) // 2, 0)
    apart = (other.exp() * (other - log_probs)).sum(-1)  # (2B, T)
    inside = torch.arange(log_probs.shape[1], device=frames.device) < frames[:, None]
    return ((apart * inside).sum(1) / lengths.clamp_min(1)).mean()


def ctc_step(model: Listener, batch: Batch, bf16: bool, consistency: float) -> Tensor:
    with torch.autocast(batch.features.device.type, torch.bfloat16, enabled=bf16):
        log_probs = model.ctc_log_probs(model.encoder(batch.features)).float()
    frames = encoder_frames(batch.frames)
    loss = labels.loss(log_probs, frames, batch.targets, batch.lengths)
    if consistency:
        loss = loss + consistency * disagreement(log_probs, frames, batch.lengths)
    return loss


def transducer_step(model: Listener, batch: Batch, bf16: bool, consistency: float) -> Tensor:
    """Transducer loss a label (in fp32) plus a third of the CTC loss."""
    with torch.autocast(batch.features.device.type, torch.bfloat16, enabled=bf16):
        encoded = model.encoder(batch.features)
        log_probs = model.ctc_log_probs(encoded).float()
    frames = encoder_frames(batch.frames)
    history = torch.nn.functional.pad(batch.targets, (1, 0))
    predicted, _ = model.predictor(history)
    logits = model.joiner(encoded.float(), predicted)
    loss = rnnt_loss(
        logits, batch.targets.int(), frames.int(), batch.lengths.int(), blank=0, reduction="none"
    )
    ctc = labels.loss(log_probs, frames, batch.targets, batch.lengths)
    if consistency:
        ctc = ctc + consistency * disagreement(log_probs, frames, batch.lengths)
    return (loss / batch.lengths).mean() + ctc / 3


@torch.no_grad()
def settled(model: Listener, utterances: list[Utterance], store: Features) -> list[Utterance]:
    """Doubtful labels replaced by the phones that the model hears there."""
    out, changed = [], 0
    for utterance in utterances:
        if any(label[-1] in "?!" for label in utterance.labels):
            log_probs = model.ctc_log_probs(model.encoder(store.get(utterance.id)[None]))[0]
            if len(log_probs) > len(utterance.labels) + 2:
                chosen = labels.settle(log_probs, utterance.labels)
                changed += sum(
                    a.rstrip("?!") != b for a, b in zip(utterance.labels, chosen, strict=True)
                )
                utterance = dataclasses.replace(utterance, labels=chosen)
        out.append(utterance)
    print(f"labels changed by alignment: {changed}", flush=True)
    return [u for u in out if all(label[-1] not in "?!" for label in u.labels)]


@torch.no_grad()
def error_rate(
    model: Listener, utterances: list[Utterance], store: Features, transducer: bool
) -> float:
    """PER by CTC, or by the transducer; nan without utterances."""
    wrong, total = 0, 0
    for utterance in utterances:
        reference = [label.rstrip("?!") for label in utterance.labels]
        encoded = model.encoder(store.get(utterance.id)[None])
        if transducer:
            heard = greedy_transducer(model, encoded[0])
        else:
            heard = greedy_ctc(model.ctc_log_probs(encoded)[0])
        wrong += edits(reference, [p.phone for p in heard])
        total += len(reference)
    return wrong / total if total else math.nan


def save(path: Path, state: dict[str, Any]) -> None:
    torch.save(state, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


def load_averaged(name: str) -> Listener:
    """The averaged weights of WORK/NAME.pt, or the listener of a bundle's folder."""
    if Path(name).is_dir():
        return bundle.load(Path(name)).listener
    state = torch.load(WORK / f"{name}.pt", "cpu", weights_only=True)
    model = Listener(ListenerConfig(**state["config"]))
    model.load_state_dict(state["averaged"])
    return model.eval()


def _setting(text: str) -> tuple[str, Any]:
    """'hidden=332' as a field of ListenerConfig."""
    name, _, value = text.partition("=")
    kind = type(getattr(ListenerConfig(), name))
    return name, kind(value)


def start(model: Listener, base: Listener) -> None:
    """Take over the weights of another model, as far as both have them in one shape."""
    own = model.state_dict()
    same = {n: t for n, t in base.state_dict().items() if n in own and own[n].shape == t.shape}
    print("not taken over:", sorted(own.keys() - same.keys()), flush=True)
    model.load_state_dict(own | same)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--stage", choices=("ctc", "transducer"), default="ctc")
    parser.add_argument("--hours", type=float, default=100)
    parser.add_argument("--from", dest="base", help="start from this model's weights")
    parser.add_argument("--predictor", help="take over this model's: it has seen labels, no audio")
    parser.add_argument("--fold", type=int, help="leave this half of the learners out")
    parser.add_argument("--weight", action="append", default=[], help="SOURCE=TIMES an epoch")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--warmup", type=int, default=200, help="steps")
    parser.add_argument("--average", type=float, default=0.998, help="weights' decay a step")
    parser.add_argument("--batch", type=float, default=100, help="seconds of audio")
    parser.add_argument("--config", action="append", default=[], help="e.g. front=stack hidden=332")
    parser.add_argument("--consistency", type=float, default=0.0, help="0.2: CR-CTC")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    path = WORK / f"{args.name}.pt"
    store = Features()
    everything = relabelled(read_manifest(WORK / "manifest.jsonl"))
    times = {"so": 1} | {k: int(v) for k, v in (w.split("=") for w in args.weight)}
    train = [
        u
        for u in everything
        if u.part == "train" and not (u.source == "so" and fold_of(u.speaker) == args.fold)
        for _ in range(times.get(u.source, 1))
    ]
    good = {
        r["utt_id"]
        for r in rows(DATA / "speechocean762" / "utterances.tsv")
        if float(r["accuracy"]) >= GOOD
    }
    checks = {
        "dev good": [u for u in everything if u.part == "dev" and u.id in good][:120],
        "LJ003": [u for u in everything if u.part == "unseen" and u.source == "lj"][:20],
        "es": [u for u in everything if u.part == "unseen" and u.source == "gc_es"][:60],
    }

    config = ListenerConfig(**dict(_setting(s) for s in args.config))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Listener(config).to(device)
    seen, step, spent = 0.0, 0, 0.0
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(args.average))
    averaged = cast(Listener, average.module)
    if args.base:
        start(model, load_averaged(args.base))
        if args.predictor:
            model.predictor.load_state_dict(load_averaged(args.predictor).predictor.state_dict())
        averaged.load_state_dict(model.state_dict())
    optimiser = torch.optim.AdamW(model.parameters(), args.lr, (0.9, 0.98), weight_decay=1e-2)
    if path.exists():
        state = torch.load(path, weights_only=True)
        model.load_state_dict(state["model"])
        averaged.load_state_dict(state["averaged"])
        optimiser.load_state_dict(state["optimiser"])
        seen, step, spent = state["seen"], state["step"], state["spent"]
        average.n_averaged.fill_(step)  # at 0 the average starts anew
    if args.stage == "transducer":
        train = settled(copy.deepcopy(averaged).cpu().eval(), train, store)
    hours = sum(store.length(u.id) for u in train) / 360_000
    print(f"{args.name}: {len(train)} utterances, {hours:.2f} h an epoch", flush=True)
    step_of = ctc_step if args.stage == "ctc" else transducer_step

    started = checked = time.monotonic()
    losses: list[float] = []
    while seen < args.hours:
        for batch in epoch(
            train,
            store,
            args.batch,
            args.seed * 10_000 + step,
            split=args.stage == "ctc",
            twice=args.consistency > 0,
        ):
            done = seen / args.hours
            rate = (
                args.lr
                * min(1.0, (step + 1) / args.warmup)
                * (0.02 + 0.98 * (1 + math.cos(math.pi * done)) / 2)
            )
            for group in optimiser.param_groups:
                group["lr"] = rate
            model.train()
            loss = step_of(model, batch.to(device), True, args.consistency)
            if not torch.isfinite(loss):
                saved = WORK / f"{args.name}_nan.pt"
                torch.save(batch._asdict(), saved)
                raise SystemExit(f"loss is {loss.item()} at step {step}: batch saved in {saved}")
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step()
            average.update_parameters(model)
            losses.append(loss.item())
            seen += batch.seconds / 3600
            step += 1
            if step % 100 == 0:
                print(
                    f"{args.name} step {step} seen {seen:.1f} h"
                    f" loss {sum(losses) / len(losses):.3f}"
                    f" {spent + time.monotonic() - started:.0f} s",
                    flush=True,
                )
                losses.clear()
            last = seen >= args.hours
            if last or time.monotonic() - checked > 240:
                total = spent + time.monotonic() - started
                save(
                    path,
                    {
                        "config": dataclasses.asdict(config),
                        "model": model.state_dict(),
                        "averaged": averaged.state_dict(),
                        "optimiser": optimiser.state_dict(),
                        "seen": seen,
                        "step": step,
                        "spent": total,
                    },
                )
                saved_model = load_averaged(args.name)
                rates = [
                    f"{name}"
                    f" {error_rate(saved_model, chosen, store, args.stage == 'transducer'):.3f}"
                    for name, chosen in checks.items()
                ]
                print(f"{args.name} {seen:.1f} h PER:", ", ".join(rates), flush=True)
                checked = time.monotonic()
            if last:
                break


if __name__ == "__main__":
    main()
