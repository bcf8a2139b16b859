"""Makes test/golden/dequantize.json: packed blocks of every type with the values that the
`gguf` package (pip install gguf) unpacks them to, an implementation that shares nothing with ours.

Run: python scripts/goldenDequantize.py
"""

import json
from pathlib import Path

import numpy
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, dequantize
from gguf import __name__ as package

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"]
# Where half-precision numbers lie in a block: random bits there would make infinities.
HALVES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
BLOCKS = 2

random = numpy.random.default_rng(20261124)
vectors = []
for name in TYPES:
    kind = GGMLQuantizationType[name]
    elements, size = GGML_QUANT_SIZES[kind]
    if elements == 1:
        values = random.normal(size=16).astype(numpy.float32)
        values[:4] = [0.0, -0.0, 2.0**-20, 1000.0]
        if name == "F32":
            packed = values.view(numpy.uint8)
        elif name == "F16":
            packed = values.astype(numpy.float16).view(numpy.uint8)
        else:
            packed = (values.view(numpy.uint32) >> 16).astype(numpy.uint16).view(numpy.uint8)
    else:
        blocks = random.integers(0, 256, size=(BLOCKS, size), dtype=numpy.uint8)
        for at in HALVES[name]:
            halves = random.normal(scale=0.1, size=BLOCKS).astype(numpy.float16)
            blocks[:, at : at + 2] = halves.view(numpy.uint8).reshape(BLOCKS, 2)
        packed = blocks.reshape(-1)
    values = dequantize(packed.copy(), kind).astype(numpy.float32).reshape(-1)
    vectors.append({"type": name, "bytes": packed.tobytes().hex(), "values": [float(v) for v in values]})

path = Path(__file__).parent.parent / "test" / "golden" / "dequantize.json"
path.write_text(json.dumps({"madeBy": f"scripts/goldenDequantize.py with the {package} package", "vectors": vectors}) + "\n")
print(f"{len(vectors)} types to {path}")
