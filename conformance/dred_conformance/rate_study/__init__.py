"""What schedules of quantiser levels buy: error and bits by age, on speech, for any budget.

The deployed rule, ramps that stop at level 8, ramps that begin at level 9 and our rule are put to the same
latents of the same clips. Everything is sent for every instant, silence included, so that all rules cover the
same 1.04 s; offsets and packets play no part.
"""
