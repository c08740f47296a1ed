"""What each kind of field means: which values fit, how people write them, how they read. Each file is one match over all kinds."""
