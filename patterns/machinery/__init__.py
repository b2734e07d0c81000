"""What patterns need beyond Redis' own commands: leases, groups, a subscription, Lua scripts."""
