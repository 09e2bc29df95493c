package dev.pointsman.kube.status;

import dev.pointsman.kube.HttpRouteParser;
import dev.pointsman.kube.ReferenceGrantParser;
import dev.pointsman.kube.api.Kind;
import dev.pointsman.kube.api.WatchedObjects;
import dev.pointsman.model.ClusterObjects;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.status.StatusInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Reads the inputs of statuses from the watched objects.
 *
 * @param namespaces the watched namespaces; empty: all
 * @param classPolicies the namespace whose InferencePolicies may target a GatewayClass
 * @param snapshots snapshots of the same source, for the objects that it does not keep whole
 */
record Observation(
    Set<String> namespaces,
    String classPolicies,
    WatchedObjects objects,
    Supplier<ClusterSnapshot> snapshots) {
  /** The current inputs. */
  StatusInputs now() {
    List<JsonNode> pools = new ArrayList<>(objects.all(Kind.POOL));
    pools.addAll(objects.all(Kind.ALPHA_POOL));
    List<JsonNode> routes = objects.all(Kind.HTTP_ROUTE);
    ClusterObjects known = new ClusterObjects();
    take(pools, PoolParser::parse, known::add);
    take(routes, HttpRouteParser::parse, known::add);
    take(objects.all(Kind.REFERENCE_GRANT), ReferenceGrantParser::parse, known::add);
    return new StatusInputs(
        withParts(known.snapshot(), snapshots.get()),
        namespaces,
        classPolicies,
        pools,
        routes,
        objects.all(Kind.GATEWAY),
        objects.all(Kind.POLICY));
  }

  private static <T> void take(
      List<JsonNode> objects, Function<JsonNode, Parsed<T>> parser, Consumer<T> sink) {
    for (JsonNode object : objects) {
      if (parser.apply(object) instanceof Parsed.Valid<T>(T value, var _)) {
        sink.accept(value);
      }
    }
  }

  /** Adds the Pods, the Services, their EndpointSlices and the certificates that policies name: they are not kept whole. */
  private static ClusterSnapshot withParts(ClusterSnapshot known, ClusterSnapshot source) {
    return new ClusterSnapshot(
        true,
        known.pools(),
        source.pods(),
        source.services(),
        source.slices(),
        known.routes(),
        known.models(),
        known.adapters(),
        known.grants(),
        source.certificates());
  }
}
