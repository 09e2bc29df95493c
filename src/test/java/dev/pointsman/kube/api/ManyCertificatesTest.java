package dev.pointsman.kube.api;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pointsman.kube.api.StandInApiServer.Failure;
import dev.pointsman.model.CertificateRef;
import dev.pointsman.model.Diagnostic;
import dev.pointsman.model.Diagnostic.Reason;
import dev.pointsman.model.InferencePolicy;
import dev.pointsman.model.Parsed;
import dev.pointsman.model.PolicyParser;
import dev.pointsman.plan.PolicyPlanner;
import dev.pointsman.rig.Authority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A team whose policies name more certificates than anybody needs, beside one with a certificate. */
class ManyCertificatesTest extends StandInFixture {
  private static final String POLICIES = "/apis/pointsman.dev/v1alpha1/inferencepolicies";
  private static final String MINE = "/api/v1/namespaces/ml/secrets";
  private static final String CROWD = "/api/v1/namespaces/crowd/secrets";
  private static final CertificateRef MY_SECRET = new CertificateRef("Secret", "pods");
  private static final Failure REFUSED =
      new Failure(403, Integer.MAX_VALUE, Map.of(), "{\"message\": \"no\"}");

  /** Secrets that may not be read are asked for again and again, from each replica. */
  @Test
  void theOldestPoliciesHaveTheirCertificatesAndTheOthersAreTold() throws Exception {
    server.fail(CROWD, REFUSED);
    mine();
    for (int i = 0; i < 100; i++) {
      server.store(POLICIES, "crowd-" + i, policy(i));
    }
    run();
    await().atMost(SOON).until(() -> source.get().caCertificate("ml", MY_SECRET).isPresent());
    assertThat(secretsAsked()).hasSize(64).contains("s-0-0", "s-0-7", "s-7-7");
    assertThat(problems(7)).extracting(Diagnostic::reason).containsOnly(Reason.InvalidExtensionRef);
    assertThat(problems(8))
        .hasSize(8)
        .allSatisfy(problem -> assertThat(problem.reason()).isEqualTo(Reason.TooLarge))
        .first()
        .asString()
        .contains("Secret s-8-0", "at most 64", "no picker is trusted");

    await().atMost(SOON).until(() -> server.watching(POLICIES) == 1);
    server.delete(POLICIES, "crowd-0");
    await().atMost(SOON).until(() -> secretsAsked().contains("s-8-7"));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(problems(8))
            .extracting(Diagnostic::reason)
            .containsOnly(Reason.InvalidExtensionRef));
    assertThat(secretsAsked()).hasSize(72).doesNotContain("s-9-0");
  }

  /** As one whose data the API server can no longer decrypt. */
  @Test
  void theFirstSnapshotDoesNotWaitForACertificateThatCannotBeRead() throws Exception {
    server.fail(CROWD, new Failure(500, Integer.MAX_VALUE, Map.of(), "{\"message\": \"broken\"}"));
    server.store(POLICIES, "crowd", policy(0));
    run();
    await().atMost(SOON).until(source::synced);
    assertEndpoints("10.0.0.1");
  }

  /** A tenant that renames its certificates all the time, some of which are unread at each moment. */
  @Test
  void theFirstSnapshotDoesNotWaitForNamesThatChangeMeanwhile() throws Exception {
    server.fail(CROWD, new Failure(500, Integer.MAX_VALUE, Map.of(), "{\"message\": \"slow\"}"));
    server.store(POLICIES, "crowd", policy(0));
    run();
    await().atMost(SOON).until(() -> server.watching(POLICIES) == 1);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    for (int i = 1; !source.synced() && System.nanoTime() < end; i++) {
      server.put(POLICIES, "crowd", policy(i % 2 + 1).replace("p-" + (i % 2 + 1) + "\"", "p-0\""));
      Thread.sleep(50);
    }
    assertThat(source.synced()).isTrue();
    assertEndpoints("10.0.0.1");
  }

  @Test
  void theFirstSnapshotHasACertificateThatCanBeReadAtTheSecondAttempt() throws Exception {
    server.fail(MINE, new Failure(500, 2, Map.of(), "{\"message\": \"no leader\"}"));
    mine();
    run();
    await().atMost(SOON).until(source::synced);
    assertThat(source.get().caCertificate("ml", MY_SECRET)).isPresent();
  }

  @Test
  void aRefusedQueryIsRepeatedEverMoreSeldom() {
    RetryDelays delays = new RetryDelays();
    for (int longest : new int[] {5, 10, 20, 40, 60, 60, 60}) {
      assertThat(delays.afterRefusal())
          .isBetween(Duration.ofSeconds(longest).dividedBy(2), Duration.ofSeconds(longest));
    }
    delays.reset();
    assertThat(delays.afterRefusal()).isLessThanOrEqualTo(Duration.ofSeconds(5));
  }

  private Set<String> secretsAsked() {
    return server.requests().stream()
        .filter(request -> request.startsWith(CROWD))
        .map(request -> request.replaceAll(".*metadata.name=([^& ]*).*", "$1"))
        .collect(Collectors.toSet());
  }

  /** The problems that a translation or a status reports about the policy of that number. */
  private List<Diagnostic> problems(int number) {
    List<Diagnostic> problems = new ArrayList<>();
    Parsed<InferencePolicy> parsed =
        PolicyParser.parse(JsonMapper.shared().readTree(policy(number)));
    var _ = new PolicyPlanner(source.get(), problems::add)
        .plan("", List.of(), List.of(((Parsed.Valid<InferencePolicy>) parsed).value()));
    return problems;
  }

  private void mine() throws Exception {
    String pem = Authority.create("pods-ca").certificate();
    server.store(
        MINE, "pods", """
        {"metadata": {"name": "pods", "namespace": "ml", "resourceVersion": "VERSION"},
         "data": {"ca.crt": "%s"}}
        """.formatted(Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII))));
    server.store(POLICIES, "mine", policy("ml", "mine", "2026-11-22T10:00:00Z", List.of("pods")));
  }

  private static String policy(int number) {
    return policy(
        "crowd",
        "p-" + number,
        "2026-11-22T09:%02d:%02dZ".formatted(number / 60, number % 60),
        IntStream.range(0, 8).mapToObj(i -> "s-" + number + "-" + i).toList());
  }

  private static String policy(
      String namespace, String name, String created, List<String> secrets) {
    return """
        {"apiVersion": "pointsman.dev/v1alpha1", "kind": "InferencePolicy",
         "metadata": {"name": "%s", "namespace": "%s", "creationTimestamp": "%s",
                      "resourceVersion": "VERSION"},
         "spec": {"targetRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "none"}],
                  "endpointPicker": {"tls": {"mode": "Verify", "caCertificateRefs": [%s]}}}}
        """.formatted(
            name,
            namespace,
            created,
            secrets.stream()
                .map(secret -> "{\"kind\": \"Secret\", \"name\": \"" + secret + "\"}")
                .collect(Collectors.joining(", ")))
        .replace("\n", " ");
  }
}
