package dev.pointsman.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.pointsman.config.LogFormat;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.ObjectRef;
import dev.pointsman.plan.ReadResults;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The parts of the log that programs read. */
class LoggingTest {
  /** The lines that are logged meanwhile. */
  private static List<JsonNode> logged(Class<?> by, Runnable action) {
    Logger logger = (Logger) LoggerFactory.getLogger(by);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Encoder<ILoggingEvent> encoder = Logging.encoder(LogFormat.JSON);
    encoder.setContext(logger.getLoggerContext());
    encoder.start();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(logger.getLoggerContext());
    appender.setEncoder(encoder);
    appender.setOutputStream(bytes);
    appender.start();
    logger.addAppender(appender);
    try {
      action.run();
    } finally {
      logger.detachAppender(appender);
      appender.stop();
    }
    return bytes
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(JsonMapper.shared()::readTree)
        .toList();
  }

  @Test
  void aTranslationsFiguresArePlainFields() {
    Diagnostic diagnostic = new Diagnostic(
        Reason.UnknownWeights, new ObjectRef("HTTPRoute", "ml", "llm"), "spec", "for a test");
    Instant before = Instant.now();
    List<JsonNode> lines = logged(
        TranslationLog.class,
        () -> new TranslationLog(new Metrics().hooks(), _ -> false, List::of)
            .log(
                PostTranslateModifyRequest.newBuilder()
                    .addListeners(
                        Listener.newBuilder().setName("ml/public/http").build().toByteString())
                    .build(),
                new TranslationResult(
                    PostTranslateModifyResponse.getDefaultInstance(),
                    List.of(diagnostic),
                    ReadResults.NONE,
                    new TranslationResult.Summary(4, 3, 2, 17),
                    Set.of()),
                Duration.ofMillis(12)));
    assertThat(lines).hasSize(2).allSatisfy(line -> {
      assertThat(line.properties()).allMatch(field -> field.getValue().isValueNode());
      OffsetDateTime timestamp = OffsetDateTime.parse(line.path("timestamp").asString());
      assertThat(timestamp.getOffset()).isEqualTo(ZoneOffset.UTC);
      assertThat(timestamp.toInstant()).isBetween(before.minusMillis(1), Instant.now());
      assertThat(line.path("logger").asString()).isEqualTo(TranslationLog.class.getName());
      assertThat(line.path("thread").asString()).isNotEmpty();
    });
    JsonNode translation = lines.getFirst();
    assertThat(translation.path("level").asString()).isEqualTo("INFO");
    assertThat(translation.path("message").asString())
        .startsWith("translated ml/public/http in 12.0 ms: rewrote 4 of 0 clusters");
    assertThat(translation.path("gateway").asString()).isEqualTo("ml/public/http");
    assertThat(translation.path("tookMs").asDouble()).isEqualTo(12.0);
    assertThat(translation.path("clusters").asInt()).isEqualTo(4);
    assertThat(translation.path("listeners").asInt()).isEqualTo(3);
    assertThat(translation.path("routeConfigurations").asInt()).isEqualTo(2);
    assertThat(translation.path("routes").asInt()).isEqualTo(17);
    assertThat(translation.path("diagnostics").asInt()).isOne();
    JsonNode line = lines.getLast();
    assertThat(line.path("level").asString()).isEqualTo("WARN");
    assertThat(line.path("reason").asString()).isEqualTo("UnknownWeights");
    assertThat(line.path("object").asString()).isEqualTo("HTTPRoute ml/llm");
  }

  @Test
  void anExceptionIsPartOfItsLine() {
    List<JsonNode> lines = logged(
        LoggingTest.class,
        () -> LoggerFactory.getLogger(LoggingTest.class)
            .warn("\"quoted\"\nand broken", new IllegalStateException("for a test")));
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().path("message").asString()).isEqualTo("\"quoted\"\nand broken");
    assertThat(lines.getFirst().path("stack_trace").asString())
        .startsWith("java.lang.IllegalStateException: for a test\n\tat ");
  }
}
