"""What a tenant knows of its mailings: the counters, the log behind them, and lists of addresses and domains."""
