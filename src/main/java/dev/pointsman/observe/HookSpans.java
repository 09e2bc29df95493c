package dev.pointsman.observe;

import dev.pointsman.config.BadInput;
import dev.pointsman.observe.HookMetrics.Hook;
import dev.pointsman.observe.HookMetrics.HookCall;
import dev.pointsman.observe.HookMetrics.Outcome;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * Spans of Envoy Gateway's calls, by OpenTelemetry's SDK and its usual variables. A translation calls the hooks of routes
 * and endpoints thousands of times, so those have a span only if they are slow or fail.
 */
public final class HookSpans implements AutoCloseable {
  /** The variable that switches spans on. */
  public static final String VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";

  /** The defaults of the SDK's settings, which its variables override. */
  private static final Map<String, String> DEFAULTS = Map.of(
      "otel.service.name", "pointsman",
      "otel.exporter.otlp.protocol", "http/protobuf",
      "otel.metrics.exporter", "none",
      "otel.logs.exporter", "none");

  private static final Duration SLOW = Duration.ofMillis(10);

  private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("pointsman.outcome");
  private static final AttributeKey<Long> REQUEST_BYTES =
      AttributeKey.longKey("pointsman.request_bytes");

  private final OpenTelemetrySdk sdk;
  private final Tracer tracer;

  private HookSpans(OpenTelemetrySdk sdk) {
    this.sdk = sdk;
    tracer = sdk.getTracer("pointsman");
  }

  /**
   * Spans as the process's variables say.
   *
   * @throws BadInput if a variable cannot be used
   */
  public static HookSpans start() {
    try {
      return new HookSpans(AutoConfiguredOpenTelemetrySdk.builder()
          .addPropertiesSupplier(() -> DEFAULTS)
          .disableShutdownHook()
          .build()
          .getOpenTelemetrySdk());
    } catch (RuntimeException e) {
      throw new BadInput(
          "the variables OTEL_* cannot be used (the only value of OTEL_EXPORTER_OTLP_PROTOCOL is "
              + "http/protobuf): " + e.getMessage());
    }
  }

  void accept(HookCall call) {
    if (call.hook() != Hook.TRANSLATION
        && call.outcome() == Outcome.OK
        && call.took().compareTo(SLOW) < 0) {
      return;
    }
    Instant end = Instant.now();
    Span span = tracer
        .spanBuilder("EnvoyGatewayExtension/" + LabelledMeters.camelCase(call.hook()))
        .setSpanKind(SpanKind.SERVER)
        .setStartTimestamp(end.minus(call.took()))
        .setAttribute(OUTCOME, LabelledMeters.snakeCase(call.outcome()))
        .setAttribute(REQUEST_BYTES, (long) call.requestBytes())
        .startSpan();
    if (call.outcome() != Outcome.OK) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(end);
  }

  /** Sends the spans that are left. */
  @Override
  public void close() {
    sdk.close();
  }
}
