"""A kitchen: cooks put dishes on a counter with few places, and eaters take them off."""
