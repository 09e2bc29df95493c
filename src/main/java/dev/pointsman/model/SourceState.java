package dev.pointsman.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a source of objects is doing.
 *
 * @param unread kinds that have not been read yet; while there are any, the source has not synced
 * @param disconnectedSince since when nothing new can be learnt, although what was read before still counts
 * @param problems lines for people: kinds that cannot be read although the source answers, files that cannot be used
 */
public record SourceState(
    Set<String> unread, Optional<Instant> disconnectedSince, List<String> problems) {
  /** Everything is read, and changes are seen. */
  public static final SourceState CONNECTED =
      new SourceState(Set.of(), Optional.empty(), List.of());

  public SourceState {
    unread = Set.copyOf(unread);
    problems = List.copyOf(problems);
  }
}
