package dev.pointsman.differential;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All that was seen of one side.
 *
 * @param access lines of the access log by id
 * @param complaints of Envoy and Envoy Gateway: rejected updates, withheld snapshots
 */
record Seen(
    Map<String, Answer> answers,
    Log log,
    Map<String, List<AccessLine>> access,
    List<String> complaints) {

  /** The outcomes of an ask's copies. */
  List<Outcome> of(Situation situation, Ask ask) {
    Set<String> mirrors = situation.rules().stream()
        .flatMap(rule -> rule.features().stream())
        .flatMap(feature -> feature.backends().stream())
        .map(Backend::name)
        .collect(Collectors.toSet());
    List<String> ids = IntStream.range(0, ask.copies())
        .mapToObj(copy -> Play.id(situation, ask, copy))
        .toList();
    String session = ask.ending() == Ask.Ending.RETURNS
        ? Play.session(ids.stream().map(answers::get).toList())
        : "";
    return ids.stream()
        .map(id -> new Outcome(
            id,
            Objects.requireNonNull(answers.get(id), id),
            log.arrivals(id).stream()
                .filter(one -> !mirrors.contains(one.backend()))
                .toList(),
            log.arrivals(id).stream()
                .filter(one -> mirrors.contains(one.backend()))
                .toList(),
            log.picks(id),
            log.processed(id),
            access.getOrDefault(id, List.of()),
            session))
        .toList();
  }
}
