package dev.pointsman.explain;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.Explanation.ModelReading;
import dev.pointsman.explain.Explanation.RouteChoice;
import dev.pointsman.explain.FilterPass.Passed;
import dev.pointsman.explain.HostSearch.FoundHost;
import dev.pointsman.explain.ListenerSearch.Entrance;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RouteSearch.ChosenRoute;
import dev.pointsman.model.BodySizes;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions.HeadersWithUnderscoresAction;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One request on its way through a Gateway. */
final class Passage {
  private static final int MOST_LOOPS = 4;

  private final AskedRequest asked;
  private final ListenerSearch listeners;
  private final Upstreams upstreams;
  private final List<RouteChoice> choices = new ArrayList<>();
  private final Set<ObjectRef> objects = new LinkedHashSet<>();
  private final List<String> gates = new ArrayList<>();
  private final Set<String> unread = new LinkedHashSet<>();
  private Optional<ModelReading> reading = Optional.empty();
  private Optional<String> virtualHost = Optional.empty();

  Passage(AskedRequest asked, ListenerSearch listeners, Upstreams upstreams) {
    this.asked = asked;
    this.listeners = listeners;
    this.upstreams = upstreams;
  }

  /** Follows the request from the listener of clients. */
  RequestEnd end(Entrance entrance) throws InvalidProtocolBufferException {
    RequestState request = new RequestState(asked.allHeaders());
    Optional<RequestEnd> refused = refused(entrance.manager(), request);
    if (refused.isPresent()) {
      return refused.get();
    }
    Optional<FoundHost> host = HostSearch.of(entrance.routes(), asked);
    virtualHost = host.map(found -> found.host().getName() + " by domain " + found.domain());
    return through(entrance, host, request, StreamLimit.NONE, 0);
  }

  /** The response to a request that is refused before a route is chosen. */
  private static Optional<RequestEnd> refused(HttpConnectionManager manager, RequestState request)
      throws InvalidProtocolBufferException {
    HeadersWithUnderscoresAction underscores =
        manager.getCommonHttpProtocolOptions().getHeadersWithUnderscoresAction();
    if (underscores == HeadersWithUnderscoresAction.DROP_HEADER) {
      request.removeIf(name -> name.contains("_"));
    } else if (underscores == HeadersWithUnderscoresAction.REJECT_REQUEST
        && request.hasHeader(name -> name.contains("_"))) {
      return Optional.of(new Answered(400, "", "a header's name has an underscore"));
    }
    Optional<RequestEnd> normalized = PathNormalization.apply(manager, request);
    if (normalized.isEmpty()) {
      mutateEarly(manager, request);
    }
    return normalized;
  }

  private static void mutateEarly(HttpConnectionManager manager, RequestState request)
      throws InvalidProtocolBufferException {
    for (TypedExtensionConfig early : manager.getEarlyHeaderMutationExtensionsList()) {
      if (early.getTypedConfig().is(HeaderMutation.class)) {
        HeaderMutations.apply(
            early.getTypedConfig().unpack(HeaderMutation.class).getMutationsList(), request);
      }
    }
  }

  private RequestEnd through(
      Entrance entrance,
      Optional<FoundHost> found,
      RequestState request,
      StreamLimit before,
      int loops)
      throws InvalidProtocolBufferException {
    if (found.isEmpty()) {
      return new Answered(404, "", "no virtual host has a domain for the host");
    }
    var host = found.get().host();
    unread.addAll(UnreadFields.of(host));
    String stage = loops == 0
        ? "at first"
        : request
            .header(XdsNames.STAGE_HEADER)
            .map(number -> "in the loop, stage " + number)
            .orElse(
                asked.body().bytes() < BodySizes.LARGE
                    ? "in the loop"
                    : "in the loop for large bodies");
    ChosenRoute chosen = RouteSearch.of(stage, host, request);
    Passed passed = FilterPass.of(entrance, host, chosen.route(), asked, request);
    add(chosen);
    if (loops == 0) {
      reading = passed.reading();
    }
    gates.addAll(passed.gates());
    if (passed.answer().isPresent()) {
      return passed.answer().get();
    }
    if (passed.rerouted()) {
      chosen = RouteSearch.of("after the body was read", host, request);
      add(chosen);
    }
    if (chosen.route().isEmpty()) {
      return new Answered(404, "", "no route takes the request");
    }
    if (chosen.route().get().containsTypedPerFilterConfig(XdsNames.RESPONSE_OVERRIDE_FILTER)) {
      gates.add("responseOverride");
    }
    return end(entrance, chosen.route().get(), request, before, loops);
  }

