package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ExplainableGateway;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.golden.ExplainedEnvoy.LoggedAnswer;
import dev.pointsman.rig.RealEnvoy;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The limit of a whole stream, of a route and of a ClientTrafficPolicy's listener, also behind a loop. */
class StreamLimitEnvoyTest {
  private static final String WORDS = "a request and its response together may take ";
  private static final String DIRECT = "model-routes-two-pools";
  private static final String STAGED = "policy-fallback";

  @TempDir
  private Path folder;

  private static AskedRequest request(String listener, AskedBody body) {
    return new AskedRequest(
        listener,
        "localhost",
        "POST",
        "/v1/chat/completions",
        new TreeMap<>(Map.of("content-type", "application/json")),
        body);
  }

  private static AskedBody qwen() {
    return AskedBody.of("{\"model\":\"qwen\"}");
  }

  /** The listener of clients with this limit; a loop has none. */
  private static Listener limited(Listener listener, String seconds) {
    return seconds.isEmpty() || listener.getAddress().hasPipe()
        ? listener
        : Managers.edited(listener, manager -> {
          var changed = manager.toBuilder();
          changed
              .getCommonHttpProtocolOptionsBuilder()
              .getMaxStreamDurationBuilder()
              .setSeconds(Long.parseLong(seconds));
          return changed.build();
        });
  }

  /** @param stream the limit of all routes, those in front of the loops and in them */
  private static GatewayXds limited(String recording, String stream, String ofListener)
      throws Exception {
    GatewayXds xds = ExplainableTranslations.of(
            List.of(GoldenCase.named(recording).answer()))
        .getFirst()
        .xds();
    Map<String, RouteConfiguration> tables = new HashMap<>();
    for (RouteConfiguration table : xds.routes().values()) {
      RouteConfiguration.Builder changed = table.toBuilder();
      for (Route.Builder route : changed.getVirtualHostsBuilder(0).getRoutesBuilderList()) {
        if (route.hasRoute() && !stream.isEmpty()) {
          JsonFormat.parser()
              .merge(
                  "{\"maxStreamDuration\":\"" + stream + "\"}",
                  route.getRouteBuilder().getMaxStreamDurationBuilder());
        }
      }
      tables.put(table.getName(), changed.build());
    }
    List<Listener> listeners = new ArrayList<>();
    for (Listener listener : xds.listeners()) {
      listeners.add(limited(listener, ofListener));
    }
    return new GatewayXds(listeners, tables, xds.clusters());
  }

  private static String limit(RequestEnd end) {
    List<String> limits = end instanceof Staged staged
        ? staged.stages().stream()
            .flatMap(stage -> stage instanceof Forwarded one ? one.limits().stream() : null)
            .toList()
        : ((Forwarded) end).limits();
    return String.join(
        ", ",
        limits.stream()
            .filter(one -> one.startsWith(WORDS))
            .map(one -> one.substring(WORDS.length()))
            .distinct()
            .toList());
  }

  private static String limit(String recording, AskedBody body, String stream, String ofListener)
      throws Exception {
    GatewayXds xds = limited(recording, stream, ofListener);
    return limit(new Explainer(xds, _ -> Optional.empty(), List.of())
        .explain(request("", body))
        .end());
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', ''",
    "300s, '', 300s",
    "'', 600, 600s",
    "300s, 600, 300s",
    "900s, 600, 900s",
    "0s, 600, ''"
  })
  void theRouteIsBeforeTheListener(String stream, String ofListener, String limit)
      throws Exception {
    assertThat(limit(DIRECT, qwen(), stream, ofListener)).isEqualTo(limit);
    assertThat(limit(DIRECT, qwen().ofBytes(5 << 20), stream, ofListener))
        .as("a large body")
        .isEqualTo(limit);
    assertThat(limit(STAGED, qwen(), stream, ofListener)).as("fallback").isEqualTo(limit);
    GatewayOverview overview = GatewayOverview.of(
        new ExplainableGateway(
            Set.of(), limited(STAGED, stream, ofListener), List.of(), Optional.empty()),
        _ -> Optional.empty(),
        100);
    assertThat(limit(overview
            .listeners()
            .getFirst()
            .hosts()
            .getFirst()
            .rules()
            .getFirst()
            .end()))
        .as("overview")
        .isEqualTo(limit);
  }

  @Test
  @Tag("envoy")
  void envoyEndsAStreamInALoopByTheLimitOfTheClientsListener() throws Exception {
    // Its first stage is a Backend without a picker, which takes the request and does not respond.
    for (RecordedRequest recorded :
        GoldenCase.named("policy-fallback-of-backend").requests()) {
      ByteString bytes = recorded.bytes();
      if (recorded.isTranslation()) {
        PostTranslateModifyRequest.Builder edited =
            recorded.as(PostTranslateModifyRequest.parser()).toBuilder();
        for (int i = 0; i < edited.getListenersCount(); i++) {
          Listener listener = Listener.parseFrom(edited.getListeners(i));
          edited.setListeners(i, limited(listener, "2").toByteString());
        }
        bytes = edited.build().toByteString();
      }
      Files.write(folder.resolve(recorded.file()), bytes.toByteArray());
    }
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ExplainedEnvoy envoy = new ExplainedEnvoy(
            RealEnvoy.VERSIONS.getFirst(),
            new GoldenCase(folder),
            folder.resolve("envoy.log"),
            silent.getLocalPort())) {
      envoy.send(0, request(envoy.listeners.getFirst(), qwen()));
      LoggedAnswer answer = requireNonNull(envoy.logged().get(0));
      assertThat(answer.route()).startsWith("httproute/default/hosted/");
      assertThat(answer.details()).isEqualTo("max_duration_timeout");
      assertThat(answer.status()).isEqualTo(504);
    }
  }
}
