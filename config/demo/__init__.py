"""Two demo workspaces with believable people in them, made from a seed: the same contacts on every machine."""
