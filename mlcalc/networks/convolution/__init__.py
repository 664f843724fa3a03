"""Convolution, pooling, transposed convolution and padding: sizes, values and costs."""
