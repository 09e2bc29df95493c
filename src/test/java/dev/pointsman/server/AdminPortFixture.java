package dev.pointsman.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;

/** A server whose admin port is asked. */
abstract class AdminPortFixture {
  static final Duration SOON = Duration.ofSeconds(60);

  /** A line of the text format: a series and its value. */
  static final Pattern SAMPLE = Pattern.compile(
      "(?<series>[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\n]|\\\\[\"\\\\n])*\",?)*})?)"
          + " (?<value>[-+0-9.eE]+|NaN|[+-]Inf)");

  static final Pattern COMMENT =
      Pattern.compile("# (HELP [a-zA-Z_:][a-zA-Z0-9_:]* .*|TYPE [a-zA-Z_:][a-zA-Z0-9_:]*"
          + " (counter|gauge|histogram|summary|untyped))");

  @TempDir
  Path resources;

  static HttpResponse<String> http(int port, String path, String accept) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Accept", accept)
              .build(),
          BodyHandlers.ofString());
    }
  }

  static Map<String, Double> scrape(PointsmanServer server) throws Exception {
    HttpResponse<String> answer = http(server.ports().admin(), "/metrics", "*/*");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/plain; version=0.0.4");
    Map<String, Double> values = new HashMap<>();
    for (String line : answer.body().lines().toList()) {
      if (line.startsWith("#")) {
        assertThat(line).matches(COMMENT);
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      assertThat(values.put(
              sample.group("series"),
              Double.valueOf(sample.group("value").replace("Inf", "Infinity"))))
          .as("twice: " + line)
          .isNull();
    }
    return values;
  }
}
