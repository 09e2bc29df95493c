package dev.pointsman.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.rig.RawResponse;
import dev.pointsman.rig.RealEnvoy;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Envoy with a case's configuration. All backends are one server that responds 200, and no picker responds. */
final class ExplainedEnvoy implements AutoCloseable {
  private static final String NUMBER = "x-question";

  private final Path log;
  /** The gateway's listeners, without TLS. */
  final List<String> listeners = new ArrayList<>();

  private final RealEnvoy envoy;
  private final Map<String, Integer> ports = new HashMap<>();
  private final Map<Integer, String> answers = new HashMap<>();

  ExplainedEnvoy(String version, GoldenCase golden, Path log, int backendPort) throws IOException {
    this.log = log;
    Bootstrap.Builder bootstrap = Bootstrap.parseFrom(golden.bootstrap()).toBuilder();
    String sockets = "/dev/shm/pointsman-explain-" + ProcessHandle.current().pid() + "-";
    for (Cluster.Builder cluster : bootstrap.getStaticResourcesBuilder().getClustersBuilderList()) {
      change(cluster, backendPort, sockets);
    }
    for (Listener.Builder listener :
        bootstrap.getStaticResourcesBuilder().getListenersBuilderList()) {
      if (listener.getAddress().hasPipe()) {
        move(listener.getAddressBuilder(), sockets);
      } else if (!isSecure(listener)) {
        log(listener);
      }
    }
    envoy = RealEnvoy.start(version, bootstrap.build().toByteArray());
  }

  private static boolean isSecure(Listener.Builder listener) {
    return listener.getFilterChainsList().stream().anyMatch(FilterChain::hasTransportSocket);
  }

  private static void move(Address.Builder address, String sockets) {
    String path = address.getPipe().getPath();
    address.getPipeBuilder().setPath(path.replace("/dev/shm/pointsman-", sockets));
  }

  private static void change(Cluster.Builder cluster, int backendPort, String sockets) {
    boolean isLoop = cluster.getLoadAssignment().getEndpointsList().stream()
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .anyMatch(host -> host.getEndpoint().getAddress().hasPipe());
    if (isLoop) {
      move(
          cluster
              .getLoadAssignmentBuilder()
              .getEndpointsBuilder(0)
              .getLbEndpointsBuilder(0)
              .getEndpointBuilder()
              .getAddressBuilder(),
          sockets);
      return;
    }
    if (cluster.getName().equals("pointsman/answers")) {
      return;
    }
    ClusterLoadAssignment.Builder endpoints =
        ClusterLoadAssignment.newBuilder().setClusterName(cluster.getName());
    if (!isPicker(cluster.getName())) {
      endpoints
          .addEndpointsBuilder()
          .addLbEndpointsBuilder()
          .getEndpointBuilder()
          .getAddressBuilder()
          .getSocketAddressBuilder()
          .setAddress("127.0.0.1")
          .setPortValue(backendPort);
      cluster.clearTypedExtensionProtocolOptions(); // one protocol for all
    }
    cluster
        .setType(Cluster.DiscoveryType.STATIC)
        .clearDnsLookupFamily()
        .clearTransportSocket()
        .clearTransportSocketMatches()
        .clearHealthChecks()
        .clearOutlierDetection()
        .clearCircuitBreakers()
        .setLoadAssignment(endpoints);
  }

  /** Whether a picker is reached by the cluster. */
  static boolean isPicker(String cluster) {
    return cluster.startsWith("pointsman/picker/");
  }

