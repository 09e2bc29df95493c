package dev.pointsman.xds;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter;
import io.envoyproxy.envoy.extensions.access_loggers.filters.cel.v3.ExpressionFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.LocalReplyConfig;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.ResponseMapper;
import java.util.List;

/**
 * Gives Envoy's own responses a body in OpenAI's error format: to requests without a readable model that no route takes,
 * to bodies above the body limit, and for pools that cannot serve. The mappers are the same for all hosts, so they are
 * part of the listener and no host has a route for them. Conditions are CEL expressions over Envoy's <a
 * href="https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/attributes">attributes</a>; an
 * attribute that is absent makes the expression false. gRPC clients get Envoy's own message. Responses of other hosts,
 * routes, filters and pickers have another cause and stay unchanged.
 */
final class LocalReplies {
  private static final String CAUSE = "response.code_details";

  private static final String CONTENT_TYPE =
      "('content-type' in request.headers ? request.headers['content-type'] : '')";

  private static final String IS_GRPC = CONTENT_TYPE + ".startsWith('application/grpc')";

  /** The initial route of all requests for models took the request, because no other route did. */
  private static final String IS_UNROUTED =
      "!" + IS_GRPC + " && " + CAUSE + " == 'cluster_not_found' && '"
          + XdsNames.ANSWERS + "' in " + routeMetadata()
          + " && request.method in ['POST', 'PUT', 'PATCH']";

  private static final String IS_COMPRESSED = "'content-encoding' in request.headers"
      + " && !request.headers['content-encoding'].matches('^(?i)identity$')";

  /** An autoscaler may be about to start a pod; clients that repeat at once would only add to its work. */
  private static final int SECONDS_TO_START = 5;

  /** A pool's cluster, or the loop that leads to one. */
  private static final String ON_POOL = "!" + IS_GRPC + " && " + LoopFacts.ON_POOL + " && ";

  private static final OpenAiError MISSING_MODEL = OpenAiError.of(
      400,
      "missing_required_parameter",
      "model",
      "The request body has no model: set the parameter 'model' to a model's name.");

  /** For requests on hosts with models. The first matching mapper is applied. */
  private static final List<ResponseMapper> MODELS = List.of(
      mapper(
          IS_UNROUTED + " && " + IS_COMPRESSED,
          OpenAiError.of(
              415,
              "unsupported_content_encoding",
              "content-encoding",
              "The model cannot be read from a compressed body: send the request without Content-Encoding.")),
      mapper(IS_UNROUTED + " && " + ModelExtraction.IS_FORM, MISSING_MODEL),
      mapper(
          IS_UNROUTED + " && " + ModelExtraction.IS_UNREADABLE_FORM,
          OpenAiError.of(400, "invalid_form", "The form in the request body cannot be read.")),
      mapper(
          IS_UNROUTED + " && !" + CONTENT_TYPE + ".matches('^(" + inString(XdsNames.JSON_TYPES)
              + ")$')",
          OpenAiError.of(
              415,
              "unsupported_content_type",
              "content-type",
              "The model is read from JSON bodies: send the request with Content-Type: application/json.")),
      mapper(
          IS_UNROUTED + " && " + ModelExtraction.IS_UNREADABLE,
          OpenAiError.of(400, "invalid_json", "The request body cannot be read as JSON.")),
      mapper(IS_UNROUTED, MISSING_MODEL));

  /**
   * For requests to pools. Envoy's response to a failed picker has no body and gets none: a tenant's processor in front may
   * change its status to 304, and the next client on the connection would read the body as its response.
   */
  private static final List<ResponseMapper> POOLS = List.of(
      retryAfter(
          SECONDS_TO_START,
          mapper(
              ON_POOL + CAUSE + " == 'no_healthy_upstream'",
              OpenAiError.of(503, "no_endpoints", "No server of the model is available."))),
      retryAfter(
          1,
          mapper(
              ON_POOL + CAUSE + ".contains('overflow')",
              OpenAiError.of(
                  503, "overloaded", "The model has too many requests: try again later."))),
      mapper(
          ON_POOL + "response.code == 503 && " + CAUSE
              + ".startsWith('upstream_reset_before_response_started') && (" + CAUSE
              + ".contains('connection_failure') || " + CAUSE + ".contains('connection_timeout'))",
          OpenAiError.of(
              503,
              "upstream_unavailable",
              "No connection to the server of the model: probably no process listens on the pool's target port.")),
      mapper(
          ON_POOL + "response.code == 503 && " + CAUSE
              + ".startsWith('upstream_reset_before_response_started')",
          OpenAiError.of(
              503, "upstream_unavailable", "The server of the model closed the connection.")),
      mapper(
          ON_POOL + "response.code == 502 && " + CAUSE
              + ".startsWith('upstream_reset_before_response_started')",
          OpenAiError.of(
              502, "invalid_response", "The server of the model sent an invalid response.")),
      mapper(
          ON_POOL + CAUSE + " in ['response_timeout', 'upstream_per_try_timeout']",
          OpenAiError.of(504, "timeout", "The model did not respond in time.")));

  private LocalReplies() {}

  /**
   * The local replies of a listener's connection manager.
   *
   * @param original its mappers have precedence
   * @param bufferBytes the largest amount that the listener reads at once; Envoy takes bodies up to it whatever the limit
   *     of a route
   */
  static LocalReplyConfig of(
      LocalReplyConfig original, boolean pools, boolean models, long bufferBytes) {
    LocalReplyConfig.Builder replies = (pools ? ofPools(original) : original).toBuilder();
    if (models) {
      String limit = routeMetadata() + "['" + ModelExtraction.BODY_LIMIT + "']";
      replies
          .addAllMappers(MODELS)
          .addMappers(tooLarge("int(" + limit + ") < " + bufferBytes, Long.toString(bufferBytes)))
          .addMappers(tooLarge(
              limit + " != ''",
              "%METADATA(ROUTE:" + XdsNames.METADATA + ":" + ModelExtraction.BODY_LIMIT + ")%"));
    }
    return replies.build();
  }

  /** The local replies of a connection manager for requests to pools. */
  static LocalReplyConfig ofPools(LocalReplyConfig original) {
    LocalReplyConfig bodiless = BodilessResponses.localReplies(original);
    return bodiless.toBuilder().addAllMappers(POOLS).build();
  }

  private static ResponseMapper tooLarge(String condition, String limit) {
    return mapper(
        "!" + IS_GRPC + " && " + CAUSE + " == 'request_payload_too_large' && " + condition,
        OpenAiError.tooLarge(limit));
  }

  private static String routeMetadata() {
    return "xds.route_metadata.filter_metadata['" + XdsNames.METADATA + "']";
  }

  /** A regular expression in a CEL string literal. */
  private static String inString(String regex) {
    return regex.replace("\\", "\\\\");
  }

  private static ResponseMapper mapper(String condition, OpenAiError error) {
    ResponseMapper.Builder mapper =
        ResponseMapper.newBuilder().setFilter(AccessLogFilter.newBuilder());
    mapper
        .getFilterBuilder()
        .getExtensionFilterBuilder()
        .setName("cel")
        .setTypedConfig(
            Any.pack(ExpressionFilter.newBuilder().setExpression(condition).build()));
    mapper.getStatusCodeBuilder().setValue(error.status());
    mapper.getBodyFormatOverrideBuilder().setJsonFormat(Structs.of(error.json()));
    return mapper.build();
  }

  private static ResponseMapper retryAfter(int seconds, ResponseMapper mapper) {
    return mapper.toBuilder()
        .addHeadersToAdd(Protos.header("retry-after", Integer.toString(seconds)))
        .build();
  }
}
