"""Parts of the command: what it prints, its help, its prompt, completion in a shell."""
