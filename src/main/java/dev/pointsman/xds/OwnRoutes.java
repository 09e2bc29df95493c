package dev.pointsman.xds;

import com.google.protobuf.Any;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.FilterContest.Winner;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Our own routes in a virtual host with model routes: those before and those after Envoy Gateway's. */
final class OwnRoutes {
  private final HostModels models;
  private final FilterContest contest;
  private final Map<String, Any> filters;
  private final List<String> names;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /**
   * For one host.
   *
   * @param present configurations with which filters are there and do nothing, by filter's name
   * @param names the models that the host asks for by name
   */
  OwnRoutes(
      HostModels models, FilterContest contest, Map<String, Any> present, List<String> names) {
    this.models = models;
    this.contest = contest;
    this.names = names;
    filters = with(present, contest.unanimous().orElse(Set.of()));
  }

  /** Before all routes of the host. */
  List<Route> first() {
    List<Route> first = new ArrayList<>();
    first.add(filtered(ModelRoutes.invalidModel()));
    models.list().ifPresent(policy -> {
      ModelList list = ModelList.of(names);
      first.add(filtered(list.route()));
      if (list.leftOut() > 0) {
        diagnostics.add(tooLong(policy, list.leftOut()));
      }
    });
    return first;
  }

  /** Behind all routes of the host, none of which takes every request. */
  List<Route> last() {
    List<Route> last = new ArrayList<>();
    if (models.answersUnknown()) {
      last.add(filtered(ModelRoutes.unknownModel(names)));
    }
    if (contest.unanimous().isEmpty()) {
      last.addAll(guarded());
    }
    last.add(filtered(ModelRoutes.unrouted(models.bodyLimit())));
    return last;
  }

  /** Where requests arrive for model routes that want a filter which others do not want. */
  private List<Route> guarded() {
    List<Winner> widest = new ArrayList<>();
    contest.winners().stream()
        .filter(winner -> !winner.filters().isEmpty())
        .sorted((one, other) -> one.path().compareTo(other.path()))
        .filter(winner -> widest.stream().noneMatch(wide -> wide.path().contains(winner.path())))
        .forEach(widest::add);
    List<Route> guarded = new ArrayList<>();
    for (Winner winner : widest) {
      Route unrouted = ModelRoutes.unrouted(models.bodyLimit());
      guarded.add(DisabledFilters.withPresent(
          unrouted.toBuilder()
              .setName(XdsNames.unroutedRoute(guarded.size()))
              .setMatch(winner.path().in(unrouted.getMatch()))
              .build(),
          with(filters, winner.filters())));
    }
    return guarded;
  }

  private Route filtered(Route route) {
    return DisabledFilters.withPresent(route, filters);
  }

  private static Map<String, Any> with(Map<String, Any> filters, Set<String> on) {
    Map<String, Any> with = new TreeMap<>(filters);
    on.forEach(filter -> with.put(filter, DisabledFilters.ON));
    return with;
  }

  private static Diagnostic tooLong(ObjectRef policy, int leftOut) {
    return new Diagnostic(
        Reason.ModelListTooLong,
        policy,
        "spec.model.list",
        "GET /v1/models leaves out " + leftOut
            + " models, because an answer of Envoy's own has 1 MiB at most: spread the models over more hostnames");
  }

  /** What there is to say about them. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
