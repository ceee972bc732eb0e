"""Mathematics: programs, gradients as graphs, steps, mistakes, marking. Imports numpy and the standard library."""
