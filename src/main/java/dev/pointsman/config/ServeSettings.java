package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import dev.pointsman.xds.EdsCluster;
import dev.pointsman.xds.LoopSecret;
import dev.pointsman.xds.XdsSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What {@code pointsman serve} was told.
 *
 * @param resources where objects come from: a folder ...
 * @param kubernetes ... or an API server
 * @param edsAdvertise where proxies reach endpoint discovery; empty: at edsAddress
 * @param tls empty: both gRPC ports speak plain HTTP/2
 * @param drainDelay how long, when told to stop, we go on although we are no longer ready
 */
public record ServeSettings(
    Optional<Path> resources,
    Optional<Kubernetes> kubernetes,
    HostPort grpcAddress,
    HostPort edsAddress,
    Optional<HostPort> edsAdvertise,
    HostPort adminAddress,
    ByteSize maxMessageSize,
    ByteSize bodyLimit,
    LogFormat logFormat,
    Optional<Record> record,
    Optional<TlsSettings> tls,
    Duration drainDelay) {
  /**
   * Objects come from the Kubernetes API server.
   *
   * @param kubeconfig absent: the one that kubectl would use, or the ServiceAccount of the Pod
   * @param namespaces the only ones that are read; empty for all
   * @param status whether statuses and Events are written, and how
   */
  public record Kubernetes(
      Optional<Path> kubeconfig, List<String> namespaces, Optional<Status> status) {
    public Kubernetes {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * StatusController and Events are written.
   *
   * @param leaderElection whether other replicas may be there
   * @param leaseNamespace where the Lease is that says which of them writes
   * @param requestNamespace where an InferencePolicy comes and goes so that Envoy Gateway translates again; empty: it is
   *     not asked to
   */
  public record Status(
      boolean leaderElection, String leaseNamespace, Optional<String> requestNamespace) {}

  /**
   * Hook requests are written into a folder.
   *
   * @param limit how many of them at most
   */
  public record Record(Path folder, int limit) {}

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** gRPC cannot take a longer message: it counts in an int. */
  private static final ByteSize LARGEST_MESSAGE = ByteSize.mebibytes(1024);

  /** Envoy counts its buffers in 32 bits. */
  private static final ByteSize LARGEST_BODY = ByteSize.mebibytes(2048);

  /**
   * Checks everything at once.
   *
   * @throws BadInput with all problems
   */
  public ServeSettings checked() {
    List<String> problems = new ArrayList<>();
    checkSource(problems);
    if (kubernetes.isPresent() && edsAdvertise.isEmpty() && edsAddress.isAnyAddress()) {
      problems.add(
          "--eds-advertise HOST:PORT is missing: the proxies are told where to connect, and "
              + edsAddress + " is no place to connect to");
    }
    edsAdvertise
        .filter(address -> !address.isReachable())
        .ifPresent(address -> problems.add("--eds-advertise " + address
            + " is no place that proxies can connect to: name an IP address or a DNS name"));
    checkPorts(problems);
    refusedMessageSize(maxMessageSize).ifPresent(problems::add);
    if (bodyLimit.bytes() > LARGEST_BODY.bytes()) {
      problems.add("--body-limit " + bodyLimit + " is above " + LARGEST_BODY);
    }
    if (record.filter(wanted -> wanted.limit() < 1).isPresent()) {
      problems.add("--record-limit is below 1");
    }
    if (drainDelay.isNegative()) {
      problems.add("--drain-delay is negative");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return this;
  }

  /** The reason why no message can be so large; empty where it can. */
  public static Optional<String> refusedMessageSize(ByteSize size) {
    return size.bytes() > LARGEST_MESSAGE.bytes()
        ? Optional.of("--max-message-size " + size + " is above " + LARGEST_MESSAGE)
        : Optional.empty();
  }

  private void checkPorts(List<String> problems) {
    Map<String, HostPort> ports = new LinkedHashMap<>();
    ports.put("--grpc-address", grpcAddress);
    ports.put("--eds-address", edsAddress);
    ports.put("--admin-address", adminAddress);
    Map<String, HostPort> seen = new LinkedHashMap<>();
    ports.forEach((option, address) -> {
      seen.forEach((other, taken) -> {
        if (address.overlaps(taken)) {
          problems.add(other + " " + taken + " and " + option + " " + address
              + " are one port: give each a port of its own");
        }
      });
      seen.put(option, address);
    });
  }

  private void checkSource(List<String> problems) {
    if (resources.isPresent() == kubernetes.isPresent()) {
      problems.add((resources.isPresent()
              ? "--resources and --kubernetes are both there"
              : "--kubernetes or --resources DIR is missing")
          + ": objects come from the API server or from a folder of manifests");
    }
    if (resources.isPresent() && !Files.isDirectory(resources.get())) {
      problems.add("--resources " + resources.get() + ": "
          + (Files.exists(resources.get()) ? "is not a folder" : "there is no such folder"));
    }
    kubernetes
        .flatMap(Kubernetes::status)
        .map(Status::leaseNamespace)
        .filter(namespace -> !NAMESPACE.matcher(namespace).matches())
        .ifPresent(namespace -> problems.add(
            "--leader-election-namespace \"" + namespace + "\" is not the name of a namespace"));
    kubernetes
        .flatMap(Kubernetes::status)
        .flatMap(Status::requestNamespace)
        .filter(namespace -> !NAMESPACE.matcher(namespace).matches())
        .ifPresent(namespace -> problems.add("--request-translation-namespace \"" + namespace
            + "\" is not the name of a namespace"));
    for (String namespace : kubernetes.map(Kubernetes::namespaces).orElse(List.of())) {
      if (!NAMESPACE.matcher(namespace).matches()) {
        problems.add("--namespace \"" + namespace + "\" is not the name of a namespace");
      }
    }
  }

  /**
   * How proxies reach endpoint discovery.
   *
   * @param port where it listens: it matters where any free port was asked for
   * @param edsTls empty: in plain text
   */
  public EdsCluster edsCluster(int port, Optional<EdsCluster.Tls> edsTls) {
    HostPort told = edsAdvertise.orElseGet(() -> reachable(edsAddress.withPort(port)));
    return new EdsCluster(told.host(), told.isAddress(), told.port(), edsTls);
  }

  /** What the emitted xDS depends on. */
  public XdsSettings xds(EdsCluster eds, LoopSecret loopSecret) {
    return new XdsSettings(eds, bodyLimit.bytes(), loopSecret, maxMessageSize.bytes());
  }

  private static HostPort reachable(HostPort address) {
    return address.isAnyAddress() ? new HostPort("127.0.0.1", address.port()) : address;
  }
}
