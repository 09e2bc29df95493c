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
import java.util.stream.Stream;

/**
 * The added routes of a virtual host with model routes, before and after Envoy Gateway's. They have the common filters
 * and rate limits of the model routes. If model routes admit different clients, the added routes name no model.
 */
final class InsertedRoutes {
  private final HostModels models;
  private final BodyReading reading;
  private final FilterContest contest;
  private final CommonGates gates;
  private final Map<String, Any> filters;
  private final List<RoutePath> paths;
  private final List<String> names;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /**
   * Creates the routes of one host.
   *
   * @param gates of its model routes
   * @param paths the paths of its model routes, none in another
   * @param names the names of the host's models
   */
  InsertedRoutes(
      HostModels models,
      FilterContest contest,
      CommonGates gates,
      BodyReading reading,
      List<RoutePath> paths,
      List<String> names) {
    this.models = models;
    this.contest = contest;
    this.paths = paths;
    this.gates = gates;
    this.names = gates.admitSameClients() ? names : List.of();
    this.reading = reading;
    filters = with(reading.inertFilters(), contest.commonFilters().orElse(Set.of()));
  }

  /** The routes before all others of the host. */
  List<Route> first() {
    List<Route> first = new ArrayList<>();
    first.add(answer(ModelRoutes.invalidModel()));
    if (models.list() instanceof ModelListing.BeforeRoutes(ObjectRef policy)) {
      if (!gates.admitSameClients()) {
        diagnostics.add(hidden(policy));
      }
      ModelList list = ModelList.of(names);
      first.add(gated(list.route(), filters));
      if (list.leftOut() > 0) {
        diagnostics.add(tooLong(policy, list.leftOut()));
      }
    }
    return first;
  }

  /** The routes after all others of the host, if none of those matches every request. */
  List<Route> last() {
    List<Route> last = new ArrayList<>();
    if (models.answersUnknown()) {
      reading
          .modelRoutes(ModelRoutes.unknownModel(names))
          .forEach(route -> last.add(answer(route)));
    }
    if (models.list() instanceof ModelListing.BehindRoutes && !names.isEmpty()) {
      last.add(gated(ModelList.of(names).route(), filters));
    }
    List<Route> unrouted = new ArrayList<>();
    if (contest.commonFilters().isEmpty()) {
      unrouted.addAll(guarded());
    }
    for (RoutePath path : paths) {
      unrouted.add(gated(unrouted(path, paths.size() == 1 ? "" : "/" + unrouted.size()), filters));
    }
    last.addAll(unrouted);
    return last;
  }

  private Route unrouted(RoutePath path, String number) {
    Route unrouted = ModelRoutes.unrouted(models);
    return unrouted.toBuilder()
        .setName(unrouted.getName() + number)
        .setMatch(path.in(unrouted.getMatch()))
        .build();
  }

  /** The initial routes of model routes with a filter that other model routes do not have. */
  private List<Route> guarded() {
    Stream<Winner> withFilters =
        contest.winners().stream().filter(winner -> !winner.filters().isEmpty());
    List<Winner> widest = RoutePath.widest(withFilters, Winner::path).toList();
    List<Route> guarded = new ArrayList<>();
    for (Winner winner : widest) {
      guarded.add(
          gated(unrouted(winner.path(), "/" + guarded.size()), with(filters, winner.filters())));
    }
    return guarded;
  }

  private Route answer(Route route) {
    return gated(gates.gates().hasRateLimits() ? Answers.counted(route) : route, filters);
  }

  private Route gated(Route route, Map<String, Any> others) {
    return ResponseOverrides.moved(
        DisabledFilters.withFilters(gates.on(route), others), reading.overrides());
  }

  private static Map<String, Any> with(Map<String, Any> filters, Set<String> on) {
    Map<String, Any> with = new TreeMap<>(filters);
    on.forEach(filter -> with.put(filter, DisabledFilters.ON));
    return with;
  }

  private static Diagnostic hidden(ObjectRef policy) {
    return new Diagnostic(
        Reason.ModelsHidden,
        policy,
        "spec.model.list",
        "GET /v1/models names none on a host whose models are not open to the same clients: attach the policies that"
            + " keep clients out to all of them (to the Gateway, say), or give these models a hostname of their own");
  }

  private static Diagnostic tooLong(ObjectRef policy, int leftOut) {
    return new Diagnostic(
        Reason.ModelListTooLong,
        policy,
        "spec.model.list",
        "GET /v1/models leaves out " + leftOut
            + " models, because a list has 1 MiB at most: spread the models over more hostnames");
  }

  /** Diagnostics of the added routes. */
  List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}
