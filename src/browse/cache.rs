//! Which gathers are kept, and for how many bytes? Least recently used out first.
