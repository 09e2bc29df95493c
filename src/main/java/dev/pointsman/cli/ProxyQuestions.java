package dev.pointsman.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.analyze.ProxyPod;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.ProxyConfiguration;
import dev.pointsman.kube.api.ApiAccess;
import dev.pointsman.kube.api.PodForward;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Questions to the admin ports of proxies, which listen on their pods' loopback only. */
final class ProxyQuestions {
  private static final int ADMIN = 19000;
  private static final int ATTEMPTS = 3; // a port-forward may end before its first byte
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Pattern COUNTER = Pattern.compile("(\\S+): ([1-9][0-9]*)");

  private ProxyQuestions() {}

  /** The explanation with the ways through the configurations that the proxies use. */
  static Explanation ask(ApiAccess access, List<ProxyPod> proxies, Explanation explanation)
      throws InterruptedException {
    List<ProxyConfiguration> configurations = new ArrayList<>();
    for (ProxyPod proxy : proxies) {
      ask(access, proxy, explanation, ATTEMPTS).ifPresent(configurations::add);
    }
    return explanation.with(configurations);
  }

  private static Optional<ProxyConfiguration> ask(
      ApiAccess access, ProxyPod proxy, Explanation explanation, int attempts)
      throws InterruptedException {
    try {
      return ask(access, proxy, explanation);
    } catch (IOException e) {
      return attempts > 1
          ? ask(access, proxy, explanation, attempts - 1)
          : Optional.of(unreachable(proxy, e));
    }
  }

  private static ProxyConfiguration unreachable(ProxyPod proxy, IOException e) {
    return ProxyConfiguration.unknown(
        name(proxy),
        "its port " + ADMIN + " does not respond (" + ServerQuestion.reason(e)
            + "): the right to create pods/portforward in its namespace is needed");
  }

  private static String name(ProxyPod proxy) {
    return proxy.namespace() + "/" + proxy.name();
  }

  private static Optional<ProxyConfiguration> ask(
      ApiAccess access, ProxyPod proxy, Explanation explanation)
      throws IOException, InterruptedException {
    try (PodForward forward = PodForward.open(access, proxy.namespace(), proxy.name(), ADMIN);
        HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build()) {
      ConfigDump dump = ConfigDump.of(get(client, forward.port(), "/config_dump?include_eds"));
      boolean serves = dump.xds().listeners().stream()
          .anyMatch(listener -> listener.getName().equals(explanation.listener()));
      if (proxy.isShared() && !serves) {
        return Optional.empty(); // the proxy of another GatewayClass
      }
      String counters = get(client, forward.port(), "/stats?usedonly&filter=update_rejected");
      return Optional.of(ProxyConfiguration.of(name(proxy), explanation, dump, rejected(counters)));
    } catch (InvalidProtocolBufferException unreadable) {
      return Optional.of(ProxyConfiguration.unknown(
          name(proxy), "its configuration cannot be read: " + unreadable.getMessage()));
    }
  }

  private static List<String> rejected(String counters) {
    return COUNTER.matcher(counters).results().map(ProxyQuestions::rejected).toList();
  }

  private static String rejected(MatchResult counter) {
    return "since its start it has rejected " + counter.group(2) + " updates (" + counter.group(1)
        + "): Envoy Gateway's log has the reasons";
  }

  private static String get(HttpClient client, int port, String path)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(TIMEOUT)
        .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
    return response.body();
  }
}
