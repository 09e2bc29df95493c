package dev.pointsman.e2e.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.e2e.Client;
import dev.pointsman.e2e.Client.Answer;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Changes of routes at short intervals, and clients that see them: each change gives the main route another number,
 * which comes back in a header of every answer, and every fifth adds a route of its own.
 */
final class ChangeStream implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofMillis(10);
  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final int CLIENTS = 2;
  private static final int ROUTE_EVERY = 5;

  private final Cluster cluster;
  private final String namespace;
  private final Gateway gateway;
  private final NavigableMap<Integer, Long> made = new ConcurrentSkipListMap<>();
  private final NavigableMap<Integer, Long> seen = new ConcurrentSkipListMap<>();
  private final Queue<String> own = new ConcurrentLinkedQueue<>();
  private final Queue<String> served = new ConcurrentLinkedQueue<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Thread writer;
  private final List<Thread> clients;
  private volatile boolean writing = true;
  private volatile boolean asking = true;

  private ChangeStream(Cluster cluster, String namespace, Gateway gateway) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.gateway = gateway;
    writer = Thread.ofPlatform().name("changes").unstarted(this::write);
    clients = IntStream.range(0, CLIENTS)
        .mapToObj(i -> Thread.ofPlatform().name("client-" + i).unstarted(this::ask))
        .toList();
  }

  /** Begins once the first change is seen and both pools and their pickers answer: new clusters take a moment to warm. */
  static ChangeStream start(Cluster cluster, String namespace, Gateway gateway) {
    ChangeStream stream = new ChangeStream(cluster, namespace, gateway);
    stream.change(0);
    await("the main route to answer steadily")
        .atMost(ARRIVAL)
        .untilAsserted(() -> assertThat(IntStream.range(0, 40).mapToObj(_ -> stream.get("main")))
            .extracting(Answer::status)
            .containsOnly(200));
    stream.clients.forEach(Thread::start);
    stream.writer.start();
    return stream;
  }

  /**
   * The times from changes until a client saw them or a later one.
   *
   * @param count the number of changes
   */
  record Delays(int count, Duration longest) {}

  /** The delays of the changes that were seen after this time of {@link System#nanoTime}. */
  Delays delaysSince(long start) {
    List<Long> delays = made.entrySet().stream()
        .flatMap(change -> Stream.ofNullable(seen.ceilingEntry(change.getKey()))
            .map(Map.Entry::getValue)
            .filter(time -> time >= start)
            .map(time -> time - change.getValue()))
        .toList();
    return new Delays(
        delays.size(),
        Duration.ofNanos(delays.stream().mapToLong(Long::longValue).max().orElse(0)));
  }

  /** The number of changes. */
  int size() {
    return made.size();
  }

  /** The requests that were not answered well. */
  Collection<String> failures() {
    return failures;
  }

  /** The number of requests with the right answer. */
  int served() {
    return served.size();
  }

  /** The share of the requests that pods of this name answered. */
  double share(String podPrefix) {
    return served.stream().filter(pod -> pod.startsWith(podPrefix)).count()
        / (double) served.size();
  }

  /** Makes no more changes, and waits until all of them are seen. */
  void finish() throws InterruptedException {
    writing = false;
    writer.join();
    int last = made.lastKey();
    await("change " + last + " to be seen")
        .atMost(ARRIVAL)
        .untilAsserted(() -> assertThat(seen)
            .anySatisfy((number, _) -> assertThat(number).isGreaterThanOrEqualTo(last)));
    for (String route : own) {
      await("the route " + route).atMost(ARRIVAL).until(() -> number(get(route)).equals(route));
    }
  }

  private void write() {
    for (int number = 1; writing; number++) {
      long begun = System.nanoTime();
      try {
        change(number);
      } catch (KubernetesClientException e) {
        System.out.println("change " + number + " was not taken: " + e); // the next one will be
      }
      // Late changes are not made up for: a burst of changes is another measurement.
      pause(Duration.ofNanos(Math.max(0, begun + INTERVAL.toNanos() - System.nanoTime())));
    }
  }

  private void change(int number) {
    cluster
        .api()
        .resource(route("main", String.valueOf(number), 90, 10))
        .inNamespace(namespace)
        .forceConflicts()
        .serverSideApply();
    made.put(number, System.nanoTime());
    if (number > 0 && number % ROUTE_EVERY == 0) {
      String name = "own-" + number;
      cluster
          .api()
          .resource(route(name, name, 1, 0))
          .inNamespace(namespace)
          .forceConflicts()
          .serverSideApply();
      own.add(name);
    }
  }

  private static String route(String name, String number, int stable, int canary) {
    return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s}
        spec:
          parentRefs: [{name: inference-gateway}]
          rules:
          - matches: [{headers: [{name: x-route, value: %s}]}]
            filters:
            - {type: ResponseHeaderModifier, responseHeaderModifier: {set: [{name: x-change, value: "%s"}]}}
            backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: stable, weight: %d}
            - {group: inference.networking.k8s.io, kind: InferencePool, name: canary, weight: %d}
        """.formatted(name, name, number, stable, canary);
  }

  private void ask() {
    while (asking) {
      try {
        Answer answer = get("main");
        long time = System.nanoTime();
        if (answer.status() == 200) {
          seen.putIfAbsent(Integer.parseInt(number(answer)), time);
          served.add(answer.json().path("pod").asString(""));
        } else {
          failures.add(answer.status() + " " + answer.response().body());
        }
      } catch (RuntimeException e) {
        failures.add(e.toString());
      }
      pause(PAUSE);
    }
  }

  private Answer get(String route) {
    return gateway.send(Client.json(gateway.url(Client.CHAT))
        .header("x-route", route)
        .POST(BodyPublishers.ofString(Client.body("any"))));
  }

  private static String number(Answer answer) {
    return answer.response().headers().firstValue("x-change").orElse("");
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    writing = false;
    asking = false;
    writer.join();
    for (Thread client : clients) {
      client.join();
    }
  }
}
