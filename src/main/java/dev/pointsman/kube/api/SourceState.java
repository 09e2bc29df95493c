package dev.pointsman.kube.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How it stands with the API server, for {@code /readyz} and metrics.
 *
 * @param synced whether every kind that there is has been listed once; never false again after that
 * @param unreachableSince since when nothing has been heard from the API server although we asked; the last snapshot
 *     is served meanwhile
 * @param lastChange when the snapshot changed last
 * @param problems one line for each resource that cannot be read although the API server answers, with what to do
 */
public record SourceState(
    boolean synced,
    Optional<Instant> unreachableSince,
    Optional<Instant> lastChange,
    List<String> problems) {
  public SourceState {
    problems = List.copyOf(problems);
  }
}
