package dev.pointsman.hook;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.extension.ExtensionResource;
import dev.pointsman.extension.PostRouteModifyRequest;
import dev.pointsman.extension.PostRouteModifyResponse;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePool;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PoolParser;
import dev.pointsman.plan.PoolBackend;
import dev.pointsman.xds.InBand;
import io.envoyproxy.envoy.config.route.v3.Route;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The Route hook: records the pools and policies of the route's rule in its metadata, and changes nothing else. */
final class RouteHook {
  private static final JsonMapper JSON = JsonMapper.shared();

  private RouteHook() {}

  /**
   * Answers one call.
   *
   * @param sent the policies that the translation has carried so far; gets the route's own
   */
  static PostRouteModifyResponse apply(PostRouteModifyRequest request, SentPolicies sent) {
    if (!request.hasRoute()) {
      return PostRouteModifyResponse.getDefaultInstance();
    }
    List<PoolBackend> pools = request.getPostRouteContext().getExtensionResourcesList().stream()
        .map(RouteHook::pool)
        .flatMap(Optional::stream)
        .toList();
    List<ObjectNode> policies =
        PolicyObjects.effective(request.getPostRouteContext().getExtensionPoliciesList());
    ByteString route = pools.isEmpty() && policies.isEmpty()
        ? request.getRoute()
        : recorded(request.getRoute(), pools, policies, sent);
    return PostRouteModifyResponse.newBuilder().setRoute(route).build();
  }

  private static ByteString recorded(
      ByteString bytes, List<PoolBackend> pools, List<ObjectNode> policies, SentPolicies sent) {
    try {
      Route route = Route.parseFrom(bytes);
      SentPolicies.OnRoute on = sent.on(route.getName(), policies);
      return InBand.record(route, pools, on.ids(), on.carried()).toByteString();
    } catch (InvalidProtocolBufferException unreadable) {
      return bytes; // not a route that we know: Envoy Gateway's own business
    }
  }

  /** The pool, or nothing for another extension's resource. */
  private static Optional<PoolBackend> pool(ExtensionResource resource) {
    try {
      JsonNode object = JSON.readTree(resource.getUnstructuredBytes().toByteArray());
      return object.isObject() && !PoolParser.isPool(object) && object.has("kind")
          ? Optional.empty()
          : Optional.of(backend(PoolParser.parse(object)));
    } catch (JacksonException unreadable) {
      return Optional.of(new PoolBackend.Unusable(List.of(new Diagnostic(
          Reason.InvalidInferencePool,
          new ObjectRef("InferencePool", "", "(unreadable)"),
          "",
          "Envoy Gateway sent something that is not JSON: " + unreadable.getOriginalMessage()))));
    }
  }

  private static PoolBackend backend(Parsed<InferencePool> parsed) {
    return switch (parsed) {
      case Parsed.Valid<InferencePool>(InferencePool pool, List<Diagnostic> remarks) ->
        PoolBackend.Usable.of(pool, remarks);
      case Parsed.Invalid<InferencePool>(List<Diagnostic> problems) ->
        new PoolBackend.Unusable(problems);
    };
  }
}
