package dev.pointsman.model;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * How a source of objects is doing.
 *
 * @param unread kinds that have not been read yet; while there are any, the source has not synced
 * @param disconnectedSince since when nothing new can be learnt, although what was read before still counts
 */
public record SourceState(Set<String> unread, Optional<Instant> disconnectedSince) {
  /** Everything is read, and changes are seen. */
  public static final SourceState CONNECTED = new SourceState(Set.of(), Optional.empty());

  public SourceState {
    unread = Set.copyOf(unread);
  }
}
