"""What confines the commands of agents: bubblewrap, else Landlock, else nothing, which is said."""
