package dev.pointsman.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import dev.pointsman.config.BadInput;
import dev.pointsman.config.HostPort;
import dev.pointsman.observe.HookMetrics.Hook;
import dev.pointsman.observe.HookMetrics.Outcome;
import dev.pointsman.rig.SpanCollector;
import dev.pointsman.rig.SpanCollector.Span;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The SDK takes system properties for variables. */
class HookSpansTest {
  private static final String ENDPOINT = "otel.exporter.otlp.endpoint";
  private static final String PROTOCOL = "otel.exporter.otlp.protocol";
  private static final Duration FAST = Duration.ofMillis(1);
  private static final Duration SLOW = Duration.ofMillis(50);

  @AfterEach
  void clear() {
    System.clearProperty(ENDPOINT);
    System.clearProperty(PROTOCOL);
  }

  @Test
  void translationsAndSlowOrFailedCallsHaveSpans() throws Exception {
    try (SpanCollector collector = SpanCollector.http(new HostPort("127.0.0.1", 0))) {
      System.setProperty(ENDPOINT, "http://127.0.0.1:" + collector.port());
      HookMetrics metrics = new Metrics().hooks();
      try (HookSpans spans = HookSpans.start()) {
        metrics.traced(spans);
        metrics.called(Hook.ROUTE, Outcome.OK, FAST, 1);
        metrics.called(Hook.ENDPOINTS, Outcome.OK, SLOW, 2);
        metrics.called(Hook.ROUTE, Outcome.PASSED_THROUGH, FAST, 3);
        metrics.called(Hook.TRANSLATION, Outcome.OK, FAST, 4);
      }
      assertThat(collector.spans())
          .extracting(
              Span::name,
              span -> span.tag("pointsman.outcome"),
              span -> span.tag("pointsman.request_bytes"))
          .containsExactly(
              tuple("EnvoyGatewayExtension/Endpoints", "ok", "2"),
              tuple("EnvoyGatewayExtension/Route", "passed_through", "3"),
              tuple("EnvoyGatewayExtension/Translation", "ok", "4"));
    }
  }

  @Test
  void aProtocolWithoutASenderIsAProblemOfTheVariable() {
    System.setProperty(ENDPOINT, "http://127.0.0.1:1");
    System.setProperty(PROTOCOL, "grpc");
    assertThatThrownBy(HookSpans::start)
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL");
  }
}
