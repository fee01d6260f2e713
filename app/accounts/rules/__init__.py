"""Pure decisions about accounts: passwords, powers of a day, life of a session."""
