package dev.pointsman.diff;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.kube.Manifest;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.XdsNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The changes between two states.
 *
 * @param traffic of models
 * @param endpoints of pools and pickers
 * @param objects other than HTTPRoutes; none between translations
 * @param problems diagnostics that are new
 * @param solved diagnostics that are gone
 * @param resources of Envoy's; none between objects
 */
public record StateChanges(
    List<TrafficChange> traffic,
    List<EndpointChange> endpoints,
    List<ObjectChange> objects,
    List<String> problems,
    List<String> solved,
    List<ResourceChange> resources) {
  private static final EndpointsNow UNKNOWN = _ -> Optional.empty();
  private static final StateChanges NONE =
      new StateChanges(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  public StateChanges {
    traffic = List.copyOf(traffic);
    endpoints = List.copyOf(endpoints);
    objects = List.copyOf(objects);
    problems = List.copyOf(problems);
    solved = List.copyOf(solved);
    resources = List.copyOf(resources);
  }

  /** Translations with the endpoints that are known. */
  public record Translated(List<GatewayState> gateways, EndpointsNow endpoints) {
    public Translated {
      gateways = List.copyOf(gateways);
    }

    private GatewayTraffic traffic() throws InvalidProtocolBufferException {
      List<GatewayOverview> overviews = new ArrayList<>();
      for (GatewayState gateway : gateways) {
        overviews.add(gateway.overview(endpoints));
      }
      return GatewayTraffic.of(overviews);
    }

    /** The answers of the Gateways as one. */
    private PostTranslateModifyResponse answer(Set<ObjectRef> names) {
      PostTranslateModifyResponse.Builder all = PostTranslateModifyResponse.newBuilder();
      gateways.stream()
          .filter(one -> names.containsAll(one.gateways()))
          .filter(one -> names.isEmpty() || !one.gateways().isEmpty())
          .forEach(one -> all.mergeFrom(one.answer()));
      return all.build();
    }

    private Set<String> diagnostics() {
      Set<String> all = new TreeSet<>();
      gateways.forEach(one -> one.diagnostics().forEach(found -> all.add(found.toString())));
      return all;
    }
  }

  /**
   * The changes between translations.
   *
   * @throws InvalidProtocolBufferException if a resource cannot be read
   */
  public static StateChanges between(Translated before, Translated after)
      throws InvalidProtocolBufferException {
    GatewayTraffic was = before.traffic();
    GatewayTraffic is = after.traffic();
    List<ResourceChange> resources = new ArrayList<>();
    for (Set<ObjectRef> names : together(before, after)) {
      resources.addAll(ResourceChange.between(before.answer(names), after.answer(names)));
    }
    return new StateChanges(
        TrafficChange.between(was.models(), is.models()),
        EndpointChange.between(was.endpoints(), is.endpoints()),
        List.of(),
        without(after.diagnostics(), before.diagnostics()),
        without(before.diagnostics(), after.diagnostics()),
        resources);
  }

  /** The Gateways whose resources are compared: a Gateway may be merged with others before or after. */
  private static Set<Set<ObjectRef>> together(Translated before, Translated after) {
    Set<Set<ObjectRef>> groups = new LinkedHashSet<>();
    Stream.concat(before.gateways().stream(), after.gateways().stream()).forEach(one -> {
      Set<ObjectRef> group = new HashSet<>(one.gateways());
      List<Set<ObjectRef>> joined =
          groups.stream().filter(other -> !Collections.disjoint(other, group)).toList();
      joined.forEach(groups::remove);
      joined.forEach(group::addAll);
      groups.add(Set.copyOf(group));
    });
    return groups;
  }

  /** The changes from one answer to the next one of the same Gateways, of whose endpoints nothing is known. */
  public static StateChanges between(GatewayState before, GatewayState after)
      throws InvalidProtocolBufferException {
    return before.answer().equals(after.answer())
        ? NONE
        : between(
            new Translated(List.of(before), UNKNOWN), new Translated(List.of(after), UNKNOWN));
  }

  /**
   * The changes between objects.
   *
   * @param problemsBefore findings in words
   * @param problemsAfter findings in words
   */
  public static StateChanges between(
      List<Manifest> before,
      List<Manifest> after,
      Set<String> problemsBefore,
      Set<String> problemsAfter) {
    RouteTraffic was = RouteTraffic.of(before);
    RouteTraffic is = RouteTraffic.of(after);
    return new StateChanges(
        TrafficChange.between(was.traffic(), is.traffic()),
        List.of(),
        ObjectChange.between(before, after, was, is),
        without(problemsAfter, problemsBefore),
        without(problemsBefore, problemsAfter),
        List.of());
  }

  private static List<String> without(Set<String> all, Set<String> others) {
    return all.stream().filter(one -> !others.contains(one)).toList();
  }

  /** Whether nothing has changed. */
  @JsonIgnore
  public boolean isEmpty() {
    return equals(NONE);
  }

  /**
   * The changes of traffic and of resources, one line each. Route configurations are named where no traffic changes.
   *
   * @param most the number of lines; another one counts the rest
   */
  public List<String> lines(int most) {
    List<String> lines = new ArrayList<>();
    traffic.forEach(one -> lines.add(one.line()));
    resources.stream()
        .filter(one ->
            !one.kind().equals("routes") || traffic.isEmpty() && !XdsNames.isOurs(one.name()))
        .forEach(one -> lines.add(one.line()));
    int more = lines.size() - most;
    if (more <= 0) {
      return lines;
    }
    List<String> first = new ArrayList<>(lines.subList(0, most));
    first.add("and " + more + " more changes");
    return first;
  }
}
