SELECT what, level, since FROM hub.memory_level
