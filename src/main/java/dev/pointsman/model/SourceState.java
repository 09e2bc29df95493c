package dev.pointsman.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a source of objects.
 *
 * @param unread kinds that have not been read yet; until it is empty, the source has not synced
 * @param disconnectedSince the start of an interruption, during which the last snapshot stays in use
 * @param problems lines for people: kinds that cannot be read although the source is reachable, invalid files
 */
public record SourceState(
    Set<String> unread, Optional<Instant> disconnectedSince, List<String> problems) {
  /** All kinds are read, and changes are received. */
  public static final SourceState CONNECTED =
      new SourceState(Set.of(), Optional.empty(), List.of());

  public SourceState {
    unread = Set.copyOf(unread);
    problems = List.copyOf(problems);
  }
}
