package dev.pointsman.config;

import dev.pointsman.model.ByteSize;
import dev.pointsman.model.UserStrings;
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
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The settings of {@code pointsman serve}.
 *
 * @param resources the source of objects: a folder ...
 * @param kubernetes ... or an API server
 * @param edsAdvertise the address of endpoint discovery for proxies; empty: edsAddress
 * @param tls empty: both gRPC ports speak plain HTTP/2
 * @param pageHosts the names by which clients of other hosts may ask for the page; empty: none may
 * @param shadow the address for the calls after another Pointsman, which this one is compared with; empty: it answers itself
 * @param selfCheck the shortest time between two checks of a Gateway's translations; zero: none is checked
 * @param drainDelay the time of serving between the stop signal, which ends readiness, and the drain
 */
public record ServeSettings(
    Optional<Path> resources,
    Optional<Kubernetes> kubernetes,
    HostPort grpcAddress,
    HostPort edsAddress,
    Optional<HostPort> edsAdvertise,
    HostPort adminAddress,
    Set<String> pageHosts,
    ByteSize maxMessageSize,
    ByteSize bodyLimit,
    LogFormat logFormat,
    Optional<Record> record,
    Optional<TlsSettings> tls,
    Optional<HostPort> shadow,
    Duration selfCheck,
    Duration drainDelay) {
  /**
   * The Kubernetes API server as the source of objects.
   *
   * @param kubeconfig empty: kubectl's default, or the ServiceAccount of the Pod
   * @param namespaces the watched namespaces; empty for all
   * @param classPolicies the namespace whose InferencePolicies may target a GatewayClass
   * @param status the settings of status writing; empty: none is written
   */
  public record Kubernetes(
      Optional<Path> kubeconfig,
      List<String> namespaces,
      String classPolicies,
      Optional<Status> status) {
    public Kubernetes {
      namespaces = List.copyOf(namespaces);
    }
  }

  /**
   * The settings of writing statuses and Events.
   *
   * @param leaderElection whether there may be other replicas
   * @param leaseNamespace the namespace of the Lease that selects the writing replica
   * @param requestNamespace the namespace of the temporary InferencePolicy that requests a new translation; empty: no
   *     request
   */
  public record Status(
      boolean leaderElection, String leaseNamespace, Optional<String> requestNamespace) {}

  /**
   * The settings of recording hook requests into a folder.
   *
   * @param limit the maximum number of requests
   * @param secrets whether API keys and other credentials stay in the requests
   */
  public record Record(Path folder, int limit, boolean secrets) {}

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** The limit of gRPC, which counts message sizes in an int. */
  private static final ByteSize LARGEST_MESSAGE = ByteSize.mebibytes(1024);

  /** The limit of Envoy, which counts buffer sizes in 32 bits. */
  private static final ByteSize LARGEST_BODY = ByteSize.mebibytes(2048);

  /**
   * Checks all settings.
   *
   * @throws BadInput with all problems
   */
  public ServeSettings checked() {
    List<String> problems = new ArrayList<>();
    checkSource(problems);
    if (kubernetes.isPresent() && edsAdvertise.isEmpty() && edsAddress.isAnyAddress()) {
      problems.add(
          "--eds-advertise HOST:PORT is missing: proxies need an address of endpoint discovery, and "
              + edsAddress + " is not one that they can connect to");
    }
    edsAdvertise
        .filter(address -> !address.isReachable())
        .ifPresent(address -> problems.add("--eds-advertise " + address
            + " is not an address that proxies can connect to: name an IP address or a DNS name"));
    checkPorts(problems);
    checkPageHosts(problems);
    refusedMessageSize(maxMessageSize).ifPresent(problems::add);
    if (bodyLimit.bytes() > LARGEST_BODY.bytes()) {
      problems.add("--body-limit " + bodyLimit + " is above " + LARGEST_BODY);
    }
    if (record.filter(wanted -> wanted.limit() < 1).isPresent()) {
      problems.add("--record-limit is below 1");
    }
    if (shadow.isPresent() && kubernetes.flatMap(Kubernetes::status).isPresent()) {
      problems.add(
          "--shadow writes no statuses, which are the other Pointsman's: add --status=false");
    }
    if (selfCheck.isNegative()) {
      problems.add("--self-check is negative");
    }
    if (drainDelay.isNegative()) {
      problems.add("--drain-delay is negative");
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return this;
  }

  /**
   * Checks the size of messages, for commands that have no other settings.
   *
   * @throws BadInput when it is not supported
   */
  public static void checkMessageSize(ByteSize size) {
    refusedMessageSize(size).ifPresent(problem -> {
      throw new BadInput(problem);
    });
  }

  private void checkPageHosts(List<String> problems) {
    for (String host : pageHosts) {
      UserStrings.refusedHostname(host)
          .ifPresent(why -> problems.add("--page-host " + why + " or an IPv4 address"));
    }
  }

  private static Optional<String> refusedMessageSize(ByteSize size) {
    return size.bytes() > LARGEST_MESSAGE.bytes()
        ? Optional.of("--max-message-size " + size + " is above " + LARGEST_MESSAGE)
        : Optional.empty();
  }

  private void checkPorts(List<String> problems) {
    Map<String, HostPort> ports = new LinkedHashMap<>();
    ports.put("--grpc-address", grpcAddress);
    ports.put("--eds-address", edsAddress);
    ports.put("--admin-address", adminAddress);
    shadow.ifPresent(address -> ports.put("--shadow-address", address));
    Map<String, HostPort> seen = new LinkedHashMap<>();
    ports.forEach((option, address) -> {
      seen.forEach((other, taken) -> {
        if (address.overlaps(taken)) {
          problems.add(other + " " + taken + " and " + option + " " + address
              + " are the same port: give each a different port");
        }
      });
      seen.put(option, address);
    });
  }

  private void checkSource(List<String> problems) {
    if (resources.isPresent() == kubernetes.isPresent()) {
      problems.add((resources.isPresent()
              ? "--resources and --kubernetes are both given"
              : "--kubernetes or --resources DIR is missing")
          + ": objects are read from the API server or from a folder of manifests");
    }
    if (resources.isPresent() && !Files.isDirectory(resources.get())) {
      problems.add("--resources " + resources.get() + ": "
          + (Files.exists(resources.get()) ? "is not a folder" : "there is no such folder"));
    }
    kubernetes
        .map(Kubernetes::classPolicies)
        .filter(namespace -> !NAMESPACE.matcher(namespace).matches())
        .ifPresent(namespace ->
            problems.add("--class-policies \"" + namespace + "\" is not the name of a namespace"));
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
   * The cluster of endpoint discovery for proxies.
   *
   * @param port the port that it listens on, which differs from the setting if that is 0
   * @param edsTls empty: plain text
   */
  public EdsCluster edsCluster(int port, Optional<EdsCluster.EdsTls> edsTls) {
    HostPort advertised = edsAdvertise.orElseGet(() -> reachable(edsAddress.withPort(port)));
    return new EdsCluster(advertised.host(), advertised.isAddress(), advertised.port(), edsTls);
  }

  /** The settings that the emitted xDS depends on. */
  public XdsSettings xds(EdsCluster eds, LoopSecret loopSecret) {
    return new XdsSettings(
        eds,
        bodyLimit.bytes(),
        loopSecret,
        maxMessageSize.bytes(),
        kubernetes.map(Kubernetes::classPolicies).orElse(XdsSettings.ENVOY_GATEWAY));
  }

  private static HostPort reachable(HostPort address) {
    return address.isAnyAddress() ? new HostPort("127.0.0.1", address.port()) : address;
  }
}
