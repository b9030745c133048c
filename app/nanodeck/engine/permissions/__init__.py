"""What holds in a session: rules, hosts and trust, and what rules would do before they hold."""
