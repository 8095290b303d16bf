"""One loss a class: its formula, its paper, and its values at match; penalties on the discriminator."""
