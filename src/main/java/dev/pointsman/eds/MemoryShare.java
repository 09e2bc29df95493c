package dev.pointsman.eds;

/**
 * The part of the memory that each address may have.
 *
 * @param names the largest number of names that one stream asks for: pools and pickers of some 10,000 pools
 * @param nameBytes the memory for the names of all its streams
 * @param unreadBytes the responses that wait in memory until the client reads them; one more response may exceed it
 */
record MemoryShare(int names, long nameBytes, long unreadBytes) {
  static final MemoryShare DEFAULT = new MemoryShare(20_000, 128L << 20, 16L << 20);
  static final MemoryShare NONE =
      new MemoryShare(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
}
