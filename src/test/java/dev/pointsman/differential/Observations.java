package dev.pointsman.differential;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The observations on one side.
 *
 * @param responses the clients' responses by id
 * @param access lines of the access log by id
 * @param complaints rejected updates of Envoy and withheld snapshots of Envoy Gateway
 */
record Observations(
    Map<String, ClientResponse> responses,
    TrafficLog log,
    Map<String, List<AccessLine>> access,
    List<String> complaints) {

  /** The outcomes of a request's copies. */
  List<Outcome> of(Situation situation, DrawnRequest request) {
    Set<String> mirrors = situation.rules().stream()
        .flatMap(rule -> rule.features().stream())
        .flatMap(feature -> feature.backends().stream())
        .map(Backend::name)
        .collect(Collectors.toSet());
    List<String> ids = IntStream.range(0, request.copies())
        .mapToObj(copy -> RequestSender.id(situation, request, copy))
        .toList();
    String session = request.behavior() == DrawnRequest.Behavior.RETURNS
        ? RequestSender.session(ids.stream().map(responses::get).toList())
        : "";
    return ids.stream()
        .map(id -> new Outcome(
            id,
            Objects.requireNonNull(responses.get(id), id),
            log.received(id).stream()
                .filter(one -> !mirrors.contains(one.backend()))
                .toList(),
            log.received(id).stream()
                .filter(one -> mirrors.contains(one.backend()))
                .toList(),
            log.picks(id),
            log.processed(id),
            access.getOrDefault(id, List.of()),
            session))
        .toList();
  }
}
