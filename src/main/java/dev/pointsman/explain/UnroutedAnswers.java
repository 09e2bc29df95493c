package dev.pointsman.explain;

import com.google.protobuf.Struct;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.xds.XdsNames;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The responses on a route whose cluster does not exist: Envoy's own, or the ones that the listener's mappers make of it.
 * {@code ExplanationsEnvoyTest} holds the causes to the mappers.
 */
final class UnroutedAnswers {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  private UnroutedAnswers() {}

  static RequestEnd of(Route route, RequestState request) {
    Struct facts = route
        .getMetadata()
        .getFilterMetadataOrDefault(XdsNames.METADATA, Struct.getDefaultInstance());
    String method = request.header(":method").orElse("");
    if (request.isGrpc()
        || !facts.containsFields(XdsNames.ANSWERS)
        || !WITH_BODY.contains(method)) {
      return new Answered(status(route.getRoute()), "", "no route takes the request");
    }
    String encoding = request.header("content-encoding").orElse("identity");
    if (!encoding.toLowerCase(Locale.ROOT).equals("identity")) {
      return new Answered(
          415, "unsupported_content_encoding", "no model is read from a compressed body");
    }
    Optional<String> form = request.metadata(SourcesScript.NAMESPACE, "state");
    if (form.filter("form-unreadable"::equals).isPresent()) {
      return new Answered(400, "invalid_form", "the form cannot be read");
    }
    if (form.filter("form"::equals).isPresent()) {
      return new Answered(400, "missing_required_parameter", "the form has no model");
    }
    if (!StringConditions.isWhole(
        XdsNames.JSON_TYPES, request.header("content-type").orElse(""))) {
      return new Answered(
          415, "unsupported_content_type", "no model is read from a body that is not JSON");
    }
    return request.isUnreadable()
        ? new Answered(400, "invalid_json", "Envoy cannot read the body as JSON")
        : new Answered(400, "missing_required_parameter", "the body has no model");
  }

  static int status(RouteAction action) {
    return switch (action.getClusterNotFoundResponseCode()) {
      case NOT_FOUND -> 404;
      case INTERNAL_SERVER_ERROR -> 500;
      default -> 503;
    };
  }
}
