"""The house under load, through its real server. Small by default, full with TRIAL (make trial)."""