  private void log(Listener.Builder listener) throws InvalidProtocolBufferException {
    listener
        .getAddressBuilder()
        .getSocketAddressBuilder()
        .setAddress("127.0.0.1")
        .setPortValue(0);
    List<FilterChain.Builder> chains = new ArrayList<>(listener.getFilterChainsBuilderList());
    if (listener.hasDefaultFilterChain()) {
      chains.add(listener.getDefaultFilterChainBuilder());
    }
    for (FilterChain.Builder chain : chains) {
      for (Filter.Builder filter : chain.getFiltersBuilderList()) {
        HttpConnectionManager manager = filter.getTypedConfig().unpack(HttpConnectionManager.class);
        FileAccessLog.Builder file = FileAccessLog.newBuilder().setPath(log.toString());
        file.getLogFormatBuilder()
            .getTextFormatSourceBuilder()
            .setInlineString(
                "%REQ(" + NUMBER + ")% %ROUTE_NAME% %UPSTREAM_CLUSTER_RAW% %RESPONSE_CODE%"
                    + " %RESPONSE_CODE_DETAILS%\n");
        AccessLog.Builder accessLog = AccessLog.newBuilder()
            .setName("envoy.access_loggers.file")
            .setTypedConfig(Any.pack(file.build()));
        if (manager.getRouteConfig().getName().equals("ready_route")) {
          continue;
        }
        listeners.add(listener.getName());
        filter.setTypedConfig(Any.pack(
            manager.toBuilder().clearAccessLog().addAccessLog(accessLog).build()));
      }
    }
  }

  /** Sends a request on a connection of its own; the response is kept until {@link #logged}. */
  void send(int number, AskedRequest request) throws IOException {
    StringBuilder head = new StringBuilder(request.method() + " " + request.path()
        + " HTTP/1.1\r\nhost: " + request.host() + "\r\nconnection: close\r\n" + NUMBER + ": "
        + number + "\r\n");
    request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    byte[] body = DrawnQuestions.bytes(request.body());
    if (request.body().chunked()) {
      head.append("transfer-encoding: chunked\r\n");
    } else if (request.body().text().isPresent()) {
      head.append("content-length: " + body.length + "\r\n");
    }
    try (Socket socket =
        new Socket("127.0.0.1", ports.computeIfAbsent(request.listener(), envoy::listenerPort))) {
      socket.setSoTimeout(20_000);
      OutputStream out = socket.getOutputStream();
      try {
        out.write((head + "\r\n").getBytes(UTF_8));
        if (request.body().chunked()) {
          if (body.length > 0) {
            out.write((Integer.toHexString(body.length) + "\r\n").getBytes(UTF_8));
            out.write(body);
            out.write("\r\n".getBytes(UTF_8));
          }
          out.write("0\r\n\r\n".getBytes(UTF_8));
        } else {
          out.write(body);
        }
        out.flush();
      } catch (IOException _) {
        // the gateway has responded before it has read everything
      }
      answers.put(number, RawResponse.read(socket));
    }
  }

  /**
   * A response with the line of the access log.
   *
   * @param route the chosen route, {@code -} without one
   * @param text the response with its head; empty if it was cut
   */
  record LoggedAnswer(String route, String cluster, int status, String details, String text) {}

  /** Ends Envoy, which writes its log then, and returns the answers by number. */
  Map<Integer, LoggedAnswer> logged() throws IOException, InterruptedException {
    envoy.process().destroy();
    if (!envoy.process().waitFor(20, TimeUnit.SECONDS)) {
      throw new IllegalStateException("Envoy does not end: " + envoy.log());
    }
    Map<Integer, LoggedAnswer> logged = new HashMap<>();
    // A request that is refused for its headers has no number in the log, and no route.
    answers.forEach((number, text) -> logged.put(
        number, new LoggedAnswer("-", "-", text.isEmpty() ? 0 : status(text), "refused", text)));
    for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
      String[] words = line.split(" ", 5);
      if (!words[0].equals("-")) {
        int number = Integer.parseInt(words[0]);
        logged.put(
            number,
            new LoggedAnswer(
                words[1],
                words[2],
                Integer.parseInt(words[3]),
                words[4],
                answers.getOrDefault(number, "")));
      }
    }
    return logged;
  }

  private static int status(String response) {
    return Integer.parseInt(response.split(" ", 3)[1]);
  }

  @Override
  public void close() {
    envoy.close();
  }
}