  private RequestEnd end(
      Entrance entrance, Route route, RequestState request, StreamLimit before, int loops)
      throws InvalidProtocolBufferException {
    unread.addAll(UnreadFields.of(route));
    unread.addAll(UnreadFields.of(route.getRoute()));
    String pipe =
        upstreams.cluster(route.getRoute().getCluster()).map(Upstreams::pipe).orElse("");
    Optional<Entrance> loop = listeners.at(pipe);
    if (loop.isEmpty() || loops == MOST_LOOPS) {
      RequestEnd end = new RouteEnds(upstreams, entrance, request, before).of(route);
      if (end instanceof Forwarded forwarded) {
        forwarded
            .shares()
            .forEach(share -> share.pool().ifPresent(pool -> objects.add(pool(pool))));
      }
      return end;
    }
    route.getRequestHeadersToAddList().forEach(header -> HeaderMutations.set(header, request));
    StreamLimit limit = before.behind(entrance, route.getRoute());
    List<RequestEnd> tries = new ArrayList<>();
    for (int number = 1; number <= Tries.of(route); number++) {
      RequestState one = request.forwarded();
      if (Tries.areStages(route)) {
        one.set(XdsNames.STAGE_HEADER, Integer.toString(number));
      }
      if (number == 1 && upstreams.hasEmptySubset(route.getRoute().getCluster())) {
        tries.add(Upstreams.EMPTY_SUBSET);
      } else if (OtherModelNames.isRefusedIn(route, number, request)) {
        tries.add(OtherModelNames.REFUSED);
      } else {
        tries.add(intoLoop(loop.get(), one, limit, loops));
      }
    }
    return Tries.end(tries, route);
  }

  private RequestEnd intoLoop(Entrance loop, RequestState request, StreamLimit limit, int loops)
      throws InvalidProtocolBufferException {
    mutateEarly(loop.manager(), request);
    return through(loop, HostSearch.of(loop.routes(), asked), request, limit, loops + 1);
  }

  /** A pool by its namespace and name. */
  private static ObjectRef pool(String name) {
    int slash = name.indexOf('/');
    return new ObjectRef("InferencePool", name.substring(0, slash), name.substring(slash + 1));
  }

  private void add(ChosenRoute chosen) {
    choices.add(chosen.choice());
    objects.addAll(chosen.owners());
  }

  /** The names of the chosen routes. */
  List<String> names() {
    return choices.stream()
        .map(choice -> choice.route().orElse("none"))
        .distinct()
        .toList();
  }

  Explanation explanation(Entrance entrance, RequestEnd end, List<Diagnostic> diagnostics) {
    return new Explanation(
        asked,
        entrance.listener().getName(),
        List.of(),
        virtualHost,
        reading,
        choices,
        gates.stream().distinct().toList(),
        List.copyOf(unread),
        end,
        onTheWay(diagnostics),
        List.of(),
        Optional.empty(),
        List.of());
  }

  /** Diagnostics of the objects on the way, and of policies in their namespaces. */
  private List<String> onTheWay(List<Diagnostic> diagnostics) {
    Set<String> namespaces = objects.stream().map(ObjectRef::namespace).collect(Collectors.toSet());
    return diagnostics.stream()
        .filter(diagnostic -> switch (diagnostic.about().kind()) {
          case "Gateway", "Listener" -> true;
          case "InferencePolicy" -> namespaces.contains(diagnostic.about().namespace());
          default -> objects.contains(diagnostic.about());
        })
        .map(Diagnostic::toString)
        .toList();
  }
}
