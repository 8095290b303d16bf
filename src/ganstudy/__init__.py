"""ganstudy: reproducible studies of generative adversarial networks.

Importing the package fixes the arithmetic before anything imports torch or numpy. Left alone, PyTorch, NumPy
and its OpenBLAS pick the vector width of their loops, and with it the last bits of a run, by the processor:
so they are bound to what all with AVX2 have. MKL, which picks by the processor's maker, is avoided
(`training.capture.kernels`). One thread per process makes the order of every sum independent of the number of
cores. These are set, not defaulted: nothing outside params.yaml may decide a result. (What the number of runs
trained side by side would change is dealt with in `training.capture.padding`.)
"""

import os

ARITHMETIC = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4",  # AVX-512
    "OPENBLAS_CORETYPE": "Haswell",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""In the environment of every process that computes."""

os.environ.update(ARITHMETIC)
