package dev.pointsman.e2e.kubernetes;

import dev.pointsman.e2e.kubernetes.RawHttpConnection.Reply;
import dev.pointsman.e2e.kubernetes.RawHttpConnection.Request;
import dev.pointsman.e2e.kubernetes.SteadyClients.Expectation;
import dev.pointsman.rig.Hostile;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Clients of the tenant evil, who use what its picker, pod and authorizer do to requests. */
final class HostileTraffic {
  /** The time that an unasked answer may take. */
  private static final int LATE_MS = 150;

  private static final List<Integer> SIZES = List.of(300, 5_000_000);

  private final TwoTenants tenants;
  private final Map<String, Map<String, Integer>> answers = new ConcurrentSkipListMap<>();

  HostileTraffic(TwoTenants tenants) {
    this.tenants = tenants;
  }

  /** Attacks with requests for the model that evil's pool serves. */
  List<String> forge(List<String> attacks, Duration time) throws InterruptedException {
    return forge("evil", attacks, time);
  }

  /** Tries attacks in turn for some time, with small and large bodies, chunked and not; says what evil has got. */
  List<String> forge(String model, List<String> attacks, Duration time)
      throws InterruptedException {
    Queue<String> got = new ConcurrentLinkedQueue<>();
    answers.clear();
    long end = System.nanoTime() + time.toNanos();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int size : SIZES) {
        for (boolean isChunked : new boolean[] {false, true}) {
          Request request = GoodRequests.chat("evil.example.com", model, size, isChunked);
          clients.submit(() -> {
            for (int i = 0; i < attacks.size() || System.nanoTime() < end; i++) {
              got.addAll(forge(attacks.get(i % attacks.size()), request));
            }
          });
        }
      }
    }
    answers.forEach(
        (attack, counts) -> System.out.println(attack + " was answered with " + counts));
    return got.stream().distinct().limit(6).toList();
  }

  /** One request of evil, and on the same connection, as behind a front proxy, one of good. */
  private List<String> forge(String attack, Request request) {
    String what =
        attack + ", " + request.body().length + " bytes" + (request.isChunked() ? ", chunked" : "");
    try (RawHttpConnection connection = tenants.connect()) {
      Reply reply = connection.ask(request.with(Hostile.ATTACK, attack));
      count(attack, reply.status() + " of \"" + reply.header("x-served-by") + "\"");
      if (reply.header("x-served-by").startsWith("good-")) {
        return List.of(what + ": answered by another's pod: " + reply);
      }
      String more = connection.unasked(LATE_MS);
      if (!more.isEmpty()) {
        return List.of(what + ": behind the answer " + reply.status() + ": " + more);
      }
      return reply.isLast() ? List.of() : asGood(connection, what);
    } catch (IOException e) {
      count(attack, e.toString()); // a broken answer is evil's own
      return List.of();
    }
  }

  private void count(String attack, String answer) {
    answers
        .computeIfAbsent(attack, _ -> new ConcurrentSkipListMap<>())
        .merge(answer, 1, Integer::sum);
  }

  private static List<String> asGood(RawHttpConnection connection, String what) {
    Expectation expectation = GoodRequests.served("good-chat", 300);
    try {
      Reply reply = connection.ask(GoodRequests.chat("chat.example.com", "chat", 300, false)
          .with(SteadyClients.TAG, "behind-evil"));
      String complaint = expectation.complaint(reply, "behind-evil");
      return complaint.isEmpty() ? List.of() : List.of(what + ", then good: " + complaint);
    } catch (IOException e) {
      return List.of(); // closed, which a front proxy sees
    }
  }

  /** Asks models of evil's in all ways; says which pods of others answered. */
  List<String> reach(String... models) throws IOException {
    List<String> got = new ArrayList<>();
    for (String model : models) {
      for (int size : SIZES) {
        for (boolean isChunked : new boolean[] {false, true}) {
          Reply reply = tenants.ask(GoodRequests.chat("evil.example.com", model, size, isChunked));
          if (reply.header("x-served-by").startsWith("good-") || reply.text().contains("good-")) {
            got.add(model + ", " + size + " bytes" + (isChunked ? ", chunked" : "") + ": " + reply);
          }
        }
      }
    }
    return got.stream().limit(6).toList();
  }
}
