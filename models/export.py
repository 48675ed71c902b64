"""Export checkpoints to ONNX with fp16 weights and write the manifest.

python export.py --recogniser runs/rec/best.pt --detector runs/det/best.pt --orientation runs/orientation/best.pt --out weights --id ludeng-5
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from nets.detector import SHRINK, Detector
from nets.orientation import SIDE_MULTIPLE, Orientation
from nets.recogniser import Recogniser

HERE = Path(__file__).parent


class Probability(nn.Module):
    """The detector with its sigmoid, as the product runs it."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        return torch.sigmoid(self.detector(x))


def halve_weights(path):
    """Store large float32 constants as fp16 with a cast in front of their users."""
    model = onnx.load(str(path))
    casts = []
    for item in model.graph.initializer:
        if item.data_type != TensorProto.FLOAT or np.prod(item.dims) < 256:
            continue
        name, array = item.name, numpy_helper.to_array(item)
        item.CopyFrom(numpy_helper.from_array(array.astype(np.float16), name + "_h"))
        casts.append(helper.make_node("Cast", [name + "_h"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def export(module, example, path, inputs, outputs, axes):
    module.eval()
    torch.onnx.export(
        module,
        example,
        str(path),
        input_names=[inputs],
        output_names=[outputs],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
        do_constant_folding=True,
    )
    halve_weights(path)


def load_state(model, path):
    """Weights of a best.pt (fp16) or last.pt into a model on the CPU."""
    saved = torch.load(path, map_location="cpu", weights_only=False)
    state = saved.get("model", saved)
    model.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in state.items()}
    )
    return model.eval()


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def generator_hash():
    """One hash over the generator's code, word lists and font tables: what the training data follows from."""
    total = hashlib.sha256()
    for path in sorted((HERE / "synth").rglob("*")):
        if path.suffix in (".py", ".txt"):
            total.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def manifest(args, out, classes):
    recogniser = {
        "file": "rec.onnx",
        "sha256": sha256(out / "rec.onnx"),
        "input": {
            "name": "x",
            "channels": ["grey", "red"],
            "height": 32,
            "widthMultiple": 4,
            "minWidth": 32,
            "scale": 1,
            "mean": [0],
            "std": [1],
            "padValue": "edge",
        },
        "output": {"name": "logits", "frameStride": 4, "blank": 0, "firstClass": 1},
        "charset": {"file": "chars.txt", "sha256": sha256(out / "chars.txt"), "size": classes},
        "calibration": {"temperature": args.temperature},
    }
    detector = {
        "file": "det.onnx",
        "sha256": sha256(out / "det.onnx"),
        "input": {
            "name": "x",
            "channels": [args.detector_channel],
            "pageWidth": args.page_width,
            "longSide": args.long_side,
            "sideMultiple": 32,
            "scale": 1,
            "mean": [0],
            "std": [1],
        },
        "output": {"name": "p", "stride": 2, "shrink": SHRINK},
        "threshold": args.threshold,
        "boxThreshold": args.box_threshold,
        "minSidePx": 3,
        "unclip": {"rule": "min-side", "factor": args.unclip, "along": args.along},
    }
    orientation = {
        "file": "turn.onnx",
        "sha256": sha256(out / "turn.onnx"),
        "input": {
            "name": "x",
            "channels": ["red"],
            "pageWidth": args.turn_width,
            "sideMultiple": SIDE_MULTIPLE,
            "scale": 1,
            "mean": [0],
            "std": [1],
        },
        "output": {"name": "logits"},
        "minConfidence": args.turn_confidence,
    }
    # What reads beside our own networks is not trained here: it stays as the built-in manifest has it.
    built_in = json.loads((HERE / "weights" / "manifest.json").read_text(encoding="utf-8"))
    own = next(pack for pack in built_in["packs"] if pack["id"] == built_in["default"])
    others = [pack for pack in built_in["packs"] if pack is not own]
    pack = {
        "id": args.id,
        "licence": "the project's own",
        "trainedOn": f"generator {generator_hash()[:16]}",
        "recogniser": recogniser,
        "detector": detector,
        "orientation": orientation,
    }
    if "second" in own:
        pack["second"] = own["second"]
    return {"schemaVersion": 1, "default": args.id, "packs": [pack, *others]}


def main():
    args = parse_args()
    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    chars = (Path(args.recogniser).parent / "chars.txt").read_text(encoding="utf-8").splitlines()
    model = load_state(Recogniser(len(chars) + 1), args.recogniser)
    export(
        model,
        torch.zeros(2, 2, 32, 64),
        out / "rec.onnx",
        "x",
        "logits",
        {"x": {0: "n", 3: "w"}, "logits": {0: "n", 1: "t"}},
    )
    (out / "chars.txt").write_text("\n".join(chars) + "\n", encoding="utf-8")
    found = Probability(load_state(Detector(), args.detector))
    export(
        found,
        torch.zeros(1, 1, 64, 96),
        out / "det.onnx",
        "x",
        "p",
        {"x": {0: "n", 2: "h", 3: "w"}, "p": {0: "n", 2: "h2", 3: "w2"}},
    )
    turner = load_state(Orientation(), args.orientation)
    export(
        turner,
        torch.zeros(1, 1, 64, 96),
        out / "turn.onnx",
        "x",
        "logits",
        {"x": {0: "n", 2: "h", 3: "w"}, "logits": {0: "n"}},
    )
    (out / "manifest.json").write_text(
        json.dumps(manifest(args, out, len(chars)), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    for name in ("rec.onnx", "det.onnx", "turn.onnx"):
        print(name, (out / name).stat().st_size)


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recogniser", default="runs/rec/best.pt", help="chars.txt lies beside it")
    parser.add_argument("--detector", default="runs/det/best.pt")
    parser.add_argument("--orientation", default="runs/orientation/best.pt")
    parser.add_argument("--out", default="weights")
    parser.add_argument("--id", default="ludeng-5")
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--page-width", type=int, default=1250)
    parser.add_argument("--long-side", type=int, default=1800)
    parser.add_argument("--turn-width", type=int, default=640)
    parser.add_argument("--turn-confidence", type=float, default=0.75)
    parser.add_argument("--detector-channel", default="red", choices=["grey", "red"])
    parser.add_argument("--threshold", type=float, default=0.4)
    parser.add_argument("--box-threshold", type=float, default=0.5)
    parser.add_argument("--along", type=float, default=0.15)
    parser.add_argument("--unclip", type=float, default=0.9)
    return parser.parse_args()


if __name__ == "__main__":
    main()
