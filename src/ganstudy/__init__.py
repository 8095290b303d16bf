"""ganstudy: reproducible studies of generative adversarial networks.

Importing the package fixes the arithmetic before anything imports torch. Left alone, MKL picks a matrix
kernel by pointer alignment and by processor, and PyTorch picks the vector width of element-wise loops by
processor; either changes the last bits of a run from machine to machine. One thread per process makes the
order of every sum independent of the number of cores. These are set, not defaulted: nothing outside
params.yaml may decide a result. (What the number of runs trained side by side would change is dealt with in
`training.lanes`.)
"""

import os

os.environ["MKL_CBWR"] = "AVX2"
os.environ["ATEN_CPU_CAPABILITY"] = "avx2"
for _threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_threads] = "1"
