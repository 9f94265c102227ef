"""The engine: makes plans into networks, trains and exports them. The only room with torch; it sees no designs."""
