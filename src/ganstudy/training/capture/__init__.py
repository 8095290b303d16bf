"""How a training step is executed: eagerly, or captured and replayed. Padding and kernels that fix bits are
here alone."""
